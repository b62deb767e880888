"""Orders the papers that words and meaning propose for a query: all are read closely, one sum decides.

docs/search.md says what each part of the sum is worth, measured.
"""

from dataclasses import dataclass

import numpy as np

from broadsheet.enrich.embed.static import StaticEmbedder
from broadsheet.index.analysis import telling
from broadsheet.index.base import Asked, Floats
from broadsheet.rank.closely import Bools, Closeness, Word, read_closely, weight_of
from broadsheet.rank.found import By, Engines, Found
from broadsheet.rank.fuse import stretched

FROM_WORDS = 200  # papers that each engine proposes
FROM_MEANING = 200
NEAR_ENOUGH = 0.3  # cosine of a paper that may answer a query of which no word is held anywhere


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the parts of the sum. The first two add up to 1: words by the index, and read closely."""

    index: float = 0.6
    words: float = 0.4
    kin: float = 0.7
    meaning: float = 0.5
    pairs: float = 0.25
    title: float = 0.15
    is_title: float = 2.0


WITH_TABLE = Weights()
WITH_TRANSFORMER = Weights(kin=0.5, meaning=0.9)
FOR_NAMES = Weights(index=1.0, words=0.0, kin=0.2, meaning=0.1, pairs=0.1)  # of authors the index alone knows


@dataclass(frozen=True, slots=True)
class Best:
    found: list[Found]  # the best first
    total: int  # papers that the words find; at least those that are here
    from_words: int  # how many of the words' best are here


@dataclass(frozen=True, slots=True)
class _Proposed:
    ids: list[int]
    by_words: dict[int, float]  # with the words index's score
    by_meaning: frozenset[int]
    cosines: Floats  # (ids,); NaN for a paper that has no vector yet


def best(engines: Engines, asked: Asked) -> Best:
    hits = engines.words.search(asked, limit=FROM_WORDS)
    by_words = {hit.paper_id: hit.score for hit in hits.hits}
    proposed = _proposed(engines, asked, by_words)
    scores = _scores(engines, asked, proposed)
    order = np.lexsort((-np.array(proposed.ids, np.int64), -scores)).tolist()
    top = float(scores.max()) if len(scores) else 0.0
    found = [
        Found(
            proposed.ids[place],
            round(max(float(scores[place]), 0.0) / top, 4) if top > 0 else 0.0,
            _by(proposed, proposed.ids[place]),
        )
        for place in order
    ]
    return Best(found, max(hits.total, len(found)), len(by_words))


def _by(proposed: _Proposed, paper_id: int) -> By:
    if paper_id not in proposed.by_meaning:
        return By.WORDS
    return By.BOTH if paper_id in proposed.by_words else By.MEANING


def _proposed(engines: Engines, asked: Asked, by_words: dict[int, float]) -> _Proposed:
    vectors, embedder = engines.vectors, engines.embedder
    query = embedder.embed([asked.meaning])[0] if embedder and asked.meaning else None
    if vectors is None or query is None or not query.any():
        ids = list(by_words)
        return _Proposed(ids, by_words, frozenset(), np.full(len(ids), np.nan, np.float32))
    near = vectors.nearest(query, limit=FROM_MEANING, filters=asked.filters).hits
    if not by_words:
        near = [hit for hit in near if hit.score >= NEAR_ENOUGH]
    by_meaning = [hit.paper_id for hit in near]
    if asked.is_strict:
        allowed = engines.words.scores(asked, by_meaning)
        by_meaning = [paper_id for paper_id in by_meaning if paper_id in allowed]
    ids = list(dict.fromkeys([*by_words, *by_meaning]))
    return _Proposed(ids, by_words, frozenset(by_meaning), vectors.cosines(query, ids))


def _scores(engines: Engines, asked: Asked, proposed: _Proposed) -> Floats:
    """(ids,) for all that were proposed."""
    words = np.array([proposed.by_words.get(one, 0.0) for one in proposed.ids], np.float32)
    if engines.vectors is None or engines.table is None or not len(words):
        return words
    texts = engines.vectors.texts(proposed.ids)
    if not texts.is_known.any():
        return words
    told = telling(dict.fromkeys(engines.table.words(asked.meaning)))
    papers = engines.words.count()
    telling_by = [weight_of(count, papers) for count in engines.words.frequencies(told)]
    query = engines.table.tokens(asked.meaning)
    rows = [tuple(engines.table.tokens(word)) for word in told]
    sought = [Word(*both) for both in zip(rows, telling_by, strict=True)]
    close = read_closely(query, sought, texts, engines.table)
    is_about_names = bool(engines.words.names(told))
    return _sum(
        close, words, proposed.cosines, texts.is_known, FOR_NAMES if is_about_names else _weights(engines)
    )


def _weights(engines: Engines) -> Weights:
    return WITH_TABLE if isinstance(engines.embedder, StaticEmbedder) else WITH_TRANSFORMER


def _sum(close: Closeness, index: Floats, cosines: Floats, is_known: Bools, weights: Weights) -> Floats:
    """A paper that has no vector yet counts as near in meaning as its words are telling."""
    index = stretched(index)
    words = np.where(is_known, close.words, index)
    kin = np.where(is_known, stretched(np.where(is_known, close.kin, np.nan)), index)
    meaning = np.where(np.isnan(cosines), index, stretched(cosines))
    total: Floats = (
        weights.index * index
        + weights.words * words
        + weights.kin * kin
        + weights.meaning * meaning
        + weights.pairs * close.pairs
        + weights.title * close.title
        + weights.is_title * close.is_title
    ).astype(np.float32)
    return total
