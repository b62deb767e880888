"""Weighs sentences, and parts of them, by how likely their words are those of a summary.

Two linear steps. The first gives every word of an abstract a chance to stand in a summary. The second weighs
a candidate by the overlap that these chances promise, by the cues of its sentence and by where that stands.
`training/one_line.py` makes the weights.
"""

import json
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
_FRONTS = np.eye(len(Front))[:, 1:]
_TAILS = np.eye(len(Tail))[:, 1:]


@dataclass(frozen=True, slots=True)
class Weights:
    words: dict[str, float]  # log odds of known words, over those of any other
    of_word: Floats  # (features of a word,), the constant first
    cues: dict[str, float]  # words and pairs of them
    of_candidate: Floats  # (features of a candidate,)


@cache
def shipped(path: Path = FILE) -> Weights:
    kept = json.loads(path.read_text())
    of_word, of_candidate = np.array(kept["of_word"]), np.array(kept["of_candidate"])
    return Weights(kept["words"], of_word, kept["cues"], of_candidate)


def word_features(wording: Wording) -> Floats:
    """(distinct words, features), the constant first."""
    words, count, size = wording.distinct, len(wording.distinct), len(wording.bounds)
    title = frozenset(wording.title)
    stubs = {stub(word) for word in title}
    common = np.array([word in COMMON for word in words], bool)
    told = np.array([word in title for word in words], bool)
    akin = np.array([stub(word) in stubs for word in words], bool)
    lengths = np.minimum([len(word) for word in words], 12) / 10
    digits = np.array([word.isdigit() for word in words], bool)
    times = np.log(np.bincount(wording.numbers, minlength=count))
    has = np.zeros((size, count), bool)
    for place, (start, end) in enumerate(wording.bounds):
        has[place, wording.numbers[start:end]] = True
    first = has.argmax(0)
    deeds = (wording.deeds.T.astype(np.float64) @ has > 0).T
    content = ~common
    return np.column_stack(
        [
            np.ones(count), told & content, akin & content & ~told, times * content, has.mean(0) * content,
            first == 0, first / max(size - 1, 1), has[-1], lengths * content, digits, common, times * common,
            content & (times == 0), told * times * content,
            deeds & content[:, None], deeds & common[:, None], deeds[:, :2] & (content & ~told)[:, None],
        ]
    )  # fmt: skip


def chances(wording: Wording, weights: Weights) -> Floats:
    """(distinct words,): how likely a summary has each."""
    known = [weights.words.get(word, 0.0) for word in wording.distinct]
    odds: Floats = word_features(wording) @ weights.of_word + known
    return 1.0 / (1.0 + np.exp(-odds))


def cue_sums(wording: Wording, cues: dict[str, float]) -> Floats:
    """(sentences,): what its words and their order say of each."""
    title = frozenset(wording.title) - COMMON
    terms = [cue_terms(wording.words[start:end], title) for start, end in wording.bounds.tolist()]
    return np.array([sum(cues[term] for term in some if term in cues) for some in terms])


@dataclass(frozen=True, slots=True)
class Weighing:
    """What all candidates of a paper are weighed with."""

    wording: Wording
    gains: Floats  # (words + 1,): the promised overlap of all words before each
    rows: Floats  # (sentences, features)


def weighing(wording: Wording, chance: Floats, cues: Floats) -> Weighing:
    starts, ends = wording.bounds.T
    gains = np.concatenate([[0.0], np.cumsum(chance[wording.numbers] * _worths(wording))])
    lengths = ends - starts
    overlap = 2 * (gains[ends] - gains[starts]) / (lengths + USUAL_LENGTH)
    size, place = len(starts), np.arange(len(starts))
    rows = np.column_stack(
        [
            cues, cues - cues.max(), place > cues.argmax(), overlap - overlap.max(), place > overlap.argmax(),
            _shares(wording), place / size, place == 0, place == size - 1, np.minimum(place, 6),
            np.full(size, min(size, 12)), np.minimum(lengths, 60), wording.deeds,
            wording.deeds & (np.cumsum(wording.deeds, 0) == 1), np.repeat(wording.deeds.any(0)[None], size, 0),
        ]
    )  # fmt: skip
    return Weighing(wording, gains, rows)


def _worths(wording: Wording) -> Floats:
    """(words,): less for one that its sentence has had."""
    worths = np.ones(len(wording.words))
    for start, end in wording.bounds.tolist():
        had: set[str] = set()
        for place in range(start, end):
            word = wording.words[place]
            if word in had:
                worths[place] = AGAIN
            had.add(word)
    return worths


def _shares(wording: Wording) -> list[float]:
    """Of the title's words, in each sentence."""
    title = frozenset(wording.title) - COMMON
    return [
        len(title.intersection(wording.words[start:end])) / max(1, len(title))
        for start, end in wording.bounds.tolist()
    ]


def candidate_features(of: Weighing, candidates: Sequence[tuple[int, Cut]]) -> Floats:
    """(candidates, features) of parts of sentences, each with the number of its sentence."""
    sentence = np.array([place for place, _ in candidates])
    starts = np.array([of.wording.place(cut.start) for _, cut in candidates])
    ends = np.array([of.wording.place(cut.end) for _, cut in candidates])
    lengths = ends - starts
    gains = of.gains[ends] - of.gains[starts]
    first, last = of.wording.bounds[sentence].T
    return np.column_stack(
        [
            2 * gains / (lengths + USUAL_LENGTH), gains / np.maximum(lengths, 1), gains,
            np.minimum(lengths, 60), np.maximum(lengths - 25, 0), np.maximum(12 - lengths, 0),
            lengths / (last - first), of.rows[sentence],
            _FRONTS[[cut.front for _, cut in candidates]], _TAILS[[cut.tail for _, cut in candidates]],
        ]
    )  # fmt: skip
