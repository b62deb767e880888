"""Reads what a ranking may know of the papers of a window: a few queries for every few thousand papers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import orjson
from django.db.models import F, Max, Min

from broadsheet.domain.edition import ONE_DAY, Window, WindowKind
from broadsheet.domain.paper import ListingKind
from broadsheet.domain.pick import Candidates, Readings
from broadsheet.domain.signal import NUMBERS, SignalKind
from broadsheet.store.drafts import IN_EDITION
from broadsheet.store.models import Listing, Paper, Repository, Signal
from broadsheet.store.repositories import own_repositories
from broadsheet.store.rows import select, select_days, slices

SIGNAL_DAYS = timedelta(days=14)  # signals count until so long after the window
LATELY = timedelta(days=7)  # what is trending has gained something in these days
LONG_AGO = date(1990, 1, 1)
OLD_CODE = timedelta(days=60)  # a repository made so long before its paper had its stars before
MOST_AT_FIRST = 2_000  # stars of a repository that is as new as its paper
PACE_DAYS = timedelta(days=210)  # before a window; the pace of a repository is told from them
SLOWEST_TURN = timedelta(days=31)  # the oldest repositories and citations are counted monthly
RECORD_DAYS = timedelta(days=10)  # after its listing the record of a paper's authors counts no longer
MOST_OF_A_KIND = 5_000  # papers that are compared for all time
BEGIN_HERE = (SignalKind.POINTS, SignalKind.REPLIES, SignalKind.OPENS, SignalKind.SAVES, SignalKind.VOTES)
MOST_COUNTED = 100_000  # papers of which anything was counted; the newest rows


class _Paper(NamedTuple):
    pk: int
    dated_on: date | None
    categories: str
    authors: list[str]


def candidates_of(window: Window, today: date) -> Candidates:
    """The papers that stand in a window, with all that was counted up to two weeks after it."""
    if window.kind is WindowKind.TRENDING:
        since = window.start - LATELY
        return _candidates(_noticed_since(_gaining_since(since)), since, window.end, today)
    if window.kind is WindowKind.ALL:
        most = _noticed_since(_most_counted())
        return _candidates(most, LONG_AGO, today + ONE_DAY, today, counts_age=False)
    return _candidates(members(window), window.start - ONE_DAY, window.end + SIGNAL_DAYS, today)


def counted_since(day: date, today: date) -> Candidates:
    """The papers of which anything was counted after a day; the newest of them when they are many."""
    ids = Signal.objects.filter(day__gt=day).order_by().values_list("paper_id", flat=True).distinct()
    return _candidates(_noticed_since(sorted(ids)[-MOST_COUNTED:]), day, today + ONE_DAY, today)


def settled_upvotes(after: date, until: date) -> Iterator[tuple[list[str], int]]:
    """Authors and last upvotes of each paper that a daily list named on days after `after` up to `until`."""
    listed = Listing.objects.filter(kind=ListingKind.DAILY, day__gt=after, day__lte=until)
    ids = sorted(set(listed.values_list("paper_id", flat=True)))
    for some in slices(ids):
        told = Signal.objects.filter(paper_id__in=some, kind=SignalKind.UPVOTES).order_by("day")
        upvotes: dict[int, int] = dict(told.values_list("paper_id", "value"))
        for paper_id, authors in Paper.objects.filter(pk__in=upvotes).values_list("pk", "authors"):
            yield authors, upvotes[paper_id]


def members(window: Window) -> dict[int, date]:
    """The papers announced as new or listed in the window, and on which of its days."""
    announced = select_days(Paper, ("id", "announced_on"), "announced_on", window.start, window.end)
    found = {pk: _day(day) for pk, day in announced}
    for paper_id, day, kind in select_days(
        Listing, ("paper_id", "day", "kind"), "day", window.start, window.end
    ):
        if kind in IN_EDITION:
            found[paper_id] = max(_day(day), found.get(paper_id, _day(day)))
    return found


def _gaining_since(day: date) -> set[int]:
    """The papers of which any count has grown after a day, or that were new then and have any."""
    told = Signal.objects.filter(day__gte=day - SLOWEST_TURN).order_by()
    grown = told.values("paper_id", "kind").annotate(least=Min("value"), most=Max("value"), last=Max("day"))
    ids = set(grown.filter(most__gt=F("least"), last__gt=day).values_list("paper_id", flat=True))
    begun = Signal.objects.filter(day__gt=day, kind__in=BEGIN_HERE, value__gt=0).order_by()
    ids.update(begun.values_list("paper_id", flat=True))
    new = Signal.objects.filter(day__gt=day, value__gt=0, paper__announced_on__gt=day).order_by()
    ids.update(new.values_list("paper_id", flat=True).distinct())
    listed = Listing.objects.filter(day__gt=day, kind=ListingKind.DAILY)
    return ids | set(listed.values_list("paper_id", flat=True))


def _most_counted() -> set[int]:
    """Those with the highest counts of each kind: all that can stand high among all papers of all time."""
    found: set[int] = set()
    for kind in SignalKind:
        rows = Signal.objects.filter(kind=kind).order_by().values("paper_id").annotate(most=Max("value"))
        found.update(rows.order_by("-most", "paper_id").values_list("paper_id", flat=True)[:MOST_OF_A_KIND])
    return found


def _noticed_since(ids: Iterable[int]) -> dict[int, date]:
    """Since when each paper could be noticed: listed, or else announced."""
    found: dict[int, date] = {}
    for some in slices(sorted(ids)):
        rows = Paper.objects.filter(pk__in=some).values_list(
            "pk", "announced_on", "dated_on", "first_seen_at"
        )
        for pk, announced, dated, seen in rows:
            found[pk] = announced or dated or seen.date()
        listed = Listing.objects.filter(paper_id__in=some, kind__in=IN_EDITION).values_list("paper_id", "day")
        for paper_id, listed_on in listed:
            found[paper_id] = max(listed_on, found[paper_id])
    return found


def _candidates(
    members: dict[int, date], since: date, until: date, today: date, *, counts_age: bool = True
) -> Candidates:
    ids = sorted(members)
    known_on = min(today, until - ONE_DAY)
    is_fresh = known_on - max(members.values(), default=known_on) <= RECORD_DAYS
    papers = list(_papers(ids, with_authors=is_fresh))
    numbers = {paper.pk: number for number, paper in enumerate(papers)}
    readings = _readings(numbers, since, until)
    sharers, old_code = _code(papers, numbers, _first_stars(readings))
    listed_on = [members[paper.pk] for paper in papers]
    return Candidates(
        since=since,
        known_on=known_on,
        paper_ids=[paper.pk for paper in papers],
        dated_on=[paper.dated_on or listed for paper, listed in zip(papers, listed_on, strict=True)],
        listed_on=listed_on,
        categories=[paper.categories.partition(" ")[0] for paper in papers],
        authors=[paper.authors for paper in papers],
        readings=readings,
        sharers=sharers,
        old_code=old_code,
        counts_age=counts_age,
    )


def _papers(ids: Sequence[int], *, with_authors: bool) -> Iterator[_Paper]:
    """Authors only while their record counts: they are the largest part of what is read."""
    columns = ("id", "dated_on", "categories", *(("authors",) if with_authors else ()))
    for pk, dated_on, categories, *authors in sorted(select(Paper, columns, "id", ids), key=itemgetter(0)):
        named = orjson.loads(authors[0]) if authors else []
        yield _Paper(pk, _day(dated_on) if dated_on else None, categories, named)


_day = lru_cache(maxsize=8_192)(date.fromisoformat)


def _readings(numbers: dict[int, int], since: date, until: date) -> Readings:
    """From some months before the window, so that the pace before it is known, to its end."""
    columns = ("paper_id", "kind", "day", "value")
    told = select(Signal, columns, "paper_id", list(numbers))
    rows = [(numbers[paper], NUMBERS[kind], _ordinal(day), value) for paper, kind, day, value in told]
    found = np.array(rows, np.int64).reshape(-1, 4)
    is_near = (found[:, 2] < until.toordinal()) & (found[:, 2] >= (since - PACE_DAYS).toordinal())
    return Readings(*found[is_near].T)


def _first_stars(told: Readings) -> dict[int, int]:
    """By row, with how many stars a paper's code was first read."""
    stars = np.flatnonzero(told.kinds == NUMBERS[SignalKind.STARS])
    order = stars[np.argsort(-told.days[stars], kind="stable")]  # the earliest last, and it stays
    return dict(zip(told.rows[order].tolist(), told.values[order].tolist(), strict=True))


