"""Puts mistyped words right: a word that no paper holds becomes the nearest one that titles or names hold."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from broadsheet.index.analysis import PLAIN, terms
from broadsheet.index.base import Asked
from broadsheet.index.grammar import FIELDS
from broadsheet.index.query import read
from broadsheet.index.vocabulary import Vocabulary

SHORTEST = 4  # letters; shorter words are near too many others
TWO_ERRORS_FROM = 7  # letters, of which the first KEPT are taken to be right
KEPT = 3
MOST_MENDED = 6  # words of a query; one with more of them that no paper holds is in another language
MOST_COMPARED = 5_000  # words of one beginning
RARE = 40  # papers: a word that so few hold, none as a name, may still be a slip that others made too,
MORE_KNOWN = 300  # when a word one slip away stands in so many times as many titles
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"(?<![\w@/-])[^\W\d_]+(?![\w:@/-]|\.\w)")  # parts of compounds are left alone
_WHERE = ("title_words", "authors")


@dataclass(frozen=True, slots=True)
class Speller:
    vocabulary: Vocabulary

    def mended(self, asked: Asked) -> str | None:
        """The query with each unknown word in the spelling that is known; operators and quotes stay."""
        words = {word for text in (*asked.words, *asked.phrases) for word in _plain_words(text)}
        counted = {word: self._papers(word) for word in _mendable(asked.text) if word in words}
        doubtful = sorted((count, word) for word, count in counted.items() if count <= RARE)
        if len(doubtful) > MOST_MENDED and not doubtful[MOST_MENDED][0]:
            return None
        right = {word: better for _, word in doubtful[:MOST_MENDED] if (better := self._better(word))}
        if not right:
            return None
        text = _replaced(asked.text, right)
        return text if text != asked.text and not read(text).is_empty else None

    def _better(self, word: str) -> str | None:
        if papers := self._papers(word):
            is_name = self.vocabulary.count("authors", word) > 0
            return None if is_name else self._one_off(word, at_least=papers * MORE_KNOWN)
        return self._one_off(word) or self._two_off(word) or self._split(word)

    def _papers(self, word: str) -> int:
        stems = terms(word)
        said = self.vocabulary.count("text", stems[0]) if stems else 0
        return said or self._known(word)

    def _known(self, word: str) -> int:
        return sum(self.vocabulary.count(field, word) for field in _WHERE)

    def _best(self, candidates: Iterable[str], at_least: int = 1) -> str | None:
        """The most frequent; among equals the first of the alphabet."""
        counted = [(self._known(word), word) for word in sorted(set(candidates))]
        most, word = max(counted, key=lambda one: one[0], default=(0, ""))
        return word if most >= at_least else None

    def _one_off(self, word: str, at_least: int = 1) -> str | None:
        """One error away; first among those that begin alike, since first letters are rarely wrong."""
        near = set(_edits(word))
        alike = {one for one in near if one[:1] == word[0]}
        return self._best(alike, at_least) or self._best(near - alike, at_least)

    def _two_off(self, word: str) -> str | None:
        """Two errors, where nothing is nearer: only after a right beginning, which leaves few to compare."""
        if len(word) < TWO_ERRORS_FROM:
            return None
        near = (
            (papers, known)
            for field in _WHERE
            for known, papers in self.vocabulary.beginning(field, word[:KEPT], MOST_COMPARED)
            if abs(len(known) - len(word)) <= 2 and OSA.distance(word, known, score_cutoff=2) <= 2
        )
        return max(near, default=(0, None))[1]

    def _split(self, word: str) -> str | None:
        """A space left out: where both halves are known, the rarer of them as frequent as can be."""
        halves = [
            (min(self._known(word[:place]), self._known(word[place:])), f"{word[:place]} {word[place:]}")
            for place in range(3, len(word) - 2)
        ]
        papers, text = max(halves, default=(0, ""))
        return text if papers else None


def _mendable(text: str) -> list[str]:
    """Words of plain letters that are no names as BERTology and LLaVA are; lower case."""
    found = dict.fromkeys(found[0] for found in _WORD.finditer(text))
    kept = [word for word in found if word.isascii() and len(word) >= SHORTEST and word[1:].islower()]
    return list(dict.fromkeys(word.lower() for word in kept))


def _plain_words(text: str) -> list[str]:
    return [word for word in terms(text, PLAIN) if word.isalpha()]


def _swapped(word: str) -> Iterator[str]:
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _edits(word: str) -> Iterator[str]:
    """Two letters swapped, one left out, one too many, or a wrong one."""
    yield from _swapped(word)
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
    for place in range(len(word) + 1):
        for letter in _LETTERS:
            yield word[:place] + letter + word[place:]
            yield word[:place] + letter + word[place + 1 :]


def _replaced(text: str, right: dict[str, str]) -> str:
    def better(found: re.Match[str]) -> str:
        plain = terms(found[0], PLAIN)
        return right.get(plain[0], found[0]) if len(plain) == 1 and plain[0] not in FIELDS else found[0]

    return _WORD.sub(better, text)
