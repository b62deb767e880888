"""No edition is missed without a word: it comes late, or stands among those that were passed over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import Interest, Often
from broadsheet.domain.subscription import DeliveryState
from broadsheet.store import deliveries, jobs, subscriptions
from broadsheet.store.models import Delivery, Edition, Job, Subscription
from broadsheet.store.subscriptions import Handle
from tests.jobs.test_digest_days import print_edition, subscribe

EIGHT = datetime(2026, 5, 20, 7, tzinfo=UTC)  # a Wednesday
A_DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def reader(often: Often = Often.DAILY, due_at: datetime = EIGHT, **more: Any) -> Subscription:
    row = subscribe("UTC", often, due_at)
    values = {"waits_since": EIGHT - 2 * A_DAY, "covered_until": date(2026, 5, 18), **more}
    Subscription.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    return row


def made(state: DeliveryState = DeliveryState.WAITING) -> list[int]:
    rows = Delivery.objects.filter(state=state).order_by("made_at", "start")
    return [row.start.day for row in rows]


def handle(row: Subscription) -> Handle:
    return Handle(row.pk, row.generation)


def close_unprinted(day: date) -> None:
    now = datetime.combine(day + A_DAY, datetime.min.time(), UTC)
    Edition.objects.create(kind=WindowKind.DAY, start=day, paper_count=1, formula="test", made_at=now)


def test_after_days_without_a_worker_what_was_passed_over_is_listed() -> None:
    reader()
    for day in range(15, 23):  # those up to the 18th it has had
        print_edition(date(2026, 5, day))

    for _ in range(2):
        deliveries.make_due(EIGHT + 3 * A_DAY)

    assert made() == [22]
    assert made(DeliveryState.EXPIRED) == [19, 20, 21]
    rows = Delivery.objects.filter(state=DeliveryState.EXPIRED)
    assert {row.answer for row in rows} == {deliveries.PASSED_OVER}
    assert all(row.closed_at for row in rows)
    assert not deliveries.claim(EIGHT + 3 * A_DAY, 10, 10)[1:]


def test_what_closed_before_a_reader_waited_for_it_is_not_missed() -> None:
    reader(covered_until=None, waits_since=datetime(2026, 5, 21, 12, tzinfo=UTC))
    for day in range(18, 23):
        print_edition(date(2026, 5, day))

    deliveries.make_due(EIGHT + 3 * A_DAY)

    assert (made(), made(DeliveryState.EXPIRED)) == ([22], [21])


def test_who_moves_from_evening_to_morning_in_the_afternoon_misses_nothing() -> None:
    evening = EIGHT.replace(hour=20)
    row = reader(due_at=evening)
    print_edition(date(2026, 5, 19))

    subscriptions.change(handle(row), Interest(often=Often.DAILY, hour=8), EIGHT.replace(hour=19))
    deliveries.make_due(evening)
    print_edition(date(2026, 5, 20))
    row.refresh_from_db()
    assert row.due_at == EIGHT.replace(day=21, hour=8)
    deliveries.make_due(row.due_at)

    assert (made(), made(DeliveryState.EXPIRED)) == ([19, 20], [])


def test_who_chooses_another_rhythm_begins_it_at_its_own_turn() -> None:
    row, now = reader(), EIGHT - timedelta(hours=1)

    subscriptions.change(handle(row), Interest(often=Often.WEEKLY), now)

    row.refresh_from_db()
    assert (row.due_at, row.waits_since) == (datetime(2026, 5, 25, 8, tzinfo=UTC), now)


@pytest.mark.parametrize("hours", [1.5, 22])
def test_an_edition_that_is_printed_hours_late_comes_when_it_is_there(hours: float) -> None:
    reader()
    print_edition(date(2026, 5, 18))
    close_unprinted(date(2026, 5, 19))
    assert deliveries.make_due(EIGHT + timedelta(hours=1)) == 0

    print_edition(date(2026, 5, 19))
    assert deliveries.make_due(EIGHT + timedelta(hours=hours)) == 1
    print_edition(date(2026, 5, 20))
    assert deliveries.make_due(EIGHT + A_DAY) == 1

    assert (made(), made(DeliveryState.EXPIRED)) == ([19, 20], [])


def test_nobody_waits_longer_than_until_the_next_hour() -> None:
    row = reader()
    print_edition(date(2026, 5, 18))
    close_unprinted(date(2026, 5, 19))

    deliveries.make_due(EIGHT + timedelta(hours=23))

    row.refresh_from_db()
    assert row.due_at == EIGHT + A_DAY


def test_the_newest_edition_on_demand_takes_none_of_those_that_are_owed() -> None:
    row = reader()
    Job.objects.create(name=jobs.MAIL, run_at=EIGHT)
    for day in (19, 20):
        print_edition(date(2026, 5, day))

    assert deliveries.make_now(handle(row), EIGHT + timedelta(hours=20))
    row.refresh_from_db()
    assert row.covered_until == date(2026, 5, 18)
    deliveries.make_due(EIGHT + A_DAY)

    assert (sorted(made()), made(DeliveryState.EXPIRED)) == ([19, 20], [])


def test_the_newest_edition_on_demand_covers_what_is_older_where_nothing_is_owed() -> None:
    row = reader(covered_until=None, waits_since=EIGHT + timedelta(hours=19))
    for day in (18, 19):
        print_edition(date(2026, 5, day))

    assert deliveries.make_now(handle(row), EIGHT + timedelta(hours=20))
    deliveries.make_due(EIGHT + A_DAY)

    assert (made(), made(DeliveryState.EXPIRED)) == ([19], [])


def test_a_clock_that_was_years_ahead_silences_nobody() -> None:
    row = reader()
    Subscription.objects.create(
        address="b@example.org",
        shown_address="b@example.org",
        state="active",
        interest={"zone": "Nowhere/Land"},
        asked_at=EIGHT,
        due_at=EIGHT + 4_000 * A_DAY,
    )
    print_edition(date(2026, 5, 18))
    deliveries.make_due(EIGHT + 3_650 * A_DAY)
    print_edition(date(2026, 5, 19))

    assert deliveries.make_due(EIGHT - timedelta(hours=1)) == 0
    row.refresh_from_db()
    assert row.due_at == EIGHT
    assert deliveries.make_due(EIGHT) == 1
    assert Subscription.objects.get(address="b@example.org").state == "paused"


def test_what_was_begun_or_put_off_by_such_a_clock_holds_no_mail_back() -> None:
    reader()
    print_edition(date(2026, 5, 19))
    deliveries.make_due(EIGHT)
    (one,) = deliveries.claim(EIGHT + 3_650 * A_DAY, 10, 1)
    assert deliveries.begin(one, "<a@b>", EIGHT + 3_650 * A_DAY)
    deliveries.close(one, deliveries.Closing(DeliveryState.WAITING), EIGHT)
    Delivery.objects.update(run_at=EIGHT + 3_650 * A_DAY)

    deliveries.settle_lost(EIGHT)

    assert len(deliveries.claim(EIGHT, 10, rate=1)) == 1


def test_who_goes_from_weekdays_to_every_day_loses_nothing_that_was_owed() -> None:
    row = reader(Often.WEEKDAYS)

    assert subscriptions.change(handle(row), Interest(often=Often.DAILY), EIGHT)

    row.refresh_from_db()
    assert row.waits_since == EIGHT - 2 * A_DAY
