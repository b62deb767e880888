"""Lists of papers in their order, for whatever tells them besides pages: feeds, exports, the API.

A list knows its mark before its papers are read, so that a client that has it already costs a query or two.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from importlib.metadata import version
from itertools import count
from typing import Protocol
from urllib.parse import quote, urlencode

from broadsheet.deliver.figures import in_words
from broadsheet.deliver.likeness import similar_to
from broadsheet.domain.addresses import similar_path
from broadsheet.domain.edition import ONE_DAY, View, Window, WindowKind
from broadsheet.domain.reading import Claim
from broadsheet.index.base import Sort
from broadsheet.rank.search import Engines
from broadsheet.rank.search import search as ask
from broadsheet.store import claims, pages
from broadsheet.store.answers import upvotes
from broadsheet.store.claims import About
from broadsheet.store.held_papers import papers_by_keys
from broadsheet.store.marks import store_mark
from broadsheet.store.page_values import EditionHead, Facts

VERSION = version("broadsheet")
MOST = 50
MOST_PLACES = 1_000  # that any list tells; as many seconds of a day keep their order
ROLLING_EDITIONS = 3  # a program that asks every other day misses none
ROLLING_EACH = 20
FIGURES_SHOWN = 3
FIRST = datetime(1991, 8, 14, tzinfo=UTC)  # what has no date of its own is as old as arXiv
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Item:
    rank: int
    paper: Facts
    reason: str  # "" where a list has none
    published: datetime  # a second earlier for each place, so that dates keep the order

    @property
    def updated(self) -> datetime:
        """When its authors brought a newer version, if that was later."""
        return max(self.published, _midnight(self.paper.updated_on))


@dataclass(frozen=True, slots=True)
class PaperList:
    name: str  # without the host: what tells entries of one list from those of another, for ever
    title: str
    path: str  # of the page that shows it
    mark: str  # another one whenever anything in it may have changed
    updated: datetime | None  # None: nobody knows before it is read
    read: Callable[[], Sequence[Item]]


def edition(
    window: Window, category: str = "", view: View = View.PRINTED, *, most: int = MOST
) -> PaperList | None:
    """None when the window has no papers."""
    head = pages.edition_head(window, view)
    if head.edition_id is None or head.made_at is None:
        return None
    asked = {"cat": category, "view": view.value if view is View.LATEST else ""}
    more = urlencode({name: value for name, value in asked.items() if value})
    path = page_path(window) + (f"?{more}" if more else "")
    title = window.title + (f", {category}" if category else "")
    return PaperList(
        path.removeprefix("/"),
        title,
        path,
        mark_of(head),
        shown_at(head),
        lambda: _items(head, category, most),
    )


def rolling(kind: WindowKind, newest: Window, category: str = "") -> PaperList | None:
    """The newest edition of a kind, and of days those before it: the list to follow."""
    heads = _with_papers(kind, newest)
    if not heads:
        return None
    path = _ROLLING[kind] + (f"?cat={category}" if category else "")
    each = MOST if len(heads) == 1 else ROLLING_EACH
    title = _FOLLOWED[kind] + (f", {category}" if category else "")
    return PaperList(
        name=f"{kind}{path.removeprefix(_ROLLING[kind])}",
        title=title,
        path=path,
        mark=".".join(map(mark_of, heads)),
        updated=max(map(shown_at, heads)),
        read=lambda: each_once(item for head in heads for item in _items(head, category, each)),
    )


_ROLLING = {
    WindowKind.DAY: "/",
    WindowKind.WEEK: "/week",
    WindowKind.MONTH: "/month",
    WindowKind.TRENDING: "/trending",
    WindowKind.ALL: "/trending/all",
}
_FOLLOWED = {
    WindowKind.DAY: "The front page",
    WindowKind.WEEK: "The week",
    WindowKind.MONTH: "The month",
    WindowKind.TRENDING: "Trending",
    WindowKind.ALL: "All time",
}


def page_path(window: Window) -> str:
    kind = WindowKind.TRENDING if window.kind is WindowKind.ALL else window.kind
    return f"/{kind}/{window.slug}"


def _with_papers(kind: WindowKind, newest: Window) -> list[EditionHead]:
    wanted = ROLLING_EDITIONS if kind is WindowKind.DAY else 1
    windows = pages.newest_windows(kind, up_to=newest.start, most=wanted)
    heads = pages.edition_heads(windows)
    return [head for head in heads if head.edition_id is not None]


def mark_of(head: EditionHead) -> str:
    made = f"{head.edition_id}-{head.made_at.timestamp()}" if head.made_at else ""
    return f"{VERSION}-{made}-{head.readings_no}"


def shown_at(head: EditionHead) -> datetime:
    """Since when it shows what it shows."""
    return max(head.made_at or FIRST, head.shown_at or FIRST)


def each_once(items: Iterable[Item]) -> list[Item]:
    """The first of each paper: what arXiv tells on one day stands in another's list on the next."""
    return list({item.paper.paper_id: item for item in reversed(list(items))}.values())[::-1]


