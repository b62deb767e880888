"""Decides what a query means and which papers answer it. Never fetches: the engines are an argument."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from broadsheet.domain.ids import PaperKey, find_key
from broadsheet.enrich.embed.base import Embedder
from broadsheet.index.analysis import terms
from broadsheet.index.base import Asked, Facets, Sort, VectorsIndex, WordsIndex
from broadsheet.rank.stopgap import read

Votes = Callable[[Sequence[int]], Mapping[int, float]]
MOST_BY_VOTES = 200


class By(StrEnum):
    """What found a paper."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"
    NAME = "name"
    FILTERS = "filters"


@dataclass(frozen=True, slots=True)
class Engines:
    words: WordsIndex
    vectors: VectorsIndex | None
    embedder: Embedder | None


@dataclass(frozen=True, slots=True)
class Found:
    paper_id: int
    score: float  # by relevance: 1 for the best of the answer, less for the others; else 0
    by: By


@dataclass(frozen=True, slots=True)
class Results:
    query: str  # as typed
    asked: Asked
    total: int  # papers that the words find; at least len(found)
    found: list[Found]
    key: PaperKey | None  # the query is the id, DOI or address of this paper
    mended: str | None  # what was searched instead of the query
    took_ms: float


def search(  # noqa: PLR0913
    engines: Engines,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = Sort.RELEVANCE,
    votes: Votes | None = None,
    mends: bool = True,
) -> Results:
    """One page of the answer to a query. An id, a DOI or a pasted address is told in `key`."""
    began = time.perf_counter()
    asked = read(text)
    mended = engines.words.mended(asked) if mends else None
    asked = read(mended) if mended else asked
    if sort is Sort.TRENDING and votes:
        hits = engines.words.search(asked, limit=MOST_BY_VOTES)
        liked = votes([hit.paper_id for hit in hits.hits])
        chosen = sorted(hits.hits, key=lambda hit: -liked.get(hit.paper_id, 0.0))[offset : offset + limit]
    else:
        hits = engines.words.search(asked, limit=limit, offset=offset, sort=sort)
        chosen = hits.hits
    best = max((hit.score for hit in engines.words.search(asked, limit=1).hits), default=0.0)
    ranks = best and sort is not Sort.NEWEST and bool(asked.words or asked.phrases)
    by = By.WORDS if asked.words or asked.phrases else By.FILTERS
    return Results(
        query=text,
        asked=asked,
        total=hits.total,
        found=[Found(hit.paper_id, round(hit.score / best, 4) if ranks else 0.0, by) for hit in chosen],
        key=find_key(text),
        mended=mended,
        took_ms=(time.perf_counter() - began) * 1_000,
    )


def facets(engines: Engines, results: Results) -> Facets:
    return engines.words.facets(results.asked)


def explain(words: Iterable[str], *, title: str, text: str, authors: str) -> str:
    """Where the words of a query stand in a paper.

    >>> explain(["vision", "cats"], title="A Vision Transformer", text="We look at cats.", authors="")
    'vision in the title; cats in the text'
    """
    parts, left = [], list(dict.fromkeys(words))
    for name, place in (("title", title), ("authors", authors), ("text", text)):
        held = set(terms(place)) if left else set()  # most words are in the title: the rest costs nothing
        here = [word for word in left if held & {word, *terms(word)}]
        left = [word for word in left if word not in here]
        if here:
            parts.append(f"{', '.join(here)} in the {name}")
    return "; ".join(parts)
