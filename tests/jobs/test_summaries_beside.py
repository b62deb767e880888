"""A slow endpoint keeps nothing else waiting, in a worker with a database of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.model import said
from tests.fakes.upstream import Answer, run_upstream
from tests.sites import ROOT, own_site

BESIDE = """
import threading, time
import django
django.setup()
from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.jobs import agenda, schedule
from broadsheet.jobs.worker import Worker
from broadsheet.store.models import Job, Reading, SourceState, WrittenLine
from tests.jobs.test_summaries import take

def waited_for(held):
    deadline = time.monotonic() + 20
    while not held() and time.monotonic() < deadline:
        time.sleep(0.05)
    return held()

def watch():
    asked = waited_for(SourceState.objects.filter(name="summaries", asked_at__isnull=False).exists)
    Job.objects.filter(name="upkeep").update(run_at=wiring.clock().now(), lease="")
    later = waited_for(Job.objects.filter(name="upkeep", succeeded_at__gt=wiring.clock().now()).exists)
    print("asked" if asked else "not asked", "upkeep went on" if later else "upkeep waited")
    worker.stop.set()

prepare.migrate()
take(1)
worker = Worker(agenda.steps(), schedule.next_run, wiring.clock(), ("upkeep",))
threading.Thread(target=watch).start()
worker.run_with(("summaries",))
print(WrittenLine.objects.count(), SourceState.objects.get(name="summaries").progress["used"])
"""


@pytest.mark.slow
def test_nothing_waits_for_a_slow_endpoint_and_it_keeps_no_worker_from_ending(tmp_path: Path) -> None:
    with run_upstream() as upstream, own_site(tmp_path) as env:
        upstream.routes["/v1"] = lambda asked: Answer(said("QuickNet sorts lists."), drip_s=30)
        told = {"SUMMARY_URL": f"{upstream.url}/v1", "SUMMARY_MODEL": "small-1", "OFFLINE": "no"}
        done = subprocess.run(
            [sys.executable, "-c", BESIDE],
            env=env | {f"BROADSHEET_{name}": value for name, value in told.items()},
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert done.stdout.splitlines() == ["asked upkeep went on", "0 1"], done.stderr
