"""Picks a few phrases from a paper's text that papers can be filtered by.

Only phrases that many titles hold count, so that papers share their keywords; `training/keywords.py`
counted them. A phrase scores by how often and where it stands and by how rare it is; a single word
must stand in the title.
"""

import gzip
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from broadsheet.enrich.readings.words import MOST_KEPT, words_of

PHRASES = Path(__file__).parent / "phrases.txt.gz"
MOST_KEYWORDS = 4
LONGEST = 3  # words of a phrase
TITLE = 3.0  # mentions that one in the title is worth
SINGLE = 0.3  # what a phrase of one word is worth beside one of several
RARITY = 0.3  # power of the rarity
_STOP = "."  # between two clauses: no phrase goes over it


@dataclass(frozen=True, slots=True)
class _Phrases:
    weights: dict[str, float]
    next: dict[str, set[str]]  # the words that may follow what a phrase begins with


@cache
def _phrases() -> _Phrases:
    with gzip.open(PHRASES, "rt", encoding="utf-8") as lines:
        counts = {phrase: int(count) for phrase, _, count in (line.rpartition("\t") for line in lines)}
    most = max(counts.values())
    weights = {
        phrase: (1 + math.log(most / count)) ** RARITY * (1.0 if " " in phrase else SINGLE)
        for phrase, count in counts.items()
    }
    following: dict[str, set[str]] = {}
    for phrase in counts:
        following.setdefault(phrase.partition(" ")[0], set())
        begin, _, last = phrase.rpartition(" ")
        while begin:
            following.setdefault(begin, set()).add(last)
            begin, _, last = begin.rpartition(" ")
    return _Phrases(weights, following)


def read_keywords(title: str, abstract: str) -> list[str]:
    """Phrases in lower case and the singular, the weightiest first.

    >>> read_keywords("Sparse attention for language models", "Sparse attention makes language models fast.")
    ['sparse attention', 'language model']
    """
    weights = _phrases().weights
    counts: dict[str, float] = {}
    for text, worth in ((title, TITLE), (abstract, 1.0)):
        for phrase in _found(text):
            if worth == TITLE or " " in phrase or phrase in counts:
                counts[phrase] = counts.get(phrase, 0.0) + worth
    ranked = sorted(counts, key=lambda phrase: (-weights[phrase] * math.log1p(counts[phrase]), phrase))
    return _apart(ranked)


def _found(text: str) -> Iterator[str]:
    """The longest known phrase at each place; its parts do not count again."""
    phrases = _phrases()
    words = _clauses(text)
    done = 0
    for place in [place for place, word in enumerate(words) if word in phrases.next]:
        if place < done:
            continue
        phrase, end, longest = words[place], place + 1, ""
        while True:
            if phrase in phrases.weights:
                longest, done = phrase, end
            if words[end] not in phrases.next.get(phrase, ()):
                break
            phrase, end = f"{phrase} {words[end]}", end + 1
        if longest:
            yield longest


def _clauses(text: str) -> list[str]:
    cut = words_of(text)
    words: list[str] = []
    for word, gap in zip(cut.lower, cut.gaps, strict=False):
        if gap != " ":
            words.append(_STOP)
        if "-" in word:
            words += [_singular[part] for part in word.split("-")]
        else:
            words.append(_singular[word])
    words.append(_STOP)
    return words


def singular(word: str) -> str:
    """Near enough for telling whether two phrases are one.

    >>> singular("models"), singular("studies"), singular("bias"), singular("analysis")
    ('model', 'study', 'bias', 'analysis')
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics", "ias")):
        return word[:-1]
    return word


class _Singular(dict[str, str]):
    """Remembers singulars, up to a limit."""

    def __missing__(self, word: str) -> str:
        single = singular(word)
        if len(self) < MOST_KEPT:
            self[word] = single
        return single


_singular = _Singular()


def _apart(ranked: list[str]) -> list[str]:
    """The first ones that do not lie within each other."""
    chosen: list[str] = []
    for phrase in ranked:
        if len(chosen) == MOST_KEYWORDS:
            break
        if not any(f" {phrase} " in f" {other} " or f" {other} " in f" {phrase} " for other in chosen):
            chosen.append(phrase)
    return chosen
