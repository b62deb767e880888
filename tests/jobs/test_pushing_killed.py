"""Workers that push are killed at random moments: nothing is lost, nothing out of order, ids stay."""

import random
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from tests.fakes.upstream import Answer, Asked, Upstream, run_upstream
from tests.sites import ROOT, own_site

HOOKS, DAYS, KILLS = 5, 6, 12

PREPARE = """
import sys
import django
django.setup()
from datetime import UTC, datetime, timedelta
from broadsheet.cli import prepare
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import Interest
from broadsheet.domain.paper import Listing, ListingKind
from broadsheet.domain.webhook import Form, Target
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.lib.standard_webhooks import new_secret
from broadsheet.store import webhooks
from broadsheet.store.intake import take_in
from tests.deliver.conftest import record

prepare.migrate()
url, hooks, days = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
now = datetime.now(UTC)
listed = lambda day: (Listing("sample", day, ListingKind.DAILY),)
papers = [record(n, listings=listed(now.date() - timedelta(days=n)), signals=()) for n in range(1, days + 1)]
take_in(papers, now=now)
refresh_editions(now=now)
for number in range(hooks):
    target = Target(Form.JSON, f"{url}/hook/{number}", secret=new_secret())
    webhooks.make(f"hook {number}", target, WindowKind.DAY, Interest(), now - timedelta(days=days))
"""

WORK = """
import sys
import django
django.setup()
from datetime import timedelta
from broadsheet.jobs import agenda, pushing
from broadsheet.lib.clock import SystemClock
from dataclasses import replace
from broadsheet.store.models import Push

class Later(SystemClock):
    def now(self):
        return super().now() + timedelta(minutes=6 * int(sys.argv[1]))

room = replace(agenda.push_room(), clock=Later())
pushing.push_due(room, lambda: True)
print(Push.objects.filter(state="waiting").count(), Push.objects.filter(state="delivered").count())
"""


class Receiver:
    """Takes its time, and refuses now and then."""

    def __init__(self) -> None:
        self.random = random.Random(7)
        self.taken: dict[str, list[tuple[str, str]]] = {}
        self.ids: dict[tuple[str, str], set[str]] = {}

    def __call__(self, asked: Asked) -> Answer:
        slug = orjson.loads(asked.body)["data"]["edition"]["slug"]
        message_id = str(asked.headers["webhook-id"])
        self.ids.setdefault((asked.path, slug), set()).add(message_id)
        time.sleep(self.random.random() * 0.05)
        if self.random.random() < 0.1:
            return Answer(status=503)
        self.taken.setdefault(asked.path, []).append((slug, message_id))
        return Answer()


def run(env: dict[str, str], code: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE
    )


def site(env: dict[str, str], upstream: Upstream) -> dict[str, str]:
    told = env | {"BROADSHEET_WEBHOOK_HOSTS": "127.0.0.1"}
    prepared = run(told, PREPARE, upstream.url, str(HOOKS), str(DAYS))
    prepared.communicate(timeout=60)
    assert prepared.returncode == 0
    return told


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_keep_the_order(tmp_path: Path) -> None:
    chance, receiver = random.Random(11), Receiver()
    with run_upstream() as upstream, own_site(tmp_path) as env:
        upstream.routes["/hook"] = receiver
        told = site(env, upstream)
        for number in range(KILLS):
            worker = run(told, WORK, str(number))
            while not upstream.requests and worker.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.random() * 0.25)
            worker.kill()
            worker.communicate()
            upstream.requests.clear()
        left = "1 0"
        for number in range(KILLS, KILLS + 60):
            if left.startswith("0 "):
                break
            left = run(told, WORK, str(number)).communicate(timeout=60)[0]

    days = sorted({slug for _, slug in receiver.ids})
    assert left.split() == ["0", str(HOOKS * DAYS)]
    assert len(days) == DAYS
    assert all(len(ids) == 1 for ids in receiver.ids.values())
    for taken in receiver.taken.values():
        assert [slug for slug, _ in taken] == sorted(slug for slug, _ in taken)
        assert sorted({slug for slug, _ in taken}) == days
