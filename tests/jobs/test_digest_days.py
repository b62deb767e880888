"""A year of editions and a worker with a fake clock: each reader gets each edition once, on their own day."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.domain.edition import View, WindowKind
from broadsheet.domain.interest import Interest, Often
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store import deliveries
from broadsheet.store.models import Delivery, Edition, Subscription

ZONES = ("Pacific/Pago_Pago", "Asia/Kathmandu", "Pacific/Kiritimati", "Europe/Berlin", "America/New_York")
FIRST = date(2026, 1, 1)
HOUR = 7

pytestmark = pytest.mark.django_db


def print_edition(day: date, kind: WindowKind = WindowKind.DAY, at: datetime | None = None) -> None:
    Edition.objects.create(
        kind=kind,
        start=day,
        view=View.PRINTED,
        paper_count=1,
        formula="test",
        made_at=at or datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC),
    )


def subscribe(zone: str, often: Often, due_at: datetime) -> Subscription:
    return Subscription.objects.create(
        address=f"{zone}@example.org".lower(),
        shown_address="a@example.org",
        state=SubscriptionState.ACTIVE,
        interest=Interest(often=often, hour=HOUR, zone=zone).as_json(),
        asked_at=due_at,
        due_at=due_at,
    )


def moments_between(first: datetime, last: datetime) -> Iterator[datetime]:
    """When a worker that looks every minute finds somebody due."""
    while True:
        due = Subscription.objects.order_by("due_at").values_list("due_at", flat=True)[0]
        assert due is not None
        if due >= last:
            return
        yield max(due, first) + timedelta(seconds=40)


def test_each_reader_gets_each_days_edition_once_at_their_hour() -> None:
    for zone in ZONES:
        subscribe(zone, Often.DAILY, datetime(2026, 1, 2, tzinfo=UTC))
    day = FIRST
    while day.year == 2026:
        print_edition(day)
        day += timedelta(days=1)
        midnight = datetime.combine(day, datetime.min.time(), UTC)
        for now in moments_between(midnight, midnight + timedelta(days=1)):
            deliveries.make_due(now)

    for zone in ZONES:
        rows = list(
            Delivery.objects.filter(subscription__address__startswith=zone.lower()).order_by("made_at")
        )
        local = [row.made_at.astimezone(ZoneInfo(zone)) for row in rows]
        assert max(Counter(row.start for row in rows).values()) == 1
        assert max(Counter(moment.date() for moment in local).values()) == 1
        assert {row.start for row in rows} >= {FIRST + timedelta(days=n) for n in range(1, 364)}
        assert {moment.hour for moment in local[1:]} <= {HOUR, HOUR + 1}


def test_a_weekly_reader_gets_each_week_once() -> None:
    subscribe("Asia/Kathmandu", Often.WEEKLY, datetime(2026, 1, 5, tzinfo=UTC))
    now = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
    while now < datetime(2026, 3, 2, tzinfo=UTC):
        if now.weekday() == 0 and not now.hour:
            print_edition(now.date() - timedelta(days=7), WindowKind.WEEK)
        deliveries.make_due(now)
        now += timedelta(hours=1)

    starts = list(Delivery.objects.order_by("start").values_list("start", flat=True))
    assert starts == [date(2025, 12, 29) + timedelta(weeks=n) for n in range(8)]


def test_it_waits_for_an_edition_that_is_about_to_be_printed_but_not_for_ever() -> None:
    now = datetime(2026, 5, 23, 0, 0, 10, tzinfo=UTC)
    print_edition(date(2026, 5, 21))
    Edition.objects.create(
        kind=WindowKind.DAY, start=date(2026, 5, 22), paper_count=1, formula="test", made_at=now
    )
    subscription = subscribe("UTC", Often.DAILY, now)

    made = [deliveries.make_due(now), deliveries.make_due(now + timedelta(minutes=59))]
    print_edition(date(2026, 5, 22))
    made.append(deliveries.make_due(now + timedelta(minutes=60)))

    assert made == [0, 0, 1]
    assert Delivery.objects.get().start == date(2026, 5, 22)
    subscription.refresh_from_db()
    assert subscription.due_at == datetime(2026, 5, 23, HOUR, tzinfo=UTC)


def test_after_a_week_away_a_reader_gets_the_newest_edition_alone() -> None:
    for day in range(10, 21):
        print_edition(date(2026, 5, day))
    subscribe("UTC", Often.DAILY, datetime(2026, 5, 12, 7, tzinfo=UTC))

    for _ in range(3):
        deliveries.make_due(datetime(2026, 5, 21, 12, tzinfo=UTC))

    assert [row.start for row in Delivery.objects.all()] == [date(2026, 5, 20)]


def test_old_editions_are_no_news() -> None:
    print_edition(date(2026, 5, 1))
    subscribe("UTC", Often.DAILY, datetime(2026, 5, 21, 7, tzinfo=UTC))

    assert deliveries.make_due(datetime(2026, 5, 21, 12, tzinfo=UTC)) == 0


def test_an_interest_that_cannot_be_read_pauses_its_subscription_alone() -> None:
    print_edition(date(2026, 5, 20))
    due = datetime(2026, 5, 21, 7, tzinfo=UTC)
    bad, _ = subscribe("UTC", Often.DAILY, due), subscribe("Europe/Berlin", Often.DAILY, due)
    Subscription.objects.filter(pk=bad.pk).update(interest={"zone": "Nowhere/Land"})

    assert deliveries.make_due(due) == 1
    bad.refresh_from_db()
    assert (bad.state, bad.due_at) == (SubscriptionState.PAUSED, None)
    assert "Nowhere/Land" in bad.trouble


def test_an_answer_that_comes_after_the_lease_still_counts() -> None:
    print_edition(date(2026, 5, 20))
    now = datetime(2026, 5, 21, 7, tzinfo=UTC)
    subscribe("UTC", Often.DAILY, now)
    deliveries.make_due(now)
    (one,) = deliveries.claim(now, 5, 100)
    deliveries.begin(one, "<a@b>", now)
    deliveries.settle_lost(now + deliveries.LEASE)

    assert deliveries.close(one, deliveries.Closing(DeliveryState.SENT, "250 OK"), now + deliveries.LEASE)
    assert Delivery.objects.get().state == DeliveryState.SENT
