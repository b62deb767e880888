"""What a fault of one digest, or of our own server, leaves alone: the other digests, and the readers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import mailing
from broadsheet.jobs.steps import StepFailed
from broadsheet.rank.found import Engines
from broadsheet.store import deliveries
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