def _items(head: EditionHead, category: str, most: int) -> list[Item]:
    places, base = pages.first_places(head, most, category), dated(head)
    return [
        Item(place.rank, place.paper, place.reason, base - number * ONE_SECOND)
        for number, place in enumerate(places, start=1)
    ]


def dated(head: EditionHead) -> datetime:
    """What its places count down from: a moment of its last day that has begun, however often it is made."""
    last = min((head.made_at or FIRST).date(), head.window.end - ONE_DAY)
    return _midnight(last) + MOST_PLACES * ONE_SECOND


def search(engines: Engines, query: str, sort: Sort, *, most: int = MOST) -> PaperList:
    """Raises IndexDamaged when it is read."""
    more = {} if sort is Sort.RELEVANCE else {"sort": sort.value}
    path = f"/search?{urlencode({'q': query, **more})}"
    mark = found_mark(engines)

    def read() -> list[Item]:
        results = ask(engines, query, limit=most, sort=sort, votes=upvotes)
        if results.key:  # it names a paper: that one, if it is here
            papers = list(papers_by_keys([results.key]).values())
        else:
            papers = pages.papers_by_ids([one.paper_id for one in results.found])
        return _dated([(paper, "") for paper in papers], keeps_order=sort is not Sort.NEWEST)

    return PaperList(path.removeprefix("/"), f"Search: {query}", path, mark, None, read)


def found_mark(engines: Engines) -> str:
    """What is found changes with the store, and again when an index has followed it."""
    return short(f"{store_mark()} {engines.mark()}")


def short(mark: str) -> str:
    return blake2b(f"{VERSION} {mark}".encode(), digest_size=12).hexdigest()


def author(engines: Engines, name: str, *, most: int = MOST) -> PaperList:
    """The newest papers of all who bear the name."""
    found = search(engines, f'author:"{name}"', Sort.NEWEST, most=most)
    own = f"author/{quote(name, safe='')}"
    return replace(found, name=own, title=f"Papers by {name}")


def about(what: About, name: str, *, most: int = MOST) -> PaperList | None:
    """The papers that claim a figure about a name or on a benchmark, the newest first."""
    if not claims.names(what, name):
        return None
    path = f"/{what}/{quote(name, safe='/')}"
    title = f"Figures {'about' if what is About.NAME else 'on'} {name}"

    def read() -> list[Item]:
        told = claims.papers_about(what, name, most)
        papers = pages.papers_by_ids(list(told))
        return _dated([(paper, _claimed(told[paper.paper_id])) for paper in papers], keeps_order=False)

    return PaperList(path.removeprefix("/"), title, path, short(store_mark()), None, read)


def _claimed(found: Sequence[Claim]) -> str:
    shown = "; ".join(in_words(claim) for claim in found[:FIGURES_SHOWN])
    more = len(found) - FIGURES_SHOWN
    return f"Claims {shown}" + (f" and {more} more." if more > 0 else ".")


class Named(Protocol):
    """A paper of which no more is known yet than what names it."""

    @property
    def paper_id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...


def similar(engines: Engines, paper: Named, *, most: int = MOST) -> PaperList:
    path = similar_path(paper.key)
    mark = found_mark(engines)

    def read() -> list[Item]:
        near = [
            one for of in pages.papers_by_ids([paper.paper_id]) for one in similar_to(engines, of, limit=most)
        ]
        return _dated([(one.paper, one.why) for one in near], keeps_order=True)

    return PaperList(path.removeprefix("/"), f"Similar to {paper.title}", path, mark, None, read)


def chosen(papers: Sequence[Facts], title: str, path: str) -> PaperList:
    """Papers that somebody has picked, in their order."""
    dated = _dated([(paper, "") for paper in papers], keeps_order=True)
    mark = short(store_mark())
    return PaperList(path.removeprefix("/"), title, path, mark, None, lambda: dated)


def _dated(papers: Sequence[tuple[Facts, str]], *, keeps_order: bool) -> list[Item]:
    """By the day of each paper, or where the order is another all by the newest; seconds keep the order.

    Of one day those stand first that came here first, so that a new one leaves the dates of all others.
    """
    days = [_midnight(paper.dated_on) for paper, _ in papers]
    days = [max(days)] * len(days) if keeps_order and days else days
    seconds: dict[datetime, count[int]] = defaultdict(lambda: count(MOST_PLACES, -1))
    return [
        Item(rank, paper, why, day + next(seconds[day]) * ONE_SECOND)
        for rank, ((paper, why), day) in enumerate(zip(papers, days, strict=True), start=1)
    ]


def _midnight(day: date | None) -> datetime:
    return datetime.combine(day, time(), UTC) if day else FIRST
