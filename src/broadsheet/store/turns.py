"""Which editions are there for digests at one moment, and when whose turn is."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from broadsheet.domain.edition import View, Window, WindowKind
from broadsheet.domain.interest import Interest, Often, last_due, next_due
from broadsheet.domain.news import brought, is_for
from broadsheet.store.models import Edition
from broadsheet.store.printing import closes_at, unprinted

WAITED_FOR = timedelta(hours=23)  # for an edition not printed yet; then a daily reader's next hour is near
INSTANT = timedelta(microseconds=1)
FRESH = {WindowKind.DAY: timedelta(days=7), WindowKind.WEEK: timedelta(days=14)}  # older ones are no news


@dataclass
class Turns:
    """Which edition is whose, at one moment. The times of an hour and zone are worked out once."""

    now: datetime
    printed: list[Window]
    late: list[Window]  # newer ones that have closed, and are not printed yet
    _times: dict[tuple[Often, int, str], tuple[datetime, datetime]] = field(default_factory=dict)

    def next_due(self, interest: Interest) -> datetime:
        return self._both(interest)[0]

    def unhad(self, had: set[tuple[int, Window]], subscription_id: int) -> list[Window]:
        return [window for window in self.printed if (subscription_id, window) not in had]

    def window(self, editions: list[Window], interest: Interest, covered: date | None) -> Window | None:
        return brought(editions, interest.often, covered, self._both(interest)[1])

    @property
    def late_for(self) -> set[Often]:
        return {often for often in Often if any(is_for(often, window) for window in self.late)}

    def is_late(self, interest: Interest, due_at: datetime | None) -> bool:
        is_soon = due_at is not None and self.now < due_at + WAITED_FOR
        return is_soon and any(is_for(interest.often, window) for window in self.late)

    def _both(self, interest: Interest) -> tuple[datetime, datetime]:
        """When the next digest is due, and when the one before that of now was."""
        key = (interest.often, interest.hour, interest.zone)
        if key not in self._times:
            this_one = last_due(interest, self.now + INSTANT)
            self._times[key] = next_due(interest, self.now), last_due(interest, this_one)
        return self._times[key]


def turns_at(now: datetime) -> Turns:
    printed = [window for kind in FRESH for window in _printed(kind, now)]
    newest = {kind: max((w.start for w in printed if w.kind is kind), default=date.min) for kind in FRESH}
    late = [w for w in unprinted(now) if w.kind in FRESH and w.start > newest[w.kind]]
    return Turns(now, printed, late)


def _printed(kind: WindowKind, now: datetime) -> list[Window]:
    """Printed editions that are no old news, and none by a clock that is ahead of ours."""
    since = now.date() - 2 * FRESH[kind]
    rows = Edition.objects.filter(kind=kind, view=View.PRINTED, start__gt=since, paper_count__gt=0)
    windows = (Window(kind, start) for start in rows.values_list("start", flat=True))
    return [window for window in windows if now - FRESH[kind] < closes_at(window) <= now]
