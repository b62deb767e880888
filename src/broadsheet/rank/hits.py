"""Finds the words of a query in a text, however either spells them: to mark them, to say where they are."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.index.analysis import terms
from broadsheet.index.base import Asked
from broadsheet.index.query import telling

Words = tuple[str, ...]
NONE: Words = ()
_TOKEN = re.compile(r"[^\W_]+")
_EDGES = re.compile(r"^[\W_]+|[^\w+#]+$")  # of a word: C++ and C# keep theirs
_NEXT_PART = re.compile(r"[ \-–‑./'’+]?([^\W_]+)")  # of a compound
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)  # Chinese, Japanese, Korean
_GREEK = {
    letter: name
    for first, names in (
        (0x3B1, "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho"),
        (0x3C2, "sigma sigma tau upsilon phi chi psi omega"),
    )
    for letter, name in enumerate(names.split(), start=first)
}


@dataclass(frozen=True, slots=True)
class Hit:
    start: int
    end: int
    word: str  # of the query


@dataclass(frozen=True, slots=True)
class _Sought:
    stems: dict[str, str]  # of single words, with the word of the query
    compounds: dict[str, str]  # without the signs between their parts
    beginnings: frozenset[str]  # of compounds
    unspaced: dict[str, str]  # pairs of signs, of scripts that put no spaces
    token: re.Pattern[str]  # tokens of plain letters that may be one of them


def words_of(asked: Asked) -> Words:
    """The telling words of a query, of its phrases too: what a reader expects to see marked."""
    phrased = (word for phrase in asked.phrases for word in phrase.split())
    every = dict.fromkeys(_EDGES.sub("", word) for word in (*asked.words, *phrased))
    return tuple(telling(word for word in every if _folded(word)))


@lru_cache(maxsize=512)  # a text is asked for its passage, for its reasons and for its marks
def hits(text: str, words: Words) -> tuple[Hit, ...]:
    """Where words of the query stand, in order and without overlap."""
    if not words:
        return ()
    sought = _sought(words)
    found = sorted((*_spaced(text, sought), *_unspaced(text, sought)), key=lambda hit: (hit.start, -hit.end))
    return tuple(_without_overlap(found))


def _spaced(text: str, sought: _Sought) -> Iterator[Hit]:
    token = sought.token if text.isascii() else _TOKEN
    done = 0
    for found in token.finditer(text):
        if found.start() < done:
            continue
        hit = _compound(text, found, sought) or _single(found, sought.stems)
        if hit:
            done = hit.end
            yield hit


def _single(found: re.Match[str], stems: dict[str, str]) -> Hit | None:
    stem = next((stem for stem in _stems(found[0]) if stem in stems), None)
    return Hit(*found.span(), stems[stem]) if stem else None


def _compound(text: str, first: re.Match[str], sought: _Sought) -> Hit | None:
    """GPT-4, GPT 4 and GPT4 are one word, however the query writes it."""
    joined, end = _folded(first[0]), first.end()
    while joined in sought.beginnings:
        if joined in sought.compounds:
            return Hit(first.start(), end, sought.compounds[joined])
        token = _NEXT_PART.match(text, end)
        if token is None:
            return None
        joined, end = joined + _folded(token[1]), token.end()
    return None


def _unspaced(text: str, sought: _Sought) -> Iterator[Hit]:
    if not sought.unspaced or text.isascii():
        return
    for run in _UNSPACED.finditer(text):
        for at in range(run.start(), run.end()):
            word = sought.unspaced.get(text[at : at + 2]) or sought.unspaced.get(text[at])
            if word:
                yield Hit(at, min(run.end(), at + (2 if text[at : at + 2] in sought.unspaced else 1)), word)


def _without_overlap(found: list[Hit]) -> Iterator[Hit]:
    """Overlapping hits of one word grow together; of two words the first and longer one stays."""
    last: Hit | None = None
    for hit in found:
        if last is None or hit.start > last.end or (hit.start == last.end and not _UNSPACED.match(hit.word)):
            if last:
                yield last
            last = hit
        elif hit.end > last.end and _UNSPACED.match(hit.word):
            last = Hit(last.start, hit.end, last.word)
    if last:
        yield last


@lru_cache(maxsize=256)
def _sought(words: Words) -> _Sought:
    stems: dict[str, str] = {}
    compounds: dict[str, str] = {}
    unspaced: dict[str, str] = {}
    for word in words:
        if runs := _UNSPACED.findall(word):
            unspaced |= {pair: word for run in runs for pair in _pairs(run)}
            continue
        if folded := _folded(word):
            compounds.setdefault(folded, word)
        if len(_TOKEN.findall(word)) == 1:
            stems |= {stem: word for stem in _stems(word) if stem and stem not in stems}
    beginnings = frozenset(key[:end] for key in compounds for end in range(1, len(key) + 1))
    return _Sought(stems, compounds, beginnings, unspaced, _like([*stems, *compounds]))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _like(keys: Iterable[str]) -> re.Pattern[str]:
    """Words of plain letters that begin as one sought does, or are the first letter of a compound: stems keep
    the first two letters of nearly all words, and most words of a text are passed over by that."""
    beginnings = "|".join(sorted({_either_case(key[:2]) for key in keys}))
    letters = "|".join(sorted({_either_case(key[0]) for key in keys}))
    if not beginnings:
        return re.compile("(?!)")
    return re.compile(rf"(?<![A-Za-z0-9])(?:(?:{beginnings})[A-Za-z0-9]*|(?:{letters})(?![A-Za-z0-9]))")


def _either_case(text: str) -> str:
    return "".join(
        f"[{letter}{letter.upper()}]" if letter.isalpha() else re.escape(letter) for letter in text
    )


@lru_cache(maxsize=65_536)
def _stems(token: str) -> tuple[str, ...]:
    return tuple(terms(_folded(token) if not token.isascii() else token))


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    """Letters and digits alone: lower case, without accents, Greek letters by their names."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text).lower()
        text = "".join(_GREEK.get(ord(sign), sign) for sign in parts if not unicodedata.combining(sign))
    return "".join(_TOKEN.findall(text)).lower()
