"""When the owner is told that digests did not leave, and when there is nothing to tell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from broadsheet.domain.edition import View, WindowKind
from broadsheet.domain.interest import Interest, Often
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store.delivery_report import alarms, delivery_report
from broadsheet.store.models import Delivery, Edition, Subscription

NOW = datetime(2026, 5, 23, 12, tzinfo=UTC)  # a Saturday
FRIDAY = date(2026, 5, 22)
SILENT = ["Nothing was sent of Friday 22 May 2026."]
UNMADE = ["No digest was made of Friday 22 May 2026."]

pytestmark = pytest.mark.django_db


def reader(often: Often = Often.DAILY, **more: Any) -> Subscription:
    values = {
        "state": SubscriptionState.ACTIVE,
        "interest": Interest(often=often).as_json(),
        "due_at": NOW + timedelta(days=90),
        "waits_since": NOW - timedelta(days=30),
    }
    address = f"{Subscription.objects.count()}@example.org"
    return Subscription.objects.create(
        **{"address": address, "shown_address": address, "asked_at": NOW, **values, **more}
    )


def delivery(state: DeliveryState, made_at: datetime = NOW, **more: Any) -> Delivery:
    subscription = more.pop("subscription", None) or reader()
    values = {"subscription": subscription, "kind": WindowKind.DAY, "start": FRIDAY, "state": state}
    moments = {"run_at": made_at, "made_at": made_at, "begun_at": made_at}
    return Delivery.objects.create(**(values | moments | more))


def print_edition(start: date = FRIDAY, kind: WindowKind = WindowKind.DAY) -> None:
    Edition.objects.create(kind=kind, start=start, view=View.PRINTED, paper_count=3, made_at=NOW, formula="t")


@pytest.mark.parametrize("state", set(DeliveryState) - {DeliveryState.SENT, DeliveryState.EMPTY})
def test_an_edition_of_which_nothing_was_sent_is_told_after_two_hours(state: DeliveryState) -> None:
    delivery(state)
    delivery(DeliveryState.EMPTY)
    delivery(state, NOW + timedelta(hours=2))  # of a reader whose hour is later: it counts from the first

    assert alarms(NOW + timedelta(minutes=119)) == []
    assert alarms(NOW + timedelta(minutes=121)) == SILENT


def test_one_that_was_sent_is_enough_and_one_that_was_empty_is_no_fault() -> None:
    delivery(DeliveryState.EMPTY)
    assert alarms(NOW + timedelta(hours=5)) == []

    delivery(DeliveryState.REFUSED)
    assert alarms(NOW + timedelta(hours=5)) == SILENT

    delivery(DeliveryState.SENT)
    assert alarms(NOW + timedelta(hours=5)) == []


def test_who_left_before_their_turn_waits_for_nothing() -> None:
    left = reader(state=SubscriptionState.ENDED)
    delivery(DeliveryState.WAITING, subscription=left, begun_at=None)

    assert alarms(NOW + timedelta(hours=5)) == []


def test_an_edition_of_which_no_digest_was_made_is_told_when_all_hours_have_passed() -> None:
    reader()
    print_edition()

    assert alarms(NOW + timedelta(hours=14)) == []
    assert alarms(NOW + timedelta(hours=16)) == UNMADE
    assert alarms(NOW + timedelta(days=20)) == []  # no news any more


@pytest.mark.parametrize(
    "more",
    [
        {"waits_since": datetime(2026, 5, 23, 1, tzinfo=UTC)},  # since the edition had closed
        {"state": SubscriptionState.PAUSED, "due_at": None},
        {"often": Often.WEEKLY},
    ],
)
def test_no_digest_is_missed_by_who_does_not_wait_for_it(more: dict[str, Any]) -> None:
    reader(**more)
    print_edition()

    assert alarms(NOW + timedelta(days=5)) == []


def test_who_reads_on_weekdays_waits_for_no_saturday_and_for_friday_until_monday() -> None:
    reader(Often.WEEKDAYS)
    print_edition()
    print_edition(FRIDAY + timedelta(days=1))

    assert alarms(NOW + timedelta(days=2)) == []
    assert alarms(NOW + timedelta(days=3)) == UNMADE


def test_a_job_that_does_not_run_is_told_by_who_is_overdue() -> None:
    reader(due_at=NOW)

    told = ["1 digest is overdue: the job `digest` or `upkeep` does not run."]
    assert alarms(NOW + timedelta(hours=3)) == told


@pytest.mark.parametrize(
    ("missing", "sent", "told"),
    [
        (3, 27, []),  # a tenth
        (3, 26, ["3 of 29 digests of Friday 22 May 2026 did not arrive for sure."]),
        (2, 1, []),  # too few to tell of more than two readers
    ],
)
def test_a_large_share_that_did_not_arrive_is_told(missing: int, sent: int, told: list[str]) -> None:
    states = (DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.EXPIRED)
    for number in range(missing):
        delivery(states[number])
    for _ in range(sent):
        delivery(DeliveryState.SENT)
    for _ in range(20):
        delivery(DeliveryState.EMPTY)
        delivery(DeliveryState.WAITING, subscription=reader(state=SubscriptionState.ENDED), begun_at=None)

    assert alarms(NOW) == told
    assert alarms(NOW + timedelta(days=8)) == []


def test_troubles_that_are_not_named_are_counted() -> None:
    for _ in range(3):
        delivery(DeliveryState.REFUSED)

    report = delivery_report(NOW, most=2)

    assert (len(report.troubles), report.trouble_count) == (2, 3)
    assert len(delivery_report(NOW, most=None).troubles) == 3
