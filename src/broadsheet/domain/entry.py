"""A paper as an index takes it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    paper_id: int
    key: str
    title: str
    text: str  # all that is searched besides title and authors: abstract, summary, names, keywords
    authors: Sequence[str]
    categories: Sequence[str]
    dated_on: date | None
    has_code: bool
    comments: str = ""  # of the authors: "12 pages, accepted at …"
    journal_ref: str = ""
    submitted_at: datetime | None = None
    first_seen_at: datetime | None = None
    updated_on: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed in the store after a change number, up to and including `up_to`."""

    entries: list[Entry]
    gone: list[int]  # ids of papers that are no more
    up_to: int
    is_last: bool  # nothing newer was there when it was read
