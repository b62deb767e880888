"""Weighs sentences, and parts of them, by how likely their words are those of a summary.

Two linear steps. The first gives every word of an abstract a chance to stand in a summary. The second weighs
a candidate by the overlap that these chances promise, by the cues of its sentence and by where that stands.
`training/one_line.py` makes the weights.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import gt, itemgetter, mul, or_
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.readings.cues import Cues, cue_sums, cues_of
from broadsheet.enrich.readings.cuts import Cut
from broadsheet.enrich.readings.wording import COMMON, NO_DEEDS, Wording, standing

FILE = Path(__file__).parent / "one_line.json"
USUAL_LENGTH = 20.0  # words of a summary
AGAIN = 0.25  # what a word counts that its sentence has had
LENGTHS = 7  # features of a length

Floats = NDArray[np.float64]
_stub = itemgetter(slice(6))  # what words of one family share, nearly always: "train", "training"


@dataclass(frozen=True, slots=True)
class Weights:
    words: Mapping[str, float]  # log odds of known words, over those of any other
    of_word: Floats  # (2, features of a word): of one that tells something, and of a common one
    cues: Cues
    of_length: Sequence[float]  # features of how long a candidate is and what it promises
    of_front: Sequence[float]
    of_tail: Sequence[float]
    of_sentence: Sequence[float]  # features of where it stands


@cache
def shipped(path: Path = FILE) -> Weights:
    kept = json.loads(path.read_text())
    return Weights(of_word=np.array(kept.pop("of_word")), cues=cues_of(kept.pop("cues")), **kept)


def is_common(wording: Wording) -> NDArray[np.bool_]:
    """(distinct words,)"""
    found = np.zeros(len(wording.numbers), bool)
    found[standing(wording, COMMON)] = True
    return found


def word_features(wording: Wording) -> Floats:
    """(features, distinct words), the constant first."""
    words, counts = wording.numbers, wording.counts
    size = len(counts)
    stubs = set(map(_stub, wording.title))
    has = (counts > 0).astype(float)
    found = np.zeros((15, len(words)))
    found[0] = 1.0
    found[1, standing(wording, wording.title)] = 1.0
    found[2] = [stub in stubs for stub in map(_stub, words)]
    found[3] = np.log(counts.sum(0))
    found[4] = found[3] == 0
    found[5] = found[3] * found[1]
    found[6] = has.sum(0) / size
    found[7] = has[0]
    found[8] = has.argmax(0) / max(size - 1, 1)
    found[9] = has[-1]
    found[10] = np.minimum(list(map(len, words)), 12) / 10
    found[11, [words[word] for word in filter(str.isdigit, words)]] = 1.0
    found[12:15] = np.array(wording.deeds, float).T @ has > 0
    return found


def chances(wording: Wording, weights: Weights) -> Floats:
    """(distinct words,): how likely a summary has each."""
    known = [weights.words.get(word, 0.0) for word in wording.numbers]
    telling, common = weights.of_word @ word_features(wording)
    odds: Floats = np.where(is_common(wording), common, telling) + known
    return 1.0 / (1.0 + np.exp(-odds))


@dataclass(frozen=True, slots=True)
class Weighing:
    """What all candidates of a paper are weighed with."""

    wording: Wording
    chances: Floats  # (distinct words,)
    gains: Sequence[float]  # the overlap that each sentence promises
    cues: Sequence[float]  # of each sentence


def weighing(wording: Wording, weights: Weights) -> Weighing:
    counts, chance = wording.counts, chances(wording, weights)
    gains = (AGAIN * counts + (1.0 - AGAIN) * (counts > 0)) @ chance
    return Weighing(wording, chance, gains.tolist(), cue_sums(wording, weights.cues))


def sentence_scores(of: Weighing, weights: Weights) -> list[float]:
    """Of every sentence as it stands."""
    weight = [*weights.of_length, *weights.of_sentence]
    return [_dot(weight, features) for features in sentence_features(of)]


def sentence_features(of: Weighing) -> Iterator[list[float]]:
    """Of every sentence: `length_features`, how it compares to the others, and where it stands."""
    title, size = of.wording.title - COMMON, len(of.cues)
    of_length = [
        length_features(len(words), gain, len(words))
        for words, gain in zip(of.wording.words, of.gains, strict=True)
    ]
    overlaps = [features[0] for features in of_length]
    best_cue, best_overlap = max(of.cues), max(overlaps)
    cue_place, overlap_place = of.cues.index(best_cue), overlaps.index(best_overlap)
    done = NO_DEEDS  # what the authors have offered, shown, studied before
    rows = zip(of.wording.words, of_length, of.cues, of.wording.deeds, strict=True)
    for place, (words, length, cue, deeds) in enumerate(rows):
        yield [
            *length,
            cue,
            cue - best_cue,
            place > cue_place,
            length[0] - best_overlap,
            place > overlap_place,
            len(title.intersection(words)) / (len(title) or 1),
            place / size,
            place == 0,
            place == size - 1,
            place if place < 6 else 6,
            length[3],
            *deeds,
            *map(gt, deeds, done),
        ]
        done = tuple(map(or_, done, deeds))


def cut_scores(of: Weighing, sentence: int, cuts: Sequence[Cut], weights: Weights) -> list[float]:
    """Of parts of one sentence, next to each other."""
    return [
        _dot(weights.of_length, length) + weights.of_front[cut.front] + weights.of_tail[cut.tail]
        for cut, length in zip(cuts, cut_features(of, sentence, cuts), strict=True)
    ]


def cut_features(of: Weighing, sentence: int, cuts: Sequence[Cut]) -> Iterator[list[float]]:
    """The `length_features` of parts of one sentence."""
    wording, start = of.wording, of.wording.places[sentence][0]
    gains = _gains(of, sentence)
    for cut in cuts:
        first, last = wording.words_between(start, cut.start), wording.words_between(start, cut.end)
        yield length_features(last - first, gains[last] - gains[first], len(gains) - 1)


def _dot(weights: Sequence[float], features: Sequence[float]) -> float:
    total: float = sum(map(mul, weights, features))
    return total


def _gains(of: Weighing, sentence: int) -> list[float]:
    """The overlap that all words of the sentence before each promise, and all of them."""
    gains, had, chances = [0.0], set[str](), of.chances.tolist()
    for word in of.wording.words[sentence]:
        chance = chances[of.wording.numbers[word]]
        gains.append(gains[-1] + (AGAIN * chance if word in had else chance))
        had.add(word)
    return gains


def length_features(length: int, gain: float, of: int) -> list[float]:
    """Of a part of a sentence of `of` words. min() and max() would cost more than all the rest."""
    return [
        gain / (length + USUAL_LENGTH),
        gain / (length or 1),
        gain,
        length if length < 60 else 60,
        length - 25 if length > 25 else 0,
        12 - length if length < 12 else 0,
        length / of,
    ]