@lru_cache(maxsize=8_192)
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _code(
    papers: Sequence[_Paper], numbers: dict[int, int], first_stars: Mapping[int, int]
) -> tuple[Any, Any]:
    """How many papers name the repository of each paper with stars, and which repositories are older than it.

    One that GitHub has not told of yet is taken for old when it begins with more stars than a new one has.
    """
    own = own_repositories([papers[row].pk for row in first_stars])
    known = _repositories(set(own.values()))
    sharers, old = np.ones(len(papers)), []
    for paper_id, url in own.items():
        papers_named, created_on = known.get(url, (1, None))
        row = numbers[paper_id]
        sharers[row] = max(1, papers_named)
        dated_on = papers[row].dated_on
        is_older = created_on and dated_on and created_on < dated_on - OLD_CODE
        if is_older or (created_on is None and first_stars[row] > MOST_AT_FIRST):
            old.append(row)
    return sharers, np.array(sorted(old), np.int64)


def _repositories(urls: Iterable[str]) -> dict[str, tuple[int, date | None]]:
    found: dict[str, tuple[int, date | None]] = {}
    for some in slices(sorted(urls)):
        rows = Repository.objects.filter(url__in=some).values_list("url", "papers", "created_on")
        found.update((url, (papers, created_on)) for url, papers, created_on in rows)
    return found
