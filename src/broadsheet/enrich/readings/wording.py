"""An abstract as words and sentences, numbered, for weighing."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"[a-z0-9]+")
COMMON = frozenset(
    "a an and are as at be been but by can for from has have however in into is it its more not of on or our such than "
    "that the their these they this to used using via was we were when where which while with".split()
)
_SELVES = frozenset("we our paper work article".split())
_OFFERS = frozenset(
    f"{verb}{ending}"
    for verb in "propose present introduce develop describe design devise provide offer".split()
    for ending in ("", "s", "d" if verb.endswith("e") else "ed")
)
_SHOWS = frozenset(
    "show shows demonstrate demonstrates prove proves find establish reveal reveals observe indicate confirm".split()
)
_STUDIES = frozenset(
    "study studies investigate investigates explore explores analyze examine consider address addresses tackle focus aim "
    "seek revisit compare use apply train extend combine learn derive formulate employ leverage exploit build".split()
)
_START, _END, _OF_TITLE, _NUMBER = "<", ">", "T", "0"


@dataclass(frozen=True, slots=True)
class Wording:
    """Every sentence has a word, and every word a sentence."""

    words: Sequence[str]
    starts: Sequence[int]  # of each word, in the abstract
    numbers: NDArray[np.int64]  # (words,): equal words have one
    distinct: Sequence[str]
    bounds: NDArray[np.int64]  # (sentences, 2): first word, and the one after the last
    deeds: NDArray[np.bool_]  # (sentences, 3): whether the authors offer, show or study something in it
    title: Sequence[str]

    def place(self, offset: int) -> int:
        """The first word that begins at or behind this character."""
        return bisect_left(self.starts, offset)


def worded(title: str, abstract: str, sentences: Iterable[tuple[int, int]]) -> Wording:
    lower = lowered(abstract)
    words: list[str] = []
    starts: list[int] = []
    bounds: list[tuple[int, int]] = []
    deeds: list[list[bool]] = []
    for start, end in sentences:
        first = len(words)
        for match in WORD.finditer(lower, start, end):
            words.append(match[0])
            starts.append(match.start())
        if len(words) > first:
            bounds.append((first, len(words)))
            deeds.append(_deeds(frozenset(words[first:])))
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(word, len(numbers)) for word in words]
    return Wording(
        words=words,
        starts=starts,
        numbers=np.array(places, np.int64),
        distinct=list(numbers),
        bounds=np.array(bounds, np.int64).reshape(-1, 2),
        deeds=np.array(deeds, bool).reshape(-1, 3),
        title=WORD.findall(lowered(title)),
    )


def _deeds(words: frozenset[str]) -> list[bool]:
    selves = not words.isdisjoint(_SELVES)
    return [selves and not words.isdisjoint(verbs) for verbs in (_OFFERS, _SHOWS, _STUDIES)]


def lowered(text: str) -> str:
    """Lower case of the same length, so that places stay.

    >>> lowered("İzmir Nets")
    'İzmir nets'
    """
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)


def stub(word: str) -> str:
    """What words of one family share, nearly always: "train", "training"."""
    return word[:6]


def cue_terms(words: Sequence[str], title: frozenset[str]) -> set[str]:
    """Words and pairs of words of a sentence. Words of the title are all one, and so are numbers.

    >>> sorted(cue_terms(["we", "train", "deep", "nets"], frozenset({"deep", "nets"})))
    ['< we', 'T', 'T >', 'train', 'train T', 'we', 'we train']
    """
    before, found = _START, set()
    for word in words:
        term = _OF_TITLE if word in title else _NUMBER if word.isdigit() else word
        if term == before == _OF_TITLE:
            continue
        found.add(term)
        found.add(f"{before} {term}")
        before = term
    found.add(f"{before} {_END}")
    return found
