"""Rounds of webhooks in which something takes long, or goes away meanwhile."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet import wiring
from broadsheet.domain.webhook import MATCH
from broadsheet.jobs.indexing import catch_up
from broadsheet.jobs.pushing import Room, push_due
from broadsheet.store import pushes, webhook_report, webhooks
from broadsheet.store.intake import take_in
from broadsheet.store.models import ChangeTime, Push
from broadsheet.store.pushes import Tried
from tests.deliver.conftest import keep, record
from tests.fakes.upstream import Upstream, run_upstream
from tests.fakes.webhooks import SITE, Hooked, answers, sender

pytestmark = pytest.mark.django_db


def take(hooked: Hooked, count: int) -> None:
    take_in([record(number) for number in range(1, count + 1)], now=hooked.clock.now())
    catch_up(wiring.words_index())


def asking(hooked: Hooked, followed: Callable[[datetime], int]) -> Room:
    return Room(sender(), hooked.clock, SITE, wiring.engines, followed)


def test_what_was_slow_to_find_is_sent_in_the_same_round() -> None:
    with run_upstream() as receiver:
        receiver.routes["/hook"] = lambda asked: answers(204)
        hooked = Hooked(receiver)
        hooked.add(every=MATCH, query="retrieval", most=3)
        take(hooked, 9)

        def slow(now: datetime) -> int:
            hooked.clock.at += timedelta(minutes=2)
            return wiring.followed(now)

        assert str(push_due(asking(hooked, slow), lambda: True)) == "3 made, 3 delivered"


def test_the_owner_is_told_of_a_search_that_cannot_be_asked() -> None:
    with run_upstream() as receiver:
        receiver.routes["/hook"] = lambda asked: answers(204)
        hooked = Hooked(receiver)
        hooked.add(every=MATCH, query="retrieval")
        take_in([record(1)], now=hooked.clock.now())
        ChangeTime.objects.update(at=hooked.clock.now())  # which the database writes by its own clock
        pushes_of = asking(hooked, wiring.followed)
        for wait in (timedelta(), timedelta(minutes=90)):
            hooked.clock.at += wait
            push_due(pushes_of, lambda: True)
            assert webhook_report.alarms(hooked.clock.now()) == []

        hooked.clock.at += timedelta(hours=1)
        push_due(pushes_of, lambda: True)
        (alarm,) = webhook_report.alarms(hooked.clock.now())
        assert alarm.startswith("The search of lab was not asked for two hours")

        catch_up(wiring.words_index())
        push_due(pushes_of, lambda: True)
        assert webhook_report.alarms(hooked.clock.now()) == []


def test_the_webhook_is_held_before_what_is_pushed_to_it() -> None:
    with run_upstream() as receiver:
        hooked = Hooked(receiver)
        keep([record(1)])
        pk = hooked.add()
        pushes.make_due(hooked.clock.now())
        now = hooked.clock.now()
        claimed = pushes.claim(now, 1)[0]
        for act in (
            lambda: pushes.close(claimed, Tried(False, "no"), now),
            lambda: webhooks.pause(pk) and webhooks.resume(pk, now),
            lambda: webhooks.skip(pk, now),
            lambda: webhooks.delete(pk),
        ):
            with CaptureQueriesContext(connection) as asked:
                assert act()
            written = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
            assert '"store_webhook"' in written[0], written[0]
    assert not Push.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway")
def test_an_owner_and_workers_at_once_neither_wait_for_each_other_nor_end_a_round() -> None:
    hooked, failed, over = Hooked(Upstream()), list[Exception](), time.monotonic() + 3
    keep([record(1)])
    now = hooked.clock.now()

    def again(act: Callable[[], object]) -> None:
        try:
            while time.monotonic() < over:
                act()
        except Exception as error:  # noqa: BLE001  (what a thread raises is judged below)
            failed.append(error)
        connection.close()

    def all_of(act: Callable[[int], object]) -> None:
        for line in webhooks.lines():
            act(line.pk)

    def tried() -> None:
        for one in pushes.claim(now, 9):
            pushes.close(one, Tried(False, "no", is_gone=True), now)

    acts: list[Callable[[], object]] = [
        lambda: hooked.add(str(time.monotonic())) if webhooks.count() < 9 else all_of(webhooks.delete),
        lambda: all_of(lambda pk: webhooks.resume(pk, now)),
        lambda: all_of(lambda pk: webhooks.skip(pk, now)),
        lambda: pushes.make_due(now),
        lambda: pushes.make_later(now + pushes.SETTLED),
        tried,
        tried,
    ]
    threads = [Thread(target=again, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert failed == []
