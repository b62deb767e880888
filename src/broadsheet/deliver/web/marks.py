"""Finds the words of a query in a paper's text, by the same stems as the index, to show them marked."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

from broadsheet.index.analysis import terms
from broadsheet.index.query import telling

SNIPPET = 260  # characters
Stems = frozenset[str]
NONE: Stems = frozenset()
_TOKEN = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"$])")


def stems_of(words: Iterable[str]) -> Stems:
    """What to look for."""
    return frozenset(stem for word in telling(words) for stem in _stems(word))


@lru_cache(maxsize=65_536)
def _stems(token: str) -> tuple[str, ...]:
    return tuple(terms(token))


def hits(text: str, stems: Stems) -> Iterator[tuple[int, int]]:
    """Where words of the query begin and end."""
    token = _like(stems) if text.isascii() else _TOKEN
    for found in token.finditer(text) if stems else ():
        if not stems.isdisjoint(_stems(found[0])):
            yield found.span()


@lru_cache(maxsize=256)
def _like(stems: Stems) -> re.Pattern[str]:
    """Words of plain letters that begin as a stem does: a stem keeps the first letter of its word."""
    first = "".join(sorted({stem[0] + stem[0].upper() for stem in stems}))
    return re.compile(rf"(?<![A-Za-z0-9])[{re.escape(first)}][A-Za-z0-9]*")


def snippet(text: str, stems: Stems) -> str:
    """The sentence with most of the words, or the first one, shortened around its first hit."""
    found = deque(hits(text, stems))
    best, first_hit, most = slice(0, 0), 0, -1
    for sentence in _sentences(text):
        at, words = found[0][0] - sentence.start if found else 0, set()
        while found and found[0][0] < sentence.stop:
            words.add(text[slice(*found.popleft())].lower())
        if len(words) > most:
            best, first_hit, most = sentence, at if words else 0, len(words)
    return _cut(text[best], first_hit, is_first=best.start == 0)


def _sentences(text: str) -> Iterator[slice]:
    start = 0
    for gap in _SENTENCE.finditer(text):
        yield slice(start, gap.start())
        start = gap.end()
    yield slice(start, len(text))


def _cut(sentence: str, at: int, *, is_first: bool) -> str:
    """At most SNIPPET characters around a place; an ellipsis stands wherever text is left out."""
    start = 0
    if len(sentence) > SNIPPET and at > SNIPPET - 60:
        start = sentence.rfind(" ", 0, at - 60) + 1
    piece = sentence[start:]
    if len(piece) > SNIPPET:
        end = piece.rfind(" ", 0, SNIPPET)
        piece = piece[: end if end > 0 else SNIPPET] + " …"
    return piece if is_first and start == 0 else f"… {piece}"
