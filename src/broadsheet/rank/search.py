"""Decides which papers answer a query. Never fetches: the engines are an argument."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from broadsheet.domain.ids import PaperKey, find_key
from broadsheet.index.base import Asked, Facets, Sort, VectorsDamaged
from broadsheet.index.query import read
from broadsheet.rank.best import FROM_WORDS, Best, best
from broadsheet.rank.found import By, Engines, Found

__all__ = ["By", "Engines", "Found", "Results", "Votes", "facets", "search"]

Votes = Callable[[Sequence[int]], Mapping[int, float]]
MOST_BY_VOTES = 200
DEEPEST = 100_000  # papers; asked for more at once, the words index sets aside memory until it fails
WITHOUT_MEANING = "The index of meaning cannot be read just now: words alone have answered."
WITHOUT_WORDS = "The index of words is not there yet, or of an older version: meaning alone has answered."
NOTHING = "Nothing is indexed yet: the worker does it, or broadsheet reindex."
LOOSE = "So many phrases of common words take too long: some were looked for as words, or not left out."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Results:
    query: str  # as typed
    asked: Asked
    total: int  # papers that the words find, at least those that were ordered; if they were counted
    found: list[Found]
    key: PaperKey | None  # the query is the id, DOI or address of this paper
    mended: str | None  # what was searched instead of the query
    took_ms: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    page: slice
    sort: Sort
    votes: Votes | None
    counts: bool


Answer = tuple[
    int, list[Found], bool
]  # how many papers there are, those of the page, whether phrases were loosened


def search(  # noqa: PLR0913
    engines: Engines,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = Sort.RELEVANCE,
    votes: Votes | None = None,
    mends: bool = True,
    counts: bool = False,
) -> Results:
    """One page of the answer to a query. An id, a DOI or a pasted address is told in `key`."""
    began = time.perf_counter()
    asked = read(text)
    key = find_key(asked.text)
    mended = engines.words.mended(asked) if mends and not key else None
    asked = read(mended) if mended else asked
    wanted = _Wanted(slice(offset, offset + limit), sort, votes, counts)
    try:
        total, found, is_loose = _answer(engines, asked, wanted)
    except VectorsDamaged as error:
        _warn(str(error))
        asked = _with_note(asked, WITHOUT_MEANING)
        total, found, is_loose = _answer(replace(engines, vectors=None), asked, wanted)
    if is_loose:
        asked = _with_note(asked, LOOSE)
    if not asked.is_empty and (lack := _lack(engines)):
        asked = _with_note(asked, lack)
    took_ms = (time.perf_counter() - began) * 1_000
    return Results(text, asked, total, found, key, mended, took_ms)


def _lack(engines: Engines) -> str:
    """Until the words are indexed anew; meaning may answer meanwhile."""
    if engines.vectors is None or engines.words.count():
        return ""
    return WITHOUT_WORDS if engines.vectors.count() else NOTHING


def _with_note(asked: Asked, note: str) -> Asked:
    return replace(asked, notes=(*asked.notes, note))


@cache
def _warn(problem: str) -> None:
    """Once, though every query meets it."""
    log.warning("Words alone answer: %s", problem)


def facets(engines: Engines, results: Results) -> Facets:
    return engines.words.facets(results.asked)


def _answer(engines: Engines, asked: Asked, wanted: _Wanted) -> Answer:
    if wanted.page.stop > DEEPEST:
        return engines.words.search(asked, limit=1).total, [], False
    if wanted.sort is Sort.NEWEST or not asked.has_words:
        return _newest(engines, asked, wanted)
    return _best(engines, asked, wanted)


def _newest(engines: Engines, asked: Asked, wanted: _Wanted) -> Answer:
    by = By.WORDS if asked.has_words else By.FILTERS
    start, limit = wanted.page.start, wanted.page.stop - wanted.page.start
    hits = engines.words.search(asked, limit=limit, offset=start, sort=Sort.NEWEST, counts=wanted.counts)
    return hits.total, [Found(hit.paper_id, 0.0, by) for hit in hits.hits], hits.is_loose


def _best(engines: Engines, asked: Asked, wanted: _Wanted) -> Answer:
    page, votes = wanted.page, wanted.votes if wanted.sort is Sort.TRENDING else None
    answer = best(engines, asked, most=max(page.stop, MOST_BY_VOTES if votes else 0), counts=wanted.counts)
    found = answer.found
    if votes:
        liked = votes([one.paper_id for one in found[:MOST_BY_VOTES]])
        most_liked = sorted(found[:MOST_BY_VOTES], key=lambda one: -liked.get(one.paper_id, 0.0))
        found = [*most_liked, *found[MOST_BY_VOTES:]]
    if page.stop > answer.count:
        found = [*found, *_behind(engines, asked, answer, page.stop - answer.count)]
    return answer.total, found[page], answer.hits.is_loose


def _behind(engines: Engines, asked: Asked, answer: Best, count: int) -> list[Found]:
    """Behind the papers that were ordered the others follow in the order of the words alone."""
    ordered = len(answer.hits.hits)
    if ordered < FROM_WORDS and not answer.hits.is_rough:
        return []
    shown = {one.paper_id for one in answer.found}
    first = 0 if answer.hits.is_rough else ordered  # all words are looked for now: another order
    limit = count + answer.count - first  # some of them meaning has brought forward
    hits = engines.words.search(asked, limit=limit, offset=first, counts=False).hits
    return [Found(hit.paper_id, 0.0, By.WORDS) for hit in hits if hit.paper_id not in shown][:count]
