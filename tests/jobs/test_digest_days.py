"""A year of editions and a worker with a fake clock: each reader gets each edition once, on their own day."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadsheet.deliver.email.post import Outbox
from broadsheet.domain.edition import View, Window, WindowKind
from broadsheet.domain.interest import Interest, Often
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import mailing
from broadsheet.store import deliveries
from broadsheet.store.models import Delivery, Edition, Paper, Place, Subscription
from tests.deliver.conftest import keep, record
from tests.fakes.clock import FakeClock

ZONES = ("Pacific/Pago_Pago", "Asia/Kathmandu", "Pacific/Kiritimati", "Europe/Berlin", "America/New_York")
FIRST = date(2026, 1, 1)
HOUR = 7

pytestmark = pytest.mark.django_db


def print_edition(day: date, kind: WindowKind = WindowKind.DAY, at: datetime | None = None) -> None:
    made_at = at or datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    Edition.objects.create(
        kind=kind,
        start=day,
        view=View.PRINTED,
        paper_count=1,
        formula="test",
        made_at=made_at,
        inputs={"printed_at": made_at.isoformat()},
    )


def address_of(zone: str, often: Often, hour: int = HOUR) -> str:
    return f"{zone}-{often}-{hour}@example.org".lower()


def subscribe(zone: str, often: Often, due_at: datetime, hour: int = HOUR) -> Subscription:
    return Subscription.objects.create(
        address=address_of(zone, often, hour),
        shown_address="a@example.org",
        state=SubscriptionState.ACTIVE,
        interest=Interest(often=often, hour=hour, zone=zone).as_json(),
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


@pytest.mark.slow
def test_each_reader_gets_each_edition_of_a_year_once_on_their_day_at_their_hour() -> None:
    readers = [(zone, often, hour) for zone in ZONES for often in Often for hour in (HOUR, 23)]
    for zone, often, hour in readers:
        subscribe(zone, often, datetime(2026, 1, 2, tzinfo=UTC), hour)
    for midnight in midnights(FIRST, date(2027, 1, 1)):
        for now in moments_between(midnight, midnight + timedelta(days=1)):
            deliveries.make_due(now)

    for zone, often, hour in readers:
        rows = list(
            Delivery.objects.filter(subscription__address=address_of(zone, often, hour)).order_by("made_at")
        )
        local = [row.made_at.astimezone(ZoneInfo(zone)) for row in rows]
        starts = [row.start for row in rows]
        assert starts == sorted(set(starts)), (zone, often)
        assert set(starts) >= set(wanted(often)), (zone, often)
        assert max(Counter(moment.date() for moment in local).values()) == 1
        assert {moment.hour for moment in local[1:]} == {hour}
        assert {moment.weekday() for moment in local[1:]} <= LOCAL_DAYS[often]
        gaps = [row.made_at - midnight_after(row) for row in rows[1:]]
        assert max(gaps) <= LONGEST_GAP[often], (zone, often, max(gaps))


LOCAL_DAYS = {Often.DAILY: set(range(7)), Often.WEEKDAYS: set(range(5)), Often.WEEKLY: {0, 1}}
LONGEST_GAP = {  # between the end of a window and its digest
    Often.DAILY: timedelta(hours=25),
    Often.WEEKDAYS: timedelta(hours=73),
    Often.WEEKLY: timedelta(hours=36),
}


def midnights(first: date, last: date) -> Iterator[datetime]:
    """Each midnight UTC, with the editions printed that end there: weekends have some, too."""
    day = first
    while day < last:
        print_edition(day)
        day += timedelta(days=1)
        if not day.weekday():
            print_edition(day - timedelta(days=7), WindowKind.WEEK)
        yield datetime.combine(day, datetime.min.time(), UTC)


def wanted(often: Often) -> list[date]:
    """What a year has for such a reader, but for its last days."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(360)]
    if often is Often.WEEKLY:
        return [day for day in days[:350] if not day.weekday()]
    return [day for day in days if often is Often.DAILY or day.weekday() < 5]


