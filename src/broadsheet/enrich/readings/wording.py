"""An abstract as words and sentences, numbered, for weighing."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"[a-z0-9]+")
COMMON = frozenset(
    WORD.findall(
        "a an and are as at be been but by can for from has have however in into is it its more not "
        "of on or our "
        "such than that the their these they this to used using via was we were when where which while with"
    )
)
_SELVES = frozenset({"we", "our", "paper", "work", "article"})
_OFFERS = frozenset(
    f"{verb}{ending}"
    for verb in WORD.findall("propose present introduce develop describe design devise provide offer")
    for ending in ("", "s", "d" if verb.endswith("e") else "ed")
)
_SHOWS = frozenset(
    WORD.findall(
        "show shows demonstrate demonstrates prove proves find establish reveal reveals observe "
        "indicate confirm"
    )
)
_STUDIES = frozenset(
    WORD.findall(
        "study studies investigate investigates explore explores analyze examine consider address "
        "addresses tackle "
        "focus aim seek revisit compare use apply train extend combine learn derive formulate employ "
        "leverage "
        "exploit build"
    )
)
_SIGNS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")
_PLAIN = bytes(sign if sign in _SIGNS else ord(" ") for sign in range(256))
MOST_SENTENCES = 60
NO_DEEDS = (False, False, False)


@dataclass(frozen=True, slots=True)
class Wording:
    """Every sentence has a word, and every word a sentence."""

    plain: str  # the abstract, place by place: small letters of a-z, digits and spaces
    places: Sequence[tuple[int, int]]  # of each sentence in the abstract
    words: Sequence[Sequence[str]]  # of each sentence
    numbers: Mapping[str, int]  # of each distinct word, in the order of the text
    counts: NDArray[np.int64]  # (sentences, distinct words)
    deeds: Sequence[tuple[bool, ...]]  # of each sentence: whether the authors offer, show, study something
    title: frozenset[str]

    def words_between(self, start: int, end: int) -> int:
        """How many begin there."""
        return len(self.plain[start:end].split())


def worded(title: str, abstract: str, sentences: Iterable[tuple[int, int]]) -> Wording:
    """Sentences without a word of a-z or 0-9 are left out."""
    plain = plain_of(abstract)
    split = ((place, plain[slice(*place)].split()) for place in sentences)
    found = list(islice((one for one in split if one[1]), MOST_SENTENCES))
    words = [some for _, some in found]
    numbers: dict[str, int] = {}
    of_words = [numbers.setdefault(word, len(numbers)) for some in words for word in some]
    return Wording(
        plain=plain,
        places=[place for place, _ in found],
        words=words,
        numbers=numbers,
        counts=_counted(of_words, [len(some) for some in words], len(numbers)),
        deeds=[_deeds(some) for some in words],
        title=frozenset(plain_of(title).split()),
    )


def _counted(words: Sequence[int], lengths: Sequence[int], size: int) -> NDArray[np.int64]:
    """How often each sentence has each word: places in one long row, counted at once."""
    first = np.repeat(np.arange(len(lengths)) * size, lengths)
    counts = np.bincount(first + np.array(words, np.int64), minlength=len(lengths) * size)
    return counts.reshape(len(lengths), size)


def _deeds(words: Sequence[str]) -> tuple[bool, ...]:
    if _SELVES.isdisjoint(words):
        return NO_DEEDS
    return not _OFFERS.isdisjoint(words), not _SHOWS.isdisjoint(words), not _STUDIES.isdisjoint(words)


def plain_of(text: str) -> str:
    """Words of a-z and 0-9 and spaces for all else, of the same length, so that places stay.

    >>> plain_of("The İzmir-2 Nets")
    'the  zmir 2 nets'
    """
    return lowered(text).encode("ascii", "replace").translate(_PLAIN).decode("ascii")


def lowered(text: str) -> str:
    """Lower case of the same length, so that places stay.

    >>> lowered("İzmir Nets")
    'İzmir nets'
    """
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)


def standing(wording: Wording, words: Set[str]) -> list[int]:
    """The numbers of those that the abstract has."""
    return [wording.numbers[word] for word in words & wording.numbers.keys()]
