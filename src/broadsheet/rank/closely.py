"""Reads the best papers of a query closely: how its words, pairs of words and their kin stand in them.

A second stage over a few hundred papers, on tokens that lie in the index: no text is fetched or split.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.embed.static import StaticTable
from broadsheet.index.base import NO_TOKEN, Floats, Texts, Tokens
from broadsheet.lib.arrays import rows_at

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
    papers, width = texts.tokens.shape
    words = [word for word in words if word.rows][:MOST_WORDS]
    stems = table.padded_stems
    tokens = stems[texts.tokens].ravel()
    lengths = np.count_nonzero(texts.tokens != NO_TOKEN, axis=1)
    relative = lengths / (lengths.mean() or 1.0)
    standing = [_places(tokens, stems[list(word.rows)], width) for word in words]
    score, title, pairs = np.zeros((3, papers))
    for places, word in zip(standing, words, strict=True):
        count = np.bincount(places // width, minlength=papers)
        score += word.weight * count * (K1 + 1) / (count + K1 * (1 - B + B * relative))
        in_title = places[places % width < texts.title_lengths[places // width]]
        title[np.unique(in_title // width)] += word.weight
    for (first, one), (second, other) in pairwise(zip(standing, words, strict=True)):
        next_to = first[first % width + len(one.rows) < width] + len(one.rows)
        behind = np.intersect1d(next_to, second, assume_unique=True)
        pairs[np.unique(behind // width)] += one.weight + other.weight
    total = sum(word.weight for word in words) or 1.0
    title /= 0.5 + 0.5 * texts.title_lengths / (texts.title_lengths.mean() or 1.0)
    return Closeness(
        words=(score / total).astype(np.float32),
        title=(title / total).astype(np.float32),
        pairs=(pairs / total).astype(np.float32),
        kin=_kin(query, texts.tokens, table),
        is_title=_is_title(query, texts),
    )


def _places(tokens: Tokens, stems: Tokens, width: int) -> NDArray[np.intp]:
    """Where a word begins, in the texts of all papers one after the other; one in parts must stand whole."""
    places = np.flatnonzero(tokens == stems[0])
    places = places[places % width + len(stems) <= width]
    for behind, part in enumerate(stems[1:], start=1):
        places = places[tokens[places + behind] == part]
    return places


def _is_title(query: Tokens, texts: Texts) -> Bools:
    if not 1 <= len(query) <= min(MOST_TITLE, texts.tokens.shape[1]):
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
    is_held[tokens] = True
    is_held[NO_TOKEN] = False
    held = np.flatnonzero(is_held)
    if not len(asked) or not len(held):
        return np.zeros(len(tokens), np.float32)
    ours = table.values[asked] * (LEVELS / table.lengths[asked])[:, None]
    theirs = rows_at(table.values, held).astype(np.float32)
    likeness = np.zeros((NO_TOKEN + 1, -(-len(asked) // 16) * 16), np.int8)  # 16 bytes are copied at once
    likeness[held, : len(asked)] = np.rint((theirs @ ours.T) / table.lengths[held, None])
    best = rows_at(likeness, tokens.T).max(axis=0)[:, : len(asked)].astype(np.float32)
    weights = table.lengths[asked] * table.scales[asked]
    kin: Floats = (best @ weights / (weights.sum() * LEVELS)).astype(np.float32)
    return kin
