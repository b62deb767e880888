"""What the words of a sentence, and pairs of them, say of its chance to be the summary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from broadsheet.enrich.readings.wording import COMMON, Wording

_START, _END, _OF_TITLE, _NUMBER = "<", ">", "T", "0"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cues:
    alone: Mapping[str, float]
    pairs: Mapping[Pair, float]


def cues_of(weights: Mapping[str, float]) -> Cues:
    """
    >>> cues_of({"we": 0.5, "we train": 0.25})
    Cues(alone={'we': 0.5}, pairs={('we', 'train'): 0.25})
    """
    alone = {cue: weight for cue, weight in weights.items() if " " not in cue}
    pairs = {_pair(cue): weight for cue, weight in weights.items() if " " in cue}
    return Cues(alone, pairs)


def _pair(cue: str) -> Pair:
    before, _, behind = cue.partition(" ")
    return before, behind


def cue_sums(wording: Wording, cues: Cues) -> list[float]:
    """What the words of each sentence and their order say of it."""
    others = others_of(wording)
    return [_sum(terms_of(words, others), cues) for words in wording.words]


def _sum(terms: Sequence[str], cues: Cues) -> float:
    pairs = {pair: cues.pairs[pair] for pair in pairwise(terms) if pair in cues.pairs}
    alone = {term: cues.alone[term] for term in terms if term in cues.alone}
    return sum(pairs.values()) + sum(alone.values())


def others_of(wording: Wording) -> dict[str, str]:
    """What stands for a word in cues: words of the title are all one, and so are numbers."""
    others = dict.fromkeys(filter(str.isdigit, wording.numbers), _NUMBER)
    others.update(dict.fromkeys(wording.title - COMMON, _OF_TITLE))
    return others


def terms_of(words: Sequence[str], others: Mapping[str, str]) -> list[str]:
    """
    >>> terms_of(["we", "train", "nets"], {"nets": "T"})
    ['<', 'we', 'train', 'T', '>']
    """
    return [_START, *map(others.get, words, words), _END]
