"""An abstract as words and sentences, numbered, for weighing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
_START, _END, _OF_TITLE, _NUMBER = "<", ">", "T", "0"


@dataclass(frozen=True, slots=True)
class Wording:
    """Every sentence has a word, and every word a sentence."""

    lower: str  # the abstract in lower case, place by place
    words: Sequence[str]
    numbers: NDArray[np.int64]  # (words,): equal words have one
    distinct: Sequence[str]
    places: Sequence[tuple[int, int]]  # of each sentence in the abstract
    bounds: Sequence[tuple[int, int]]  # of each sentence in `words`
    deeds: NDArray[np.bool_]  # (sentences, 3): whether the authors offer, show or study something in it
    title: frozenset[str]

    def starts(self, sentence: int) -> list[int]:
        """Where the words of a sentence begin in the abstract."""
        return [match.start() for match in WORD.finditer(self.lower, *self.places[sentence])]


def worded(title: str, abstract: str, sentences: Iterable[tuple[int, int]]) -> Wording:
    """Sentences without a word of a-z or 0-9 are left out."""
    lower = lowered(abstract)
    words: list[str] = []
    places: list[tuple[int, int]] = []
    bounds: list[tuple[int, int]] = []
    deeds: list[list[bool]] = []
    for start, end in sentences:
        if found := WORD.findall(lower, start, end):
            bounds.append((len(words), len(words) + len(found)))
            places.append((start, end))
            deeds.append(_deeds(found))
            words += found
    numbers: dict[str, int] = {}
    of_words = np.array([numbers.setdefault(word, len(numbers)) for word in words], np.int64)
    return Wording(
        lower=lower,
        words=words,
        numbers=of_words,
        distinct=list(numbers),
        places=places,
        bounds=bounds,
        deeds=np.array(deeds, bool).reshape(-1, 3),
        title=frozenset(WORD.findall(lowered(title))),
    )


def _deeds(words: Iterable[str]) -> list[bool]:
    had = frozenset(words)
    if had.isdisjoint(_SELVES):
        return [False, False, False]
    return [not had.isdisjoint(verbs) for verbs in (_OFFERS, _SHOWS, _STUDIES)]


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


def cue_terms(words: Iterable[str], title: frozenset[str]) -> Iterator[str]:
    """Words and pairs of words of a sentence. Words of the title are all one, and so are numbers.

    >>> list(cue_terms(["we", "train", "deep", "nets"], frozenset({"deep", "nets"})))
    ['we', '< we', 'train', 'we train', 'T', 'train T', 'T >']
    """
    before = _START
    for word in words:
        term = _OF_TITLE if word in title else _NUMBER if word.isdigit() else word
        if term == before == _OF_TITLE:
            continue
        yield term
        yield f"{before} {term}"
        before = term
    yield f"{before} {_END}"
