"""Reads the best papers of a query closely: how its words, pairs of words and their kin stand in them.

A second stage over a few hundred papers, on tokens that lie in the index: no text is fetched or split.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.embed.static import StaticTable
from broadsheet.index.base import NO_TOKEN, Floats, Texts, Tokens

MOST_WORDS = 40  # of a query that are looked for; a paragraph has no more that tell
MOST_TITLE = 40  # tokens
K1, B = 0.9, 0.4  # of BM25; the engine's 1.2 and 0.75 find fewer papers by paraphrases
LEVELS = 127  # likeness is kept in whole steps: bytes are gathered four times as fast

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Word:
    """A telling word of a query: the rows that stand for it, and how much finding it says."""

    rows: tuple[int, ...]
    weight: float  # inverse document frequency; 0.1 in every paper, 15 in one of millions


@dataclass(frozen=True, slots=True)
class Closeness:
    """Each of shape (papers,), from 0; shares of what the whole query could give, about 1 at best."""

    words: Floats  # BM25 of the words, whatever their endings
    title: Floats  # words in the title, shorter titles more
    pairs: Floats  # words that stand side by side as in the query
    kin: Floats  # for each word of the query the likest word of the paper, 1 for itself
    is_title: Bools  # the query is the whole title


def weight_of(frequency: int, papers: int) -> float:
    return math.log(1 + (papers - frequency + 0.5) / (frequency + 0.5))


def read_closely(query: Tokens, words: Sequence[Word], texts: Texts, table: StaticTable) -> Closeness:
    """`query` are the tokens of all its words, `words` its telling ones in their order."""
    words = words[:MOST_WORDS]
    stems = np.append(table.stems, np.full(NO_TOKEN + 1 - len(table.stems), NO_TOKEN, np.uint16))
    tokens = stems[texts.tokens]
    lengths = np.count_nonzero(texts.tokens != NO_TOKEN, axis=1).astype(np.float32)
    total = sum(word.weight for word in words) or 1.0
    standing = [_stands(tokens, stems[list(word.rows)]) for word in words if word.rows]
    weights = [word.weight for word in words if word.rows]
    relative = lengths / (lengths.mean() or 1.0)
    in_title = np.arange(MOST_TITLE) < texts.title_lengths[:, None]
    score, title, pairs = np.zeros((3, len(tokens)), np.float32)
    for places, weight in zip(standing, weights, strict=True):
        count = np.count_nonzero(places, axis=1).astype(np.float32)
        score += weight * count * (K1 + 1) / (count + K1 * (1 - B + B * relative))
        title += weight * np.any(places[:, :MOST_TITLE] & in_title, axis=1)
    for (first, one), (second, other) in zip(
        zip(standing, weights, strict=True), zip(standing[1:], weights[1:], strict=True), strict=False
    ):
        pairs += (one + other) * np.any(first[:, :-1] & second[:, 1:], axis=1)
    usual = texts.title_lengths.mean() or 1.0
    return Closeness(
        words=score / total,
        title=(title / total / (0.5 + 0.5 * texts.title_lengths / usual)).astype(np.float32),
        pairs=pairs / total,
        kin=_kin(query, texts.tokens, table),
        is_title=_is_title(query, texts),
    )


def _stands(tokens: Tokens, stems: Tokens) -> Bools:
    """(papers, tokens) where a word begins; one in parts must stand whole."""
    found: Bools = tokens == stems[0]
    for behind, part in enumerate(stems[1:], start=1):
        found[:, :-behind] &= tokens[:, behind:] == part
        found[:, -behind:] = False
    return found


def _is_title(query: Tokens, texts: Texts) -> Bools:
    if not 2 <= len(query) <= min(MOST_TITLE, texts.tokens.shape[1]):
        return np.zeros(len(texts.tokens), np.bool_)
    same = texts.tokens[:, : len(query)] == query
    is_title: Bools = np.all(same, axis=1) & (texts.title_lengths == len(query))
    return is_title


def _kin(query: Tokens, tokens: Tokens, table: StaticTable) -> Floats:
    """Every word of the query is compared with every word of a paper; the likest counts.

    Source: the late interaction of ColBERT (Khattab and Zaharia, SIGIR 2020), with static vectors;
    a word weighs as much as its vector is long, which is what training made of it.
    """
    asked = np.unique(query)[: 2 * MOST_WORDS]
    is_held = np.zeros(NO_TOKEN + 1, np.bool_)
    is_held[tokens.ravel()] = True
    is_held[NO_TOKEN] = False
    held = np.flatnonzero(is_held)
    if not len(asked) or not len(held):
        return np.zeros(len(tokens), np.float32)
    ours, weights = _units(table.vectors(asked))
    theirs, _ = _units(table.vectors(held))
    likeness = np.zeros((len(asked), NO_TOKEN + 1), np.int8)
    likeness[:, held] = np.rint(ours @ theirs.T * LEVELS)
    best = np.stack([row.take(tokens).max(axis=1) for row in likeness]).astype(np.float32)
    kin: Floats = (weights @ best / (weights.sum() * LEVELS)).astype(np.float32)
    return kin


def _units(vectors: Floats) -> tuple[Floats, Floats]:
    lengths: Floats = np.linalg.norm(vectors, axis=1).astype(np.float32)
    return (vectors / np.maximum(lengths, 1e-9)[:, None]).astype(np.float32), lengths
