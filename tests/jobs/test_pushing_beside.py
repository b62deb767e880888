"""A receiver that hangs keeps no other job waiting, in a worker with a database of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.upstream import Answer, run_upstream
from tests.jobs.test_pushing_killed import PREPARE
from tests.sites import ROOT, own_site

BESIDE = """
import threading, time
import django
django.setup()
from broadsheet import wiring
from broadsheet.jobs import agenda, schedule
from broadsheet.jobs.worker import Worker
from broadsheet.store.models import Job, Push

def waited_for(held):
    deadline = time.monotonic() + 20
    while not held() and time.monotonic() < deadline:
        time.sleep(0.05)
    return held()

def watch():
    hangs = waited_for(Push.objects.exclude(body="").exists)
    Job.objects.filter(name="upkeep").update(run_at=wiring.clock().now(), lease="")
    later = waited_for(Job.objects.filter(name="upkeep", succeeded_at__gt=wiring.clock().now()).exists)
    print("hangs" if hangs else "does not hang", "upkeep went on" if later else "upkeep waited")
    worker.stop.set()

worker = Worker(agenda.steps(), schedule.next_run, wiring.clock(), ("upkeep",))
threading.Thread(target=watch).start()
worker.run_with(("webhooks",))
print(Push.objects.filter(state="waiting").count())
"""


@pytest.mark.slow
def test_nothing_waits_for_a_receiver_that_hangs_and_it_keeps_no_worker_from_ending(tmp_path: Path) -> None:
    with run_upstream() as upstream, own_site(tmp_path) as env:
        upstream.routes["/hook"] = lambda asked: Answer(b"x" * 99, drip_s=9)
        told = env | {"BROADSHEET_WEBHOOK_HOSTS": "127.0.0.1"}
        for code, words in ((PREPARE, (upstream.url, "1", "1")), (BESIDE, ())):
            done = subprocess.run(
                [sys.executable, "-c", code, *words],
                env=told, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip

    assert done.stdout.splitlines() == ["hangs upkeep went on", "1"], done.stderr
