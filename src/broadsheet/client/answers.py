"""What the API answers. Written out of its document by `make docs`; a test compares the two.

With `fields` only those that were asked for are there, and the id.
"""

from typing import TypedDict


class Categories(TypedDict):
    items: list["Category"]
    next: str | None


class Category(TypedDict, total=False):
    id: str
    papers: int
    is_read: bool


class Claim(TypedDict, total=False):
    value: float
    value_max: float | None
    unit: str
    metric: str | None
    subject: str | None
    dataset: str | None
    baseline: str | None
    bound: str | None
    direction: str | None
    quote: str
    start: int
    end: int
    id: int
    url: str
    paper: str
    title: str
    date: str | None
    is_corrected: bool
    is_withdrawn: bool


class Claims(TypedDict):
    items: list["Claim"]
    next: str | None


class Edition(TypedDict, total=False):
    id: str
    kind: str
    slug: str
    title: str
    url: str
    start: str
    end: str
    paper_count: int
    formula: str
    made_at: str | None
    is_printed: bool


class Editions(TypedDict):
    items: list["Edition"]
    next: str | None


class Figure(TypedDict):
    value: float
    value_max: float | None
    unit: str
    metric: str | None
    subject: str | None
    dataset: str | None
    baseline: str | None
    bound: str | None
    direction: str | None
    quote: str
    start: int
    end: int


class Found(TypedDict):
    items: list["Hit"]
    next: str | None
    query: str
    mended: str | None
    notes: list[str]
    total: int


class Hit(TypedDict, total=False):
    id: str
    url: str
    title: str
    abstract: str
    summary: str
    one_line: str
    authors: list[str]
    categories: list[str]
    date: str | None
    is_withdrawn: bool
    code: str | None
    project: str | None
    signals: dict[str, int]
    rank: int
    score: float
    reason: str


class Interest(TypedDict):
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


class Job(TypedDict):
    name: str
    run_at: str
    is_running: bool
    succeeded_at: str | None
    result: str
    trouble: str


class Link(TypedDict):
    kind: str
    url: str


class Listed(TypedDict):
    list: str
    day: str
    kind: str


class Name(TypedDict, total=False):
    id: str
    name: str
    claims: int
    url: str


class Names(TypedDict):
    items: list["Name"]
    next: str | None


class Paper(TypedDict, total=False):
    id: str
    url: str
    title: str
    abstract: str
    summary: str
    one_line: str
    authors: list[str]
    categories: list[str]
    date: str | None
    is_withdrawn: bool
    code: str | None
    project: str | None
    signals: dict[str, int]


class Papers(TypedDict):
    items: list["Paper"]
    next: str | None


class Place(TypedDict, total=False):
    id: str
    url: str
    title: str
    abstract: str
    summary: str
    one_line: str
    authors: list[str]
    categories: list[str]
    date: str | None
    is_withdrawn: bool
    code: str | None
    project: str | None
    signals: dict[str, int]
    rank: int
    score: float
    reason: str
    terms: list["Term"]


class Places(TypedDict):
    items: list["Place"]
    next: str | None
    edition: "Edition"
    empty_because: str | None


class Point(TypedDict):
    day: str
    value: int


class Series(TypedDict):
    kind: str
    crowd: str
    points: list["Point"]


class Signals(TypedDict, total=False):
    id: str
    series: list["Series"]


class Similar(TypedDict):
    items: list["Hit"]
    next: str | None


class Size(TypedDict):
    value: float
    what: str


class Source(TypedDict):
    name: str
    asked_at: str | None
    answered_at: str | None
    failing_since: str | None
    trouble: str
    told: str


class Status(TypedDict, total=False):
    id: str
    version: str
    papers: int
    sources: list["Source"]
    jobs: list["Job"]


class Stood(TypedDict):
    edition: str
    rank: int
    paper_count: int
    field_rank: int | None
    score: float
    reason: str
    terms: list["Term"]
    formula: str
    is_printed: bool


class Subscription(TypedDict, total=False):
    id: str
    address: str
    state: str
    interest: "Interest"
    due_at: str | None
    trouble: str


class Term(TypedDict):
    kind: str
    gained: float
    usual: float
    days: int
    points: float
    note: str


class WholePaper(TypedDict, total=False):
    id: str
    url: str
    title: str
    abstract: str
    summary: str
    one_line: str
    authors: list[str]
    categories: list[str]
    date: str | None
    is_withdrawn: bool
    code: str | None
    project: str | None
    signals: dict[str, int]
    kind: str | None
    names: list[str]
    keywords: list[str]
    sizes: list["Size"]
    claims: list["Figure"]
    links: list["Link"]
    links_read: list["Link"]
    submitted_at: str | None
    announced_on: str | None
    updated_on: str | None
    version: int | None
    comments: str
    journal_ref: str
    doi: str | None
    licence: str | None
    first_seen_at: str
    listings: list["Listed"]
    editions: list["Stood"]
    sources: list[str]
