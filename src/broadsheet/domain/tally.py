"""What a source of signals tells: counts of papers, and how a repository answered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.signal import SignalReading


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a paper that we may or may not hold; one that we do not hold is no news."""

    source: str
    key: PaperKey
    readings: tuple[SignalReading, ...]


class RepositoryState(StrEnum):
    THERE = "there"
    GONE = "gone"  # 404: deleted, or made private
    BLOCKED = "blocked"  # 451 or 403: access is forbidden for legal or other reasons


@dataclass(frozen=True, slots=True)
class RepositoryTold:
    """How one repository answered on a day. What is gone keeps the counts it had."""

    source: str
    url: str  # as papers link to it: store.models.Repository.url
    read_on: date
    state: RepositoryState
    stars: int | None = None  # None: gone, or unchanged since the reply of `etag`
    full_name: str = ""  # "owner/name" as it is called now
    etag: str = ""
    created_on: date | None = None


@dataclass(frozen=True, slots=True)
class RepositoryDue:
    """A repository to ask for, and what to tell of the last reply."""

    url: str
    full_name: str  # "owner/name" as last known
    etag: str = ""