def midnight_after(row: Delivery) -> datetime:
    end = Window(WindowKind(row.kind), row.start).end
    return datetime.combine(end, datetime.min.time(), UTC)


@pytest.mark.slow
def test_digests_leave_once_a_day_across_both_changes_to_summer_time(tmp_path: Path) -> None:
    keep([record(1)])
    (paper,) = Paper.objects.values_list("pk", flat=True)
    Edition.objects.all().delete()
    clock = FakeClock()
    room = mailing.Room(
        post=lambda: Outbox(tmp_path), clock=clock, site_url="https://a.example", domain="a.example",
        sender="digest@a.example", rate=100,
    )  # fmt: skip
    for zone in ZONES:
        for often in (Often.DAILY, Often.WEEKDAYS):
            subscribe(zone, often, datetime(2026, 3, 2, tzinfo=UTC))
    for midnight in midnights(date(2026, 3, 1), date(2026, 4, 4)):  # 8 March in America, 29 March in Europe
        for edition in Edition.objects.filter(places=None):
            Place.objects.create(edition=edition, rank=1, paper_id=paper, score=1.0)
        for clock.at in moments_between(midnight, midnight + timedelta(days=1)):
            mailing.send_due(room, lambda: True)

    names = Counter(path.name for path in tmp_path.iterdir())
    assert len(names) == Delivery.objects.filter(state=DeliveryState.SENT).count() == Delivery.objects.count()
    for zone in ZONES:
        for often, least in ((Often.DAILY, 32), (Often.WEEKDAYS, 23)):
            rows = Delivery.objects.filter(subscription__address=address_of(zone, often)).order_by("start")
            days = [row.start for row in rows if row.start > date(2026, 3, 1)]
            expected = [
                day for day in map(date.fromordinal, range(days[0].toordinal(), days[-1].toordinal() + 1))
            ]
            assert days == [day for day in expected if often is Often.DAILY or day.weekday() < 5]
            assert len(days) >= least, (zone, often, len(days))


def test_friday_comes_on_monday_though_the_weekend_had_editions_too() -> None:
    for day in (22, 23, 24):  # Friday to Sunday
        print_edition(date(2026, 5, day))
    subscribe("UTC", Often.WEEKDAYS, datetime(2026, 5, 25, HOUR, tzinfo=UTC))
    subscribe("UTC", Often.DAILY, datetime(2026, 5, 25, HOUR, tzinfo=UTC))

    deliveries.make_due(datetime(2026, 5, 25, HOUR, tzinfo=UTC))

    starts = Delivery.objects.order_by("subscription").values_list("start", flat=True)
    assert list(starts) == [date(2026, 5, 22), date(2026, 5, 24)]


def test_far_east_the_editions_of_thursday_and_friday_come_on_monday_and_tuesday() -> None:
    for day in range(18, 26):
        print_edition(date(2026, 5, day))
    subscribe("Pacific/Kiritimati", Often.WEEKDAYS, datetime(2026, 5, 24, 17, tzinfo=UTC))
    Subscription.objects.update(covered_until=date(2026, 5, 20))

    for hours in range(0, 73, 24):
        deliveries.make_due(datetime(2026, 5, 24, 17, tzinfo=UTC) + timedelta(hours=hours))

    rows = Delivery.objects.order_by("made_at").values_list("made_at", "start")
    assert [(made.day, start.day) for made, start in rows] == [(24, 21), (25, 22), (26, 25)]


def test_it_waits_for_an_edition_that_is_about_to_be_printed_but_not_for_ever() -> None:
    now = datetime(2026, 5, 23, 0, 0, 10, tzinfo=UTC)
    print_edition(date(2026, 5, 21))
    Edition.objects.create(
        kind=WindowKind.DAY, start=date(2026, 5, 22), paper_count=1, formula="test", made_at=now
    )
    subscription = subscribe("UTC", Often.DAILY, now)
    Subscription.objects.update(covered_until=date(2026, 5, 21))

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
