"""Whoever falls again and again is started again ever later; whoever does not stop is killed."""

import sys
import time

import pytest

from broadsheet.cli import supervise
from broadsheet.cli.supervise import Child, Supervisor

pytestmark = pytest.mark.slow
SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
FALLS = [sys.executable, "-c", "raise SystemExit(3)"]


def test_each_fall_waits_twice_as_long() -> None:
    child = Child("web", FALLS)
    waits = []

    for _ in range(8):
        child.started_s = time.monotonic()
        waits.append(child.plan_restart())

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_fall_after_a_long_life_waits_a_second() -> None:
    child = Child("web", FALLS, falls=6)
    child.started_s = time.monotonic() - 2 * supervise.LIVED_WELL_S

    assert child.plan_restart() == 1


def test_how_a_child_ended_is_said() -> None:
    said: list[str] = []
    supervisor = Supervisor([Child("web", FALLS)], said.append)
    supervisor.start()
    process = supervisor.children[0].process
    assert process is not None
    process.wait(timeout=30)

    supervisor.tend()

    assert said == ["The web process ended (exit code 3); it is started again in 1 s."]


def test_all_children_end_and_one_that_had_fallen_does_not_matter() -> None:
    sleeping, fallen = Child("web", SLEEPS), Child("worker", FALLS)
    supervisor = Supervisor([sleeping, fallen], print)
    supervisor.start()
    processes = [child.process for child in supervisor.children]

    supervisor.end()

    assert all(process is not None and process.poll() is not None for process in processes)
