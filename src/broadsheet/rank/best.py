"""Orders the papers that words and meaning propose for a query: all are read closely, one sum decides.

docs/search.md says what each part of the sum is worth, measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.embed.static import StaticEmbedder, words_of
from broadsheet.index.analysis import telling
from broadsheet.index.base import Asked, Floats, Hit, Hits, VectorsIndex, WordsIndex
from broadsheet.rank.closely import Bools, Closeness, Word, read_closely, weight_of
from broadsheet.rank.found import By, Engines, Found
from broadsheet.rank.fuse import shares_of_the_best, stretched

FROM_WORDS = 200  # papers that each engine proposes
FROM_MEANING = 200
READ_CLOSELY = 200  # the best of both by a plain sum
NEARLY_ALL = 0.9
NEAR_ENOUGH = (
    0.3  # cosine below which meaning proposes nothing; 1 in 20 right answers lie below, by words too
)

PARTICLES = frozenset({"van", "von", "der", "den", "del", "las", "los", "dos"})


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the parts of the sum. The first two add up to 1: words by the index, and read closely."""

    rough: float = 1.0  # the index beside meaning, in the plain sum that says what to read closely
    index: float = 0.6
    words: float = 0.4
    kin: float = 0.7
    meaning: float = 0.5
    pairs: float = 0.25
    title: float = 0.15
    is_title: float = 2.0


WITH_TABLE = Weights()
WITH_TRANSFORMER = Weights(kin=0.4, meaning=1.1, pairs=0.15)
FOR_NAMES = Weights(index=1.0, words=0.0, kin=0.2, meaning=0.1, pairs=0.1)  # of authors the index alone knows


@dataclass(frozen=True, slots=True)
class Best:
    found: list[Found]  # the best first, as many as were asked for
    count: int  # of all that were ordered
    total: int  # papers that the words find; at least those that were ordered
    hits: Hits  # of the words, which were ordered with the others


@dataclass(frozen=True, slots=True)
class _Proposed:
    ids: NDArray[np.int64]
    index: Floats  # (ids,) the words index's score; 0 for a paper that meaning alone proposes
    cosines: Floats  # (ids,); NaN for a paper that has no vector yet
    is_near: Bools  # (ids,) proposed by meaning


@dataclass(frozen=True, slots=True)
class _Told:
    """A telling word of the query."""

    word: str
    weight: float
    is_name: bool


def best(engines: Engines, asked: Asked, *, most: int, counts: bool) -> Best:
    """Raises IndexDamaged, and VectorsDamaged where words alone could answer."""
    is_bounded = _reads_closely(engines)
    hits = engines.words.search(asked, limit=FROM_WORDS, counts=counts, is_bounded=is_bounded)
    proposed = _proposed(engines, asked, hits.hits)
    told = _told(engines, asked)
    scores = _scores(engines, asked, proposed, told, _weights(engines, told, hits.is_rough))
    order = np.lexsort((-proposed.ids, -scores))[:most]
    top = max(float(scores.max()), 1e-9) if len(scores) else 1.0
    found = [
        Found(int(proposed.ids[place]), round(max(float(scores[place]), 0.0) / top, 4), _by(proposed, place))
        for place in order
    ]
    count = len(proposed.ids)
    total = hits.total
    if counts and hits.is_rough:  # those without any of its rarer words are found as well
        total = engines.words.search(asked, limit=1).total
    return Best(found, count, max(total, count), hits)


def _reads_closely(engines: Engines) -> bool:
    """Whether nearly all papers can be read closely: only then words may be left to that."""
    if engines.vectors is None or engines.table is None or engines.embedder is None:
        return False
    return engines.vectors.count() >= NEARLY_ALL * engines.words.count()


def _by(proposed: _Proposed, place: int) -> By:
    if not proposed.is_near[place]:
        return By.WORDS
    return By.BOTH if proposed.index[place] > 0 else By.MEANING


def _proposed(engines: Engines, asked: Asked, hits: Sequence[Hit]) -> _Proposed:
    vectors, embedder = engines.vectors, engines.embedder
    query = embedder.embed([asked.meaning])[0] if embedder and asked.meaning else None
    by_words = {hit.paper_id: hit.score for hit in hits}
    if vectors is None or query is None or not query.any():
        ids, near = list(by_words), {}
        cosines = np.full(len(ids), np.nan, np.float32)
    else:
        near = _near(engines.words, vectors, asked, query)
        others = [one for one in by_words if one not in near]
        ids = [*near, *others]
        cosines = np.concatenate([np.array([*near.values()], np.float32), vectors.cosines(query, others)])
    return _Proposed(
        np.array(ids, np.int64),
        np.array([by_words.get(one, 0.0) for one in ids], np.float32),
        cosines,
        np.array([one in near for one in ids], np.bool_),
    )


def _near(words: WordsIndex, vectors: VectorsIndex, asked: Asked, query: Floats) -> dict[int, float]:
    """What meaning proposes, as far as the query allows it."""
    hits = vectors.nearest(query, limit=FROM_MEANING, filters=asked.filters).hits
    near = {hit.paper_id: hit.score for hit in hits if hit.score >= NEAR_ENOUGH}
    if asked.is_strict:
        allowed = words.scores(asked, list(near))
        near = {paper_id: score for paper_id, score in near.items() if paper_id in allowed}
    return near


def _told(engines: Engines, asked: Asked) -> list[_Told]:
    words = telling(dict.fromkeys(words_of(asked.meaning)))
    counts = engines.words.frequencies(words)
    return [
        _Told(word, weight_of(papers, counts.papers), _is_name(word, papers, names))
        for word, papers, names in zip(words, counts.in_texts, counts.in_names, strict=True)
    ]


def _is_name(word: str, papers: int, names: int) -> bool:
    """Not an initial, nor what stands before names and in terms alike: de novo, van der Waals."""
    return names > papers and len(word) > 2 and word not in PARTICLES


def _weights(engines: Engines, told: Sequence[_Told], is_rough: bool) -> Weights:
    if any(one.is_name for one in told):
        return replace(FOR_NAMES, words=0.4) if is_rough else FOR_NAMES
    weights = WITH_TABLE if isinstance(engines.embedder, StaticEmbedder) else WITH_TRANSFORMER
    return replace(weights, rough=0.5, index=0.0, words=1.0) if is_rough else weights


def _scores(
    engines: Engines, asked: Asked, proposed: _Proposed, told: Sequence[_Told], weights: Weights
) -> Floats:
    """(ids,) for all that were proposed; those that were not worth a close reading come behind."""
    index, table = shares_of_the_best(proposed.index), engines.table
    if engines.vectors is None or not len(index):
        return index
    meaning = np.where(np.isnan(proposed.cosines), index, stretched(proposed.cosines))
    roughly: Floats = (weights.rough * index + meaning).astype(np.float32)
    if table is None:
        return roughly
    places = np.argsort(-roughly, kind="stable")[:READ_CLOSELY]
    texts = engines.vectors.texts(proposed.ids[places].tolist())
    sought = [Word(tuple(table.tokens(one.word)), one.weight) for one in told]
    close = read_closely(table.tokens(asked.meaning), sought, texts, table)
    scores: Floats = roughly - roughly.max() - 1
    scores[places] = _sum(close, index[places], meaning[places], texts.is_known, weights)
    return scores


def _sum(close: Closeness, index: Floats, meaning: Floats, is_known: Bools, weights: Weights) -> Floats:
    """A paper that has no vector yet counts as near in meaning as its words are telling."""
    words = np.where(is_known, close.words, index)
    kin = np.where(is_known, stretched(np.where(is_known, close.kin, np.nan)), index)
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
