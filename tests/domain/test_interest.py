"""When a digest is due: on the reader's day, at the reader's hour, once, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.domain.interest import Interest, MailForm, Often, interest_of, next_due

ZONES = ("Pacific/Pago_Pago", "Asia/Kathmandu", "Pacific/Kiritimati", "Europe/Berlin", "America/New_York")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def year_of(interest: Interest) -> list[datetime]:
    """All moments of 2026 by the reader's calendar, each asked for from the one before."""
    zone, found = ZoneInfo(interest.zone), []
    at = datetime(2025, 12, 31, 23, 59, tzinfo=zone).astimezone(UTC)
    while (at := next_due(interest, at)).astimezone(zone).year == 2026:
        found.append(at)
    return found


@pytest.mark.parametrize("hour", [0, 2, 8, 23])
@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_reader_gets_each_local_day_once_at_the_hour(zone: str, hour: int) -> None:
    local = [
        moment.astimezone(ZoneInfo(zone))
        for moment in year_of(Interest((), "", (), (), (), Often.DAILY, hour, zone))
    ]

    assert [moment.date() for moment in local] == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    odd = {moment.date(): moment.hour for moment in local if (moment.hour, moment.minute) != (hour, 0)}
    skipped = {"Europe/Berlin": date(2026, 3, 29), "America/New_York": date(2026, 3, 8)}
    assert odd == ({skipped[zone]: 3} if hour == 2 and zone in skipped else {})


@pytest.mark.parametrize("zone", ZONES)
def test_a_weekday_reader_rests_on_the_local_weekend(zone: str) -> None:
    local = [moment.astimezone(ZoneInfo(zone)) for moment in year_of(Interest(hour=7, zone=zone))]

    assert {moment.weekday() for moment in local} == {0, 1, 2, 3, 4}
    assert len({moment.date() for moment in local}) == len(local) == 261


@pytest.mark.parametrize("zone", ZONES)
def test_a_weekly_reader_gets_each_local_monday_or_once_the_week_has_ended(zone: str) -> None:
    first = date(2026, 1, 6 if zone == "Pacific/Kiritimati" else 5)  # 7 o'clock there is Sunday in UTC
    local = [
        moment.astimezone(ZoneInfo(zone))
        for moment in year_of(Interest(often=Often.WEEKLY, hour=7, zone=zone))
    ]

    assert [moment.date() for moment in local] == [first + timedelta(weeks=n) for n in range(52)]


@pytest.mark.parametrize(
    ("zone", "hour", "after", "due"),
    [
        ("Pacific/Pago_Pago", 8, "2026-05-22T00:00", "2026-05-22T19:00"),  # UTC-11
        ("Asia/Kathmandu", 8, "2026-05-22T00:00", "2026-05-22T02:15"),  # UTC+5:45
        ("Pacific/Kiritimati", 8, "2026-05-22T00:00", "2026-05-22T18:00"),  # UTC+14: the 23rd there
        ("Europe/Berlin", 8, "2026-03-28T12:00", "2026-03-29T06:00"),  # an hour earlier than the day before
        ("Europe/Berlin", 8, "2026-10-24T12:00", "2026-10-25T07:00"),
        ("Europe/Berlin", 2, "2026-10-24T12:00", "2026-10-25T00:00"),  # it comes twice: the first
        ("Europe/Berlin", 2, "2026-10-25T00:00", "2026-10-26T01:00"),  # and not the second too
    ],
)
def test_the_hour_is_the_readers_own(zone: str, hour: int, after: str, due: str) -> None:
    interest = Interest(often=Often.DAILY, hour=hour, zone=zone)

    found = next_due(interest, datetime.fromisoformat(after).replace(tzinfo=UTC))

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_asking_at_any_minute_leaves_nobody_out(zone: str) -> None:
    """A worker that looks at odd moments finds each day due once, as one that looks at once does."""
    interest = Interest(often=Often.DAILY, hour=6, zone=zone)
    due, now, found = next_due(interest, NEW_YEAR), NEW_YEAR, []
    while now < NEW_YEAR + timedelta(days=365):
        now += timedelta(minutes=437)
        if due <= now:
            found.append(due)
            due = next_due(interest, now)

    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in found]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) >= 364


def test_what_is_stored_is_read_back() -> None:
    interest = Interest(("cs.LG",), "title:graph", ("speech",), ("survey",), ("Ada Lovelace",), Often.WEEKLY)

    assert interest_of(interest.as_json()) == interest
    assert interest_of({}) == Interest()
    assert interest_of({"form": "text", "of a later version": 1}).form is MailForm.TEXT
