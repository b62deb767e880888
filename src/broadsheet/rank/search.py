"""Decides what a query means and which papers answer it. Never fetches: the index is an argument."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from broadsheet.domain.ids import PaperKey, find_key
from broadsheet.index.analysis import PLAIN, terms
from broadsheet.index.base import Sort, WordsIndex
from broadsheet.index.query import read


@dataclass(frozen=True, slots=True)
class Found:
    paper_id: int
    score: float  # by relevance: 1 for the best of the answer, less for the others; else 0


@dataclass(frozen=True, slots=True)
class Results:
    query: str
    total: int
    found: list[Found]
    key: PaperKey | None  # the query is the id, DOI or address of this paper
    words: tuple[str, ...]  # lower case, without accents, as typed: to mark in titles and snippets
    took_ms: float


def search(
    index: WordsIndex, text: str, *, limit: int = 20, offset: int = 0, sort: Sort = Sort.RELEVANCE
) -> Results:
    """One page of the answer to a query. An id, a DOI or a pasted address is told in `key`."""
    began = time.perf_counter()
    asked = read(text)
    hits = index.search(asked, limit=limit, offset=offset, sort=sort)
    first = hits if offset == 0 else index.search(asked, limit=1, sort=sort)
    best = first.hits[0].score if first.hits and sort is Sort.RELEVANCE else 0.0
    return Results(
        query=text,
        total=hits.total,
        found=[Found(hit.paper_id, round(hit.score / best, 4) if best else 0.0) for hit in hits.hits],
        key=find_key(text),
        words=tuple(dict.fromkeys([*asked.words, *terms(" ".join(asked.phrases), PLAIN)])),
        took_ms=(time.perf_counter() - began) * 1_000,
    )


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
