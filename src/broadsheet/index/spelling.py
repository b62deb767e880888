"""Puts mistyped words right: a word that no paper holds becomes the nearest one that titles or names hold."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tantivy
from rapidfuzz.distance import OSA

from broadsheet.index.analysis import PLAIN, terms
from broadsheet.index.base import Asked
from broadsheet.index.grammar import FIELDS
from broadsheet.index.query import read

SHORTEST = 4  # letters; shorter words are near too many others
TWO_ERRORS_FROM = 7  # letters, of which the first KEPT are taken to be right
KEPT = 3
MOST_MENDED = 4  # words of a query: one with more of them is in another language
RARE = 40  # papers: a word that so few hold, none as a name, may still be a slip that others made too,
MORE_KNOWN = 300  # when a word one slip away stands in so many times as many titles
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^\W\d_]+(?![\w:@/]|\.\w)")
_WHERE = ("title_words", "authors")


@dataclass(frozen=True, slots=True)
class Speller:
    searcher: tantivy.Searcher

    def mended(self, asked: Asked) -> str | None:
        """The query with each unknown word in the spelling that is known; operators and quotes stay."""
        wanted = {word for text in (*asked.words, *asked.phrases) for word in _plain_words(text)}
        right: dict[str, str] = {}
        for word in sorted(wanted):
            if len(right) < MOST_MENDED and (better := self._better(word)):
                right[word] = better
        if not right:
            return None
        text = _replaced(asked.text, right)
        return text if text != asked.text and not read(text).is_empty else None

    def _better(self, word: str) -> str | None:
        if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
            return None
        papers = self._papers(word)
        if papers > RARE:
            return None
        if papers:
            is_name = self.searcher.doc_freq("authors", word) > 0
            return None if is_name else self._best(_one_off(word), at_least=papers * MORE_KNOWN)
        return self._best(_one_off(word)) or self._two_off(word) or self._split(word)

    def _papers(self, word: str) -> int:
        stems = terms(word)
        said = self.searcher.doc_freq("text", stems[0]) if stems else 0
        return said or self._known(word)

    def _known(self, word: str) -> int:
        return sum(self.searcher.doc_freq(field, word) for field in _WHERE)

    def _best(self, candidates: Iterable[str], at_least: int = 1) -> str | None:
        """The most frequent; among equals the first of the alphabet."""
        counted = [(self._known(word), word) for word in sorted(set(candidates))]
        most, word = max(counted, key=lambda one: one[0], default=(0, ""))
        return word if most >= at_least else None

    def _two_off(self, word: str) -> str | None:
        """Two errors, where nothing is nearer: only after a right beginning, which leaves few to compare."""
        if len(word) < TWO_ERRORS_FROM:
            return None
        near = (
            (papers, known)
            for field in _WHERE
            for known, papers in self.searcher.terms_with_prefix(field, word[:KEPT])
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


def _plain_words(text: str) -> list[str]:
    return [word for word in terms(text, PLAIN) if word.isalpha()]


def _swapped(word: str) -> Iterator[str]:
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _one_off(word: str) -> Iterator[str]:
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
