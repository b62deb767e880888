"""The worker goes on whatever a job does, keeps its lease while it works, and stops when asked."""

import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.jobs.steps import StepFailed, Stopped
from broadsheet.jobs.stopping import Interrupted
from broadsheet.jobs.worker import GoesOn, Worker
from broadsheet.lib.http import UpstreamError
from broadsheet.store import jobs
from broadsheet.store.models import Job
from tests.fakes.clock import FakeClock
from tests.sites import ROOT, own_site

pytestmark = pytest.mark.django_db


def in_an_hour(name: str, now: datetime) -> datetime:
    return now + timedelta(hours=1)


def worker_with(step: Callable[[GoesOn], str]) -> Worker:
    clock = FakeClock()
    jobs.ensure(["feed"], clock.now())
    return Worker({"feed": step}, in_an_hour, clock)


def failing(error: BaseException) -> Callable[[GoesOn], str]:
    def step(_: GoesOn) -> str:
        raise error

    return step


def test_a_job_that_is_done_comes_again_by_the_schedule() -> None:
    worker = worker_with(lambda _: "12 added")

    assert worker.run_one()

    row = Job.objects.get()
    assert (row.result, row.lease) == ("12 added", "")
    assert row.run_at == worker.clock.now() + timedelta(hours=1)
    assert not worker.run_one()


def test_whatever_a_job_raises_it_is_noted_and_put_off() -> None:
    worker = worker_with(failing(ZeroDivisionError("by nothing")))

    assert worker.run_one()

    row = Job.objects.get()
    assert (row.last_error, row.tries, row.lease) == ("ZeroDivisionError: by nothing", 1, "")
    assert row.run_at > worker.clock.now() + timedelta(minutes=1)


def test_an_upstream_that_asked_for_an_hour_is_left_alone_for_an_hour() -> None:
    busy = UpstreamError("https://example.org/", "is busy", "Wait.", timedelta(hours=1))
    worker = worker_with(failing(busy))

    worker.run_one()

    assert Job.objects.get().run_at >= worker.clock.now() + timedelta(hours=1)


def test_an_expected_failure_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        worker_with(failing(StepFailed("the format has changed"))).run_one()

    (record,) = caplog.records
    assert record.getMessage() == "feed failed: the format has changed"
    assert record.exc_info is None


@pytest.mark.parametrize("end", [Stopped("half-way"), Interrupted()])
def test_a_job_stopped_half_way_is_due_again_at_once(end: BaseException) -> None:
    worker = worker_with(failing(end))

    worker.run_one()

    row = Job.objects.get()
    assert (row.run_at, row.tries, row.last_error) == (worker.clock.now(), 0, "")


def test_a_step_is_told_when_the_worker_is_to_stop() -> None:
    told: list[bool] = []

    def step(goes_on: GoesOn) -> str:
        told.append(goes_on())
        worker.stop.set()
        told.append(goes_on())
        return "done"

    worker = worker_with(step)
    worker.run()

    assert told == [True, False]
    assert Job.objects.get().result == "done"


def test_a_worker_makes_the_jobs_it_has_steps_for() -> None:
    def step(_: GoesOn) -> str:
        worker.stop.set()
        return "done"

    worker = Worker({"feed": step}, in_an_hour, FakeClock())

    worker.run()

    assert list(Job.objects.values_list("name", "result")) == [("feed", "done")]


def test_a_worker_for_some_jobs_leaves_the_others_to_others() -> None:
    ran: list[str] = []

    def step(name: str) -> Callable[[GoesOn], str]:
        return lambda _: ran.append(name) or "done"  # type: ignore[func-returns-value]

    steps, clock = {"feed": step("feed"), "digest": step("digest")}, FakeClock()
    post = Worker(steps, in_an_hour, clock, ("digest",))
    post._make_ready()

    assert [post.run_one(), post.run_one()] == [True, False]
    assert ran == ["digest"]
    assert Worker(steps, in_an_hour, clock, ("feed",)).run_one()
    assert ran == ["digest", "feed"]


LONG_STEP = """
import django
django.setup()
import time
from broadsheet.cli import prepare
from broadsheet.jobs.worker import Worker
from broadsheet.lib.clock import SystemClock
from broadsheet.store import jobs
from broadsheet.store.models import Job

def step(goes_on):
    first = Job.objects.get().run_at
    deadline = time.monotonic() + 10
    while Job.objects.get().run_at == first and time.monotonic() < deadline:
        time.sleep(0.02)
    renewed = Job.objects.get().run_at > first
    Job.objects.update(lease="another worker's")
    while goes_on() and time.monotonic() < deadline:
        time.sleep(0.02)
    print("renewed" if renewed else "not renewed", "told" if not goes_on() else "not told")
    return "late"

prepare.migrate()
jobs.ensure(["long"], SystemClock().now())
Worker({"long": step}, lambda name, now: now, SystemClock(), beat_s=0.05).run_one()
print(repr(Job.objects.get().result))
"""


@pytest.mark.slow
def test_a_long_step_keeps_its_lease_and_is_told_when_it_lost_it(tmp_path: Path) -> None:
    with own_site(tmp_path) as env:
        done = subprocess.run(
            [sys.executable, "-c", LONG_STEP],
            env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert done.stdout.splitlines() == ["renewed told", "''"], done.stderr
