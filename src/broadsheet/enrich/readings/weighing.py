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
    """(features, distinct words), the constant first."""
    words, count, size = wording.distinct, len(wording.distinct), len(wording.bounds)
    stubs = {stub(word) for word in wording.title}
    content = np.array([word not in COMMON for word in words], bool)
    told = np.array([word in wording.title for word in words], bool)
    akin = np.array([stub(word) in stubs for word in words], bool)
    times = np.log(np.bincount(wording.numbers, minlength=count))
    has = np.zeros((size, count), bool)
    has[_sentences(wording), wording.numbers] = True
    first = has.argmax(0)
    deeds = wording.deeds.T.astype(np.float32) @ has > 0
    found = np.empty((22, count))
    found[0] = 1.0
    found[1] = told & content
    found[2] = akin & content & ~told
    found[3] = times * content
    found[4] = has.mean(0) * content
    found[5] = first == 0
    found[6] = first / max(size - 1, 1)
    found[7] = has[-1]
    found[8] = np.minimum([len(word) for word in words], 12) / 10 * content
    found[9] = [word.isdigit() for word in words]
    found[10] = ~content
    found[11] = times * ~content
    found[12] = content & (times == 0)
    found[13] = told * found[3]
    found[14:17] = deeds & content
    found[17:20] = deeds & ~content
    found[20:22] = deeds[:2] & (content & ~told)
    return found


def _sentences(wording: Wording) -> NDArray[np.int64]:
    """(words,): the sentence of each."""
    return np.repeat(np.arange(len(wording.bounds)), wording.lengths)


def chances(wording: Wording, weights: Weights) -> Floats:
    """(distinct words,): how likely a summary has each."""
    known = [weights.words.get(word, 0.0) for word in wording.distinct]
    odds: Floats = weights.of_word @ word_features(wording) + known
    return 1.0 / (1.0 + np.exp(-odds))


def cue_sums(wording: Wording, cues: dict[str, float]) -> Floats:
    """(sentences,): what its words and their order say of each."""
    title = wording.title - COMMON
    return np.array([_cue(wording.words[start:end], title, cues) for start, end in wording.bounds.tolist()])


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
    starts, ends = wording.bounds.T
    overlap = 2 * (gains[ends] - gains[starts]) / (wording.lengths + USUAL_LENGTH)
    return Weighing(wording, gains, _sentence_features(wording, overlap, cues))


def _worths(wording: Wording) -> Floats:
    """(words,): less for one that its sentence has had."""
    worths = np.full(len(wording.words), AGAIN)
    codes = wording.numbers * len(wording.bounds) + _sentences(wording)
    worths[np.unique(codes, return_index=True)[1]] = 1.0
    return worths


def _sentence_features(wording: Wording, overlap: Floats, cues: Floats) -> Floats:
    size = len(cues)
    place = np.arange(size)
    title = wording.title - COMMON
    bounds = wording.bounds.tolist()
    found = np.empty((size, 21))
    found[:, 0] = cues
    found[:, 1] = cues - cues.max()
    found[:, 2] = place > cues.argmax()
    found[:, 3] = overlap - overlap.max()
    found[:, 4] = place > overlap.argmax()
    found[:, 5] = [len(title.intersection(wording.words[start:end])) for start, end in bounds]
    found[:, 5] /= max(1, len(title))
    found[:, 6] = place / size
    found[:, 7] = place == 0
    found[:, 8] = place == size - 1
    found[:, 9] = np.minimum(place, 6)
    found[:, 10] = min(size, 12)
    found[:, 11] = np.minimum(wording.lengths, 60)
    found[:, 12:15] = wording.deeds
    found[:, 15:18] = wording.deeds & (np.cumsum(wording.deeds, 0) == 1)
    found[:, 18:21] = wording.deeds.any(0)
    return found


def candidate_features(of: Weighing, candidates: Sequence[tuple[int, Cut]]) -> Floats:
    """(candidates, features) of parts of sentences, each with the number of its sentence."""
    sentence = [place for place, _ in candidates]
    starts = np.array([of.wording.place(cut.start) for _, cut in candidates])
    ends = np.array([of.wording.place(cut.end) for _, cut in candidates])
    lengths = ends - starts
    gains = of.gains[ends] - of.gains[starts]
    own = 7 + len(Front) + len(Tail)
    found = np.zeros((len(candidates), own + of.sentences.shape[1]))
    found[:, 0] = 2 * gains / (lengths + USUAL_LENGTH)
    found[:, 1] = gains / np.maximum(lengths, 1)
    found[:, 2] = gains
    found[:, 3] = np.minimum(lengths, 60)
    found[:, 4] = np.maximum(lengths - 25, 0)
    found[:, 5] = np.maximum(12 - lengths, 0)
    found[:, 6] = lengths / of.wording.lengths[sentence]
    row = np.arange(len(candidates))
    found[row, [7 + cut.front for _, cut in candidates]] = 1.0
    found[row, [7 + len(Front) + cut.tail for _, cut in candidates]] = 1.0
    found[:, own:] = of.sentences[sentence]
    return found
