"""What pages read of the store, as plain values: no query is left to run once they are made."""

from dataclasses import dataclass, field
from datetime import date, datetime

from broadsheet.domain.edition import CALENDAR, View, Window
from broadsheet.domain.pick import Term
from broadsheet.domain.reading import Claim
from broadsheet.domain.signal import SignalKind

Series = tuple[tuple[date, int], ...]  # totals, oldest first


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that a paper makes, as it stands."""

    claim_id: int
    claim: Claim
    is_corrected: bool  # by the owner
    thread: str = ""  # of what the owner did with it


@dataclass(frozen=True, slots=True)
class Said:
    """What lists show of what a paper says of itself."""

    one_line: str = ""
    written_by: str = ""  # the language model that wrote the line; "": it was read out of the text
    claims: tuple[Claimed, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A paper as lists show it."""

    paper_id: int
    key: str
    title: str
    one_line: str  # of its source, else as a model wrote it, else as it was read out of its abstract
    summary: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    dated_on: date | None
    is_withdrawn: bool
    code: str = ""
    project: str = ""
    series: dict[SignalKind, Series] = field(default_factory=dict)
    claims: tuple[Claimed, ...] = ()
    written_by: str = ""  # the language model that wrote the one line; "": nobody's words but the paper's
    updated_on: date | None = None  # newest version

    @property
    def own_line(self) -> str:
        """What papers are found and chosen by: no words but the paper's."""
        return "" if self.written_by else self.one_line

    @property
    def text(self) -> str:
        """What its claims were read from."""
        return self.abstract or self.summary

    def latest(self, kind: SignalKind) -> int | None:
        """The newest total, or None when no source told one."""
        readings = self.series.get(kind)
        return readings[-1][1] if readings else None


@dataclass(frozen=True, slots=True)
class Brief:
    """A paper as a short line shows it."""

    key: str
    title: str
    abstract: str
    summary: str


@dataclass(frozen=True, slots=True)
class Placed:
    rank: int
    reason: str
    paper: Facts
    score: float
    terms: list[Term]


@dataclass(frozen=True, slots=True)
class Beside:
    """A paper that a short list beside an edition names, and why."""

    rank: int
    key: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class EditionHead:
    """What is known of a window's edition before its papers are read."""

    window: Window
    edition_id: int | None  # None: the window has no papers
    view: View  # which of the window's editions this is
    formula: str
    paper_count: int
    made_at: datetime | None
    readings_no: int  # another one when something else is shown of its papers
    shown_at: datetime | None  # since when; None: as when it was made
    printed_at: datetime | None  # None: the window is still open
    was_seen_open: bool  # False: the window was over before this site knew of it
    late: int  # papers that came in after it was printed
    as_of: date | None  # the last day of which it knows anything
    silent: dict[str, int]  # kinds of signal that were not read lately, and for how many days
    week_id: int | None  # the edition of the week around it, for its topics
    week_made_at: datetime | None
    first: Window | None  # the oldest and the newest edition of this kind
    newest: Window | None

    @property
    def number(self) -> int | None:
        """How many windows there have been since the first edition; one without papers counts too."""
        if self.first is None or self.window.start < self.first.start:
            return None
        days = (self.window.start - self.first.start).days
        if self.window.kind not in CALENDAR:
            return None
        months = (self.window.start.year - self.first.start.year) * 12
        months += self.window.start.month - self.first.start.month
        return 1 + {"day": days, "week": days // 7, "month": months}[self.window.kind]


@dataclass(frozen=True, slots=True)
class EditionBody:
    """One page of an edition's papers, and what stands beside them."""

    places: list[Placed]
    matching: int  # places in the category asked for, or all that are kept
    categories: list[tuple[str, int]]
    topics: list[tuple[str, int]]
    rising: list[Beside]
    radar: list[Beside]
    replaced: int
    crossed: int


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a paper stood in one edition."""

    window: Window
    rank: int
    paper_count: int
    reason: str
    score: float
    terms: list[Term]
    field_rank: int | None
    formula: str
    is_printed: bool


@dataclass(frozen=True, slots=True)
class PaperPage:
    paper: Facts
    kind: str  # domain.reading.PaperKind; "" where it could not be read
    names: tuple[str, ...]  # of its source, or else as they were read out of its text
    keywords: tuple[str, ...]
    sizes: list[tuple[float, str]]  # of data sets and the like: how many of what
    links_read: list[tuple[str, str]]  # kind and address, found in the abstract and told by no source
    submitted_at: datetime | None
    announced_on: date | None
    updated_on: date | None
    version: int | None
    comments: str
    journal_ref: str
    doi: str
    licence: str
    first_seen_at: datetime
    links: list[tuple[str, str]]  # kind, address
    listings: list[tuple[str, date, str]]  # list, day, kind; oldest first
    stood: list[Stood]
    told_by: list[str]
    lost_code: list[tuple[str, str, date | None]]  # repositories that are not there: name, state, last count


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How one source is doing."""

    name: str
    asked_at: datetime | None
    answered_at: datetime | None
    failing_since: datetime | None
    wait_until: datetime | None
    last_error: str
    last_report: str
    progress: dict[str, object]


@dataclass(frozen=True, slots=True)
class JobLine:
    name: str
    run_at: datetime
    tries: int
    is_running: bool
    succeeded_at: datetime | None
    result: str
    last_error: str
