"""What a paper is before any database: plain values that every step understands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.signal import SignalReading
from broadsheet.domain.tally import RepositoryTold, Tally

LONGEST_TITLE = 2_000  # characters; the longest on arXiv has some 400
LONGEST_ABSTRACT = 50_000
MOST_AUTHORS = 10_000
MOST_SHOWN = 100


class LinkKind(StrEnum):
    CODE = "code"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Link:
    """Where else a paper lives. `url` has passed `lib.safe_url.web_address`."""

    kind: LinkKind
    url: str


class ListingKind(StrEnum):
    """How a list named the paper; only NEW and DAILY make it a paper of that day's edition."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"
    DAILY = "daily"  # Hugging Face's list, and the sample edition made from it


@dataclass(frozen=True, slots=True)
class Listing:
    """A paper's place on one list of one day: arXiv's announcement or a daily list of others."""

    list_name: str  # "arxiv", "huggingface"
    day: date
    kind: ListingKind


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """One paper as one source describes it. All text is plain Unicode, without markup.

    Empty text, None and () mean that the source did not say. `told_on` is the day on which the
    upstream says it last changed the entry: of two records of one source the later one is right.
    """

    source: str  # the name of the source module, "arxiv_feed"
    key: PaperKey
    title: str
    abstract: str = ""
    summary: str = ""  # in words of our own, where the abstract may not be shipped
    one_line: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # primary first
    names: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    submitted_at: datetime | None = None  # first version, UTC
    announced_on: date | None = None  # when arXiv announced it as new
    updated_on: date | None = None  # newest version or last change of the entry
    told_on: date | None = None
    version: int | None = None
    comments: str = ""
    journal_ref: str = ""
    doi: str = ""  # the publisher's, bare and in lower case
    licence: str = ""
    is_withdrawn: bool = False
    links: tuple[Link, ...] = ()
    listings: tuple[Listing, ...] = ()
    signals: tuple[SignalReading, ...] = ()

    def __post_init__(self) -> None:
        if not self.title:
            raise ValueError("no title")
        _check_length("title", len(self.title), LONGEST_TITLE)
        _check_length("abstract", len(self.abstract), LONGEST_ABSTRACT)
        if len(self.authors) > MOST_AUTHORS:
            raise ValueError(f"{len(self.authors):,} authors; expected at most {MOST_AUTHORS:,}")
        if self.submitted_at is not None and self.submitted_at.tzinfo is None:
            raise ValueError(f"submitted_at {self.submitted_at} has no time zone")


@dataclass(frozen=True, slots=True)
class Removal:
    """An upstream says that it no longer holds this paper."""

    source: str
    key: PaperKey
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """An entry we could not read. It is counted and shown; it never stops the run."""

    source: str
    where: str  # "papers.jsonl.gz line 12" or the upstream's id
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


Told = PaperRecord | Removal | BadRecord | Tally | RepositoryTold


@dataclass(slots=True)
class IntakeReport:
    """What became of the records of one run."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[BadRecord] = field(default_factory=list)  # the first MOST_SHOWN of them
    bad_count: int = 0

    @property
    def total(self) -> int:
        return self.added + self.changed + self.unchanged + self.bad_count

    @property
    def has_too_many_bad(self) -> bool:
        """More than 5 % bad means that the format has changed."""
        return self.bad_count * 20 > self.total

    def add_bad(self, bad: BadRecord) -> None:
        self.bad_count += 1
        if len(self.bad) < MOST_SHOWN:
            self.bad.append(bad)

    def add(self, other: "IntakeReport") -> None:
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.bad_count += other.bad_count
        self.bad.extend(other.bad[: MOST_SHOWN - len(self.bad)])

    def __str__(self) -> str:
        counts = {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "bad": self.bad_count,
        }
        return ", ".join(f"{count:,} {what}" for what, count in counts.items())


def _check_length(what: str, length: int, most: int) -> None:
    if length > most:
        raise ValueError(f"{what} of {length:,} characters; expected at most {most:,}")


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """The items without empty ones and repeats, in their order."""
    return tuple(dict.fromkeys(item for item in items if item))
