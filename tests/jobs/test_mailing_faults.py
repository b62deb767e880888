"""What a fault of one digest, or of our own server, leaves alone: the other digests, and the readers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet import wiring
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import agenda, mailing
from broadsheet.jobs.steps import StepFailed
from broadsheet.lib import address
from broadsheet.rank.found import Engines
from broadsheet.store import deliveries, subscriptions
from broadsheet.store.models import Delivery, Subscription
from tests.deliver.conftest import FRIDAY, keep, record
from tests.fakes.clock import FakeClock
from tests.fakes.mail import MailServer, run_mail_server
from tests.jobs.test_mailing import DAILY, SATURDAY_NOON, always, came_back, room, states, subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[MailServer]:
    keep(record(number) for number in range(1, 6))
    with run_mail_server() as running:
        yield running


def test_a_filters_opinion_of_a_mail_pauses_nobody(server: MailServer) -> None:
    subscription = subscribe("spam-1@example.org")
    came_back(subscription, 2)

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    subscription.refresh_from_db()
    assert (subscription.state, subscription.hard_bounces) == (SubscriptionState.ACTIVE, 2)
    assert Delivery.objects.get(start=FRIDAY).state == DeliveryState.REFUSED


def test_a_refusal_that_tells_nothing_of_the_address_ends_no_row(server: MailServer) -> None:
    subscription = subscribe("no-1@example.org")
    came_back(subscription, 3, "554 5.7.1 Blocked by a list")
    assert Subscription.objects.get().hard_bounces == 0
    Delivery.objects.filter(pk__in=Delivery.objects.order_by("start")[:2]).update(answer="550 5.1.1 No")
    Subscription.objects.update(hard_bounces=2)

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    assert Subscription.objects.get().trouble.startswith("Refused 3 times in a row")


@pytest.mark.parametrize("kind", ["relay", "limit"])
def test_what_our_own_server_will_not_carry_waits(server: MailServer, kind: str) -> None:
    for number in range(5):
        subscribe(f"{kind}-{number}@example.org")

    with pytest.raises(StepFailed, match=r"does not carry our mail: 55\d 5"):
        mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    assert states() == {DeliveryState.WAITING: 5}
    assert not Subscription.objects.exclude(hard_bounces=0).exists()


def test_a_digest_that_cannot_be_composed_keeps_no_other_waiting(server: MailServer) -> None:
    def broken() -> Engines:
        raise RuntimeError("the index\nis broken")

    for number in range(4):
        subscribe(f"ok-{number}@example.org", replace(DAILY, query="paper" if number == 1 else ""))
    clock, tried = FakeClock(SATURDAY_NOON), []
    for _ in range(3):
        mailing.send_due(room(server, clock, engines=broken), always)
        tried.append(Delivery.objects.get(subscription__address="ok-1@example.org").tries)
        clock.at += deliveries.FIRST_GAP

    assert len(server.taken) == 3
    bad = Delivery.objects.get(state=DeliveryState.WAITING)
    assert tried == [1, 2, 2]  # with growing gaps
    assert (bad.lease, bad.answer) == ("", "It could not be composed: RuntimeError: the index is broken")

    clock.at += timedelta(days=1)
    mailing.send_due(room(server, clock, engines=broken), always)
    assert Delivery.objects.get(pk=bad.pk).state == DeliveryState.EXPIRED


class Ticking(FakeClock):
    """A second goes by whenever somebody looks."""

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def test_a_long_round_ends_so_that_others_have_their_turn(server: MailServer) -> None:
    for number in range(120):
        subscribe(f"ok-{number}@example.org")
    clock = Ticking(SATURDAY_NOON)
    rounds: list[mailing.Report] = []

    while not rounds or rounds[-1].is_cut:
        rounds.append(mailing.send_due(room(server, clock), always))

    assert [one.states[DeliveryState.SENT] for one in rounds] == [50, 50, 20]
    assert [one.has_more for one in rounds] == [True, True, False]
    assert str(rounds[0]) == "120 made, 50 sent, more later"


def test_the_job_goes_on_with_letters_between_its_rounds(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "DATA": tmp_path, "MAIL_RATE": 1_000}
    monkeypatch.setattr(mailing, "ROUND", timedelta())
    monkeypatch.setattr(mailing, "BATCH", 2)
    keep(record(number) for number in range(1, 4))
    now = wiring.clock().now()
    for number in range(5):
        row = subscribe(f"{number}@example.org", due_at=None)
        Delivery.objects.create(subscription=row, kind="day", start=FRIDAY, run_at=now, made_at=now)
    asked: list[int] = []

    def goes_on() -> bool:
        """While the second mail is sent, somebody asks for a letter."""
        sent = Delivery.objects.filter(state=DeliveryState.SENT).count()
        if sent >= 2 and not asked:
            asked.append(sent)
            subscriptions.ask(address.read("ada@example.org"), DAILY, network="n", now=now)
        return True

    assert agenda.digest(goes_on) == "0 letters; 0 made, 5 sent"

    paths = sorted((tmp_path / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    names = [path.name.partition("-")[0] for path in paths]
    assert (len(names), names.index("letter")) == (6, 2)


def test_a_letter_that_our_server_does_not_carry_stops_no_digest(settings: Any, tmp_path: Path) -> None:
    keep(record(number) for number in range(1, 4))
    now = wiring.clock().now()
    row = subscribe("ok-1@example.org", due_at=None)
    Delivery.objects.create(subscription=row, kind="day", start=FRIDAY, run_at=now, made_at=now)
    subscriptions.ask(address.read("relay-1@example.org"), DAILY, network="n", now=now)

    with run_mail_server() as server:
        settings.OPTIONS = {**settings.OPTIONS, "DATA": tmp_path, "SMTP_URL": server.url}
        told = agenda.digest(lambda: True)

    assert server.taken == {"ok-1@example.org": 1}
    assert told.startswith("letters wait: ")


def test_deliveries_are_forgotten_after_half_a_year_but_open_ones() -> None:
    ages = {DeliveryState.SENT: 179, DeliveryState.REFUSED: 181, DeliveryState.WAITING: 181}
    for number, (state, days) in enumerate(ages.items()):
        at = SATURDAY_NOON - timedelta(days=days)
        row = subscribe(f"ok-{number}@example.org")
        Delivery.objects.create(subscription=row, kind="day", start=at, state=state, run_at=at, made_at=at)

    assert deliveries.tidy(SATURDAY_NOON) == 1
    assert set(states()) == {DeliveryState.SENT, DeliveryState.WAITING}
