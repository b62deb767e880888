"""Which edition a digest brings: each one once, on its reader's day. Pure.

1. On weekdays come the editions of Monday to Friday; what the weekend has is left to those who read daily.
2. A digest brings the edition that has closed since the reader's last hour. Where two have (a weekday reader
   far east of Greenwich on Monday, whose Friday hour lies before Thursday's edition), the older one comes
   first, and the other at the next hour that has nothing of its own.
3. Else it brings the newest that was not brought yet: after a while away one edition, and not a heap.
4. What is older than the one it brings, and was not brought, is passed over, and told so.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from broadsheet.domain.edition import ONE_DAY, Window, WindowKind
from broadsheet.domain.interest import SATURDAY, Often


def kind_for(often: Often) -> WindowKind:
    return WindowKind.WEEK if often is Often.WEEKLY else WindowKind.DAY


def is_for(often: Often, window: Window) -> bool:
    """Whether a digest that comes so often may bring this edition."""
    if window.kind is not kind_for(often):
        return False
    return often is not Often.WEEKDAYS or window.start.weekday() < SATURDAY


def last_day(window: Window) -> date:
    return window.end - ONE_DAY


def brought(
    editions: Iterable[Window], often: Often, covered: date | None, last_hour: datetime
) -> Window | None:
    """`covered`: the newest day that was brought; `last_hour`: when the digest before this one was due.

    >>> days = [Window(WindowKind.DAY, date(2026, 5, day)) for day in (21, 22, 23)]  # Thursday to Saturday
    >>> friday_noon = datetime(2026, 5, 22, 12, tzinfo=UTC)
    >>> brought(days, Often.WEEKDAYS, date(2026, 5, 21), friday_noon).start.day
    22
    """
    new = [
        window
        for window in sorted(editions, key=last_day)
        if is_for(often, window) and (covered is None or last_day(window) > covered)
    ]
    closed_since = (window for window in new if _closes_at(window) > last_hour)
    return next(closed_since, new[-1] if new else None)


def passed_over(
    editions: Iterable[Window], often: Often, covered: date | None, chosen: Window, since: datetime | None
) -> list[Window]:
    """Older ones than the chosen, that a reader who has waited `since` then will not get any more.

    >>> days = [Window(WindowKind.DAY, date(2026, 5, day)) for day in (20, 21, 22)]
    >>> since = datetime(2026, 5, 21, 12, tzinfo=UTC)  # when the first of them had closed
    >>> [window.start.day for window in passed_over(days, Often.DAILY, None, days[2], since)]
    [21]
    """
    return [
        window
        for window in editions
        if is_for(often, window)
        and (covered is None or last_day(window) > covered)
        and last_day(window) < last_day(chosen)
        and since is not None
        and _closes_at(window) > since
    ]


def _closes_at(window: Window) -> datetime:
    return datetime.combine(window.end, time(), UTC)
