"""What answers hold. The OpenAPI document, the reference and the tests are made from these classes."""

from datetime import date as Day
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

_CHOSEN: JsonDict = {"required": ["id"]}  # with ?fields= the others may be left out


class Told(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Chosen(Told):
    """What `fields` chooses from; its id is always told."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_CHOSEN)


class Page(Told):
    """A page of a list: its rows, and where the next page begins."""

    items: Any
    next: str | None = Field(description="Send it as cursor for the next page; null on the last one.")


class Fault(Told):
    field: str = Field(description="The parameter, header or field of the body.")
    value: str = Field(description="What was sent, shortened.")
    expected: str


class ProblemTold(Told):
    """Problem details as in RFC 9457. Everything under /api/v1/ is refused in this shape."""

    type: str
    title: str
    status: int
    code: str = Field(description="One word for programs: not_found, bad_parameter, too_many_requests …")
    detail: str = Field(description="A sentence for people.")
    errors: list[Fault]


class Figure(Told):
    """A figure that the authors state, and the words that prove it."""

    value: float
    value_max: float | None
    unit: str = Field(description='"%", "points", "x", as written, or "" for a score.')
    metric: str | None
    subject: str | None = Field(description="Whose figure it is.")
    dataset: str | None
    baseline: str | None
    bound: str | None = Field(description="at least, up to, about")
    direction: str | None = Field(description="better, worse")
    quote: str
    start: int = Field(description="Of the quote, in characters of the abstract.")
    end: int


class Paper(Chosen):
    """A paper as lists show it."""

    id: str = Field(description="An arXiv number, or doi:…, or title:…; names the paper in every address.")
    url: str = Field(description="Its page on this site.")
    title: str = Field(description="Plain text; formulas in LaTeX between dollars.")
    abstract: str
    summary: str = Field(description="In words of our own, where the abstract may not be passed on.")
    one_line: str
    authors: list[str]
    categories: list[str] = Field(description="The primary one first.")
    date: Day | None = Field(description="Submitted, else announced, else updated.")
    is_withdrawn: bool
    code: str | None
    project: str | None
    signals: dict[str, int] = Field(description="The newest total of each kind.")


class Term(Told):
    """One summand of a score; /about/ranking tells the formula."""

    kind: str
    gained: float
    usual: float
    days: int
    points: float
    note: str


class Place(Paper):
    """A paper in an edition: where it stands, and why."""

    rank: int
    score: float = Field(description="The sum of the points of its terms.")
    reason: str
    terms: list[Term]


class Hit(Paper):
    """A paper that answers a query."""

    rank: int
    score: float = Field(description="1 for the best of the answer; 0 where it was not ranked by relevance.")
    reason: str


class Listed(Told):
    """On which list of which day a source named the paper, and how."""

    list: str
    day: Day
    kind: str


class Stood(Told):
    """Where the paper stands in an edition."""

    edition: str = Field(description="kind/slug, as in /api/v1/editions/{kind}/{slug}.")
    rank: int
    paper_count: int
    field_rank: int | None = Field(description="Among the papers of its primary category.")
    score: float
    reason: str
    terms: list[Term]
    formula: str
    is_printed: bool


class Link(Told):
    kind: str
    url: str


class Size(Told):
    """How large a data set, a benchmark or a model is."""

    value: float
    what: str


class WholePaper(Paper):
    """All that is known of one paper."""

    kind: str | None = Field(
        description="method, model, benchmark, dataset, system, survey, analysis, theory"
    )
    names: list[str]
    keywords: list[str]
    sizes: list[Size]
    claims: list[Figure]
    links: list[Link]
    links_read: list[Link] = Field(description="Found in the abstract and told by no source.")
    submitted_at: datetime | None
    announced_on: Day | None
    updated_on: Day | None
    version: int | None
    comments: str
    journal_ref: str
    doi: str | None
    licence: str | None
    first_seen_at: datetime
    listings: list[Listed]
    editions: list[Stood]
    sources: list[str]


class Point(Told):
    day: Day
    value: int


class Series(Told):
    """The totals of one kind of signal, the oldest first."""

    kind: str
    crowd: str = Field(description="Who counts.")
    points: list[Point]


class Signals(Chosen):
    id: str
    series: list[Series]


class Edition(Chosen):
    """A day, ISO week, month, or what is trending; without papers it says why."""

    id: str = Field(description="kind/slug")
    kind: str
    slug: str
    title: str
    url: str
    start: Day
    end: Day = Field(description="The first day after it.")
    paper_count: int
    formula: str
    made_at: datetime | None
    is_printed: bool = Field(description="False while its window is open: it changes still.")


class Claim(Figure):
    """A figure, and the paper that states it."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_CHOSEN)
    id: int
    url: str
    paper: str
    title: str
    date: Day | None
    is_corrected: bool = Field(description="By the owner of this site.")
    is_withdrawn: bool


class Name(Chosen):
    """Something that claims are made about."""

    id: str = Field(description="All spellings of a name have one.")
    name: str
    claims: int
    url: str


class Category(Chosen):
    """A category of arXiv."""

    id: str
    papers: int = Field(description="Papers found by this site's index that have it.")
    is_read: bool = Field(description="Whether this site reads its daily feed.")


class Interest(Told):
    """What a subscription gets."""

    categories: list[str]
    query: str
    boosted: list[str]
    muted: list[str]
    authors: list[str]
    often: str
    hour: int
    zone: str
    most: int
    form: str


class Subscription(Chosen):
    """The subscription that the token belongs to."""

    id: str
    address: str
    state: str = Field(description="asked, active, paused, ended")
    interest: Interest
    due_at: datetime | None
    trouble: str


class Source(Told):
    name: str
    asked_at: datetime | None
    answered_at: datetime | None
    failing_since: datetime | None
    trouble: str
    told: str


class Job(Told):
    name: str
    run_at: datetime
    is_running: bool
    succeeded_at: datetime | None
    result: str
    trouble: str


class Status(Chosen):
    """How the site is doing."""

    id: str
    version: str
    papers: int
    sources: list[Source]
    jobs: list[Job]


class Papers(Page):
    items: list[Paper]


class Similar(Page):
    items: list[Hit]


class Found(Page):
    """The answer to a query."""

    items: list[Hit]
    query: str
    mended: str | None = Field(description="What was searched instead, where a word was mistyped.")
    notes: list[str] = Field(description="What of the query could not be read.")
    total: int = Field(description="Papers that the words find.")


class Places(Page):
    """An edition with its papers in rank order."""

    items: list[Place]
    edition: Edition
    empty_because: str | None = Field(description="Why there are no papers.")


class Editions(Page):
    items: list[Edition]


class Claims(Page):
    items: list[Claim]


class Names(Page):
    items: list[Name]


class Categories(Page):
    items: list[Category]
