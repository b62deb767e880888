"""When a paper was published and last updated: as it is told, and as it is sorted."""

from datetime import UTC, date, datetime, time
from typing import Protocol

LONG_AGO = datetime(1991, 8, 14, tzinfo=UTC)  # arXiv's first day: before all that it has


class Dates(Protocol):
    """What is known of a paper's times."""

    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def dated_on(self) -> date | None: ...
    @property
    def first_seen_at(self) -> datetime | None: ...
    @property
    def updated_on(self) -> date | None: ...
    @property
    def version(self) -> int | None: ...


def published_at(paper: Dates) -> datetime:
    """Of a paper of which the day alone is known its first moment; without a day, when it was seen here."""
    if paper.submitted_at:
        return paper.submitted_at
    return _midnight(paper.dated_on) if paper.dated_on else paper.first_seen_at or LONG_AGO


def updated_at(paper: Dates) -> datetime:
    """The day of the newest version is all that is known of its time; of the first the second is."""
    published = published_at(paper)
    if paper.version == 1 or paper.updated_on is None or paper.updated_on <= published.date():
        return published
    return _midnight(paper.updated_on)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
