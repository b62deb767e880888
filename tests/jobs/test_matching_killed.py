"""Workers that follow saved searches are killed at random moments: each match is told, and once."""

import random
import time
from pathlib import Path

import orjson
import pytest

from tests.fakes.upstream import Answer, Asked, run_upstream
from tests.jobs.test_pushing_killed import run
from tests.sites import own_site

HOOKS, ROUNDS, A_ROUND = 4, 10, 5

PREPARE = """
import sys
import django
django.setup()
from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.domain.interest import Interest
from broadsheet.domain.webhook import MATCH, Form, Target
from broadsheet.lib.standard_webhooks import new_secret
from broadsheet.store import webhooks

prepare.migrate()
for number in range(int(sys.argv[2])):
    target = Target(Form.JSON, f"{sys.argv[1]}/hook/{number}", secret=new_secret())
    chosen = Interest(query="retrieval", most=50)
    webhooks.make(f"hook {number}", target, MATCH, chosen, wiring.clock().now())
"""

WORK = """
import sys
import django
django.setup()
from dataclasses import replace
from datetime import timedelta
from broadsheet import wiring
from broadsheet.jobs import agenda, pushing
from broadsheet.jobs.indexing import catch_up
from broadsheet.lib.clock import SystemClock
from broadsheet.store.intake import take_in
from broadsheet.store.models import Push
from tests.deliver.conftest import record

number, papers = int(sys.argv[1]), int(sys.argv[2])

class Later(SystemClock):
    def now(self):
        return super().now() + timedelta(minutes=70 * number)

now = SystemClock().now()
dated = {"submitted_at": now - timedelta(days=1), "listings": (), "signals": ()}
take_in([record(n, **dated) for n in range(1, papers + 1)], now=now)
catch_up(wiring.words_index())
print("begun", flush=True)
pushing.push_due(replace(agenda.push_room(), clock=Later()), lambda: True)
print(Push.objects.filter(state="waiting").count())
"""


class Receiver:
    """Takes its time, and refuses now and then; notes what each message told."""

    def __init__(self) -> None:
        self.random = random.Random(7)
        self.taken: dict[str, dict[str, list[str]]] = {}

    def __call__(self, asked: Asked) -> Answer:
        time.sleep(self.random.random() * 0.05)
        if self.random.random() < 0.1:
            return Answer(status=503)
        told = [paper["id"] for paper in orjson.loads(asked.body)["data"]["papers"]]
        self.taken.setdefault(asked.path, {})[str(asked.headers["webhook-id"])] = told
        return Answer()


@pytest.mark.slow
def test_killed_workers_tell_each_match_once(tmp_path: Path) -> None:
    chance, receiver = random.Random(11), Receiver()
    with run_upstream() as upstream, own_site(tmp_path) as env:
        upstream.routes["/hook"] = receiver
        told = env | {"BROADSHEET_WEBHOOK_HOSTS": "127.0.0.1"}
        run(told, PREPARE, upstream.url, str(HOOKS)).communicate(timeout=60)
        for number in range(ROUNDS):
            worker = run(told, WORK, str(number), str((number + 1) * A_ROUND))
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(chance.random() * 0.8)
            worker.kill()
            worker.communicate()
        for number in range(ROUNDS, ROUNDS + 12):
            left = run(told, WORK, str(number), str(ROUNDS * A_ROUND)).communicate(timeout=60)[0].split()
            if left[-1] == "0" and number > ROUNDS + 2:
                break

    expected = sorted(f"2605.{number:05}" for number in range(1, ROUNDS * A_ROUND + 1))
    assert len(receiver.taken) == HOOKS
    for messages in receiver.taken.values():
        assert sorted(paper for papers in messages.values() for paper in papers) == expected
