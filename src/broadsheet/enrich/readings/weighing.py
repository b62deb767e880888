"""Weighs sentences, and parts of them, by how likely their words are those of a summary.

Two linear steps. The first gives every word of an abstract a chance to stand in a summary. The second weighs
a candidate by the overlap that these chances promise, by the cues of its sentence and by where that stands.
`training/one_line.py` makes the weights.
"""

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.readings.cuts import Cut, Front, Tail
from broadsheet.enrich.readings.wording import COMMON, Wording, cue_terms, stub

FILE = Path(__file__).parent / "one_line.json"
USUAL_LENGTH = 20.0  # words of a summary
AGAIN = 0.25  # what a word counts that its sentence has had

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    words: dict[str, float]  # log odds of known words, over those of any other
    of_word: Floats  # (2, features of a word): of one that tells something, and of a common one
    cues: dict[str, float]  # words and pairs of them
    of_candidate: Floats  # (features of a candidate,)


@cache
def shipped(path: Path = FILE) -> Weights:
    kept = json.loads(path.read_text())
    of_word, of_candidate = np.array(kept["of_word"]), np.array(kept["of_candidate"])
    return Weights(kept["words"], of_word, kept["cues"], of_candidate)


def is_common(wording: Wording) -> NDArray[np.bool_]:
    """(distinct words,)"""
    return np.array([word in COMMON for word in wording.distinct], bool)


def word_features(wording: Wording) -> Floats:
    """(features, distinct words), the constant first."""
    words, size = wording.distinct, len(wording.bounds)
    stubs = {stub(word) for word in wording.title}
    has = np.zeros((size, len(words)), np.float32)
    for place, (start, end) in enumerate(wording.bounds):
        has[place, wording.numbers[start:end]] = 1.0
    first = has.argmax(0)
    found = np.empty((15, len(words)))
    found[0] = 1.0
    found[1] = [word in wording.title for word in words]
    found[2] = [stub(word) in stubs for word in words]
    found[3] = np.log(np.bincount(wording.numbers))
    found[4] = found[3] == 0
    found[5] = found[3] * found[1]
    found[6] = has.sum(0) / size
    found[7] = first == 0
    found[8] = first / max(size - 1, 1)
    found[9] = has[-1]
    found[10] = np.minimum([len(word) for word in words], 12) / 10
    found[11] = [word.isdigit() for word in words]
    found[12:15] = wording.deeds.T.astype(np.float32) @ has > 0
    return found


def chances(wording: Wording, weights: Weights) -> Floats:
    """(distinct words,): how likely a summary has each."""
    known = [weights.words.get(word, 0.0) for word in wording.distinct]
    telling, common = weights.of_word @ word_features(wording)
    odds: Floats = np.where(is_common(wording), common, telling) + known
    return 1.0 / (1.0 + np.exp(-odds))


def cue_sums(wording: Wording, cues: dict[str, float]) -> Floats:
    """(sentences,): what its words and their order say of each."""
    title = wording.title - COMMON
    return np.array([_cue(wording.words[start:end], title, cues) for start, end in wording.bounds])


def _cue(words: Sequence[str], title: frozenset[str], cues: dict[str, float]) -> float:
    found = {term: cues[term] for term in cue_terms(words, title) if term in cues}
    return sum(found.values())


@dataclass(frozen=True, slots=True)
class Weighing:
    """What all candidates of a paper are weighed with."""

    wording: Wording
    gains: Floats  # (words + 1,): the promised overlap of all words before each
    sentences: Floats  # (sentences, features)


def weighing(wording: Wording, chance: Floats, cues: Floats) -> Weighing:
    gains = np.zeros(len(wording.words) + 1)
    np.cumsum(chance[wording.numbers] * _worths(wording), out=gains[1:])
    return Weighing(wording, gains, _sentence_features(wording, gains, cues))


def _worths(wording: Wording) -> list[float]:
    """(words,): less for one that its sentence has had."""
    worths = [1.0] * len(wording.words)
    for start, end in wording.bounds:
        had: set[str] = set()
        for place, word in enumerate(wording.words[start:end], start):
            if word in had:
                worths[place] = AGAIN
            had.add(word)
    return worths


def _sentence_features(wording: Wording, gains: Floats, cues: Floats) -> Floats:
    starts, ends = np.array(wording.bounds).T
    lengths = ends - starts
    overlap = (gains[ends] - gains[starts]) / (lengths + USUAL_LENGTH)
    size = len(cues)
    place = np.arange(size)
    title = wording.title - COMMON
    shared = [len(title.intersection(wording.words[start:end])) for start, end in wording.bounds]
    found = np.empty((size, 21))
    found[:, 0] = cues
    found[:, 1] = cues - cues.max()
    found[:, 2] = place > cues.argmax()
    found[:, 3] = overlap - overlap.max()
    found[:, 4] = place > overlap.argmax()
    found[:, 5] = np.array(shared) / max(1, len(title))
    found[:, 6] = place / size
    found[:, 7] = place == 0
    found[:, 8] = place == size - 1
    found[:, 9] = np.minimum(place, 6)
    found[:, 10] = min(size, 12)
    found[:, 11] = np.minimum(lengths, 60)
    found[:, 12:15] = wording.deeds
    found[:, 15:18] = wording.deeds & (wording.deeds.cumsum(0) == 1)
    found[:, 18:21] = wording.deeds.any(0)
    return found


OWN = 7 + len(Front) + len(Tail)  # features that are not its sentence's


def whole_features(of: Weighing) -> Floats:
    """(sentences, features) of every sentence as it stands."""
    starts, ends = np.array(of.wording.bounds).T
    found = np.zeros((len(starts), OWN + of.sentences.shape[1]))
    _put_lengths(found, ends - starts, of.gains[ends] - of.gains[starts], ends - starts)
    found[:, [7, 7 + len(Front)]] = 1.0
    found[:, OWN:] = of.sentences
    return found


def candidate_features(of: Weighing, sentence: int, candidates: Sequence[Cut]) -> Floats:
    """(candidates, features) of parts of one sentence."""
    places = of.wording.starts(sentence)
    first = of.wording.bounds[sentence][0]
    starts = np.array([first + bisect_left(places, cut.start) for cut in candidates])
    ends = np.array([first + bisect_left(places, cut.end) for cut in candidates])
    found = np.zeros((len(candidates), OWN + of.sentences.shape[1]))
    _put_lengths(found, ends - starts, of.gains[ends] - of.gains[starts], len(places))
    row = range(len(candidates))
    found[row, [7 + cut.front for cut in candidates]] = 1.0
    found[row, [7 + len(Front) + cut.tail for cut in candidates]] = 1.0
    found[:, OWN:] = of.sentences[sentence]
    return found


def _put_lengths(
    found: Floats, lengths: NDArray[np.int64], gains: Floats, of: NDArray[np.int64] | int
) -> None:
    found[:, 0] = gains / (lengths + USUAL_LENGTH)
    found[:, 1] = gains / np.maximum(lengths, 1)
    found[:, 2] = gains
    found[:, 3] = np.minimum(lengths, 60)
    found[:, 4] = np.maximum(lengths - 25, 0)
    found[:, 5] = np.maximum(12 - lengths, 0)
    found[:, 6] = lengths / of
