"""Finds the words of a query in a paper's text, by the same stems as the index, to show them marked."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from broadsheet.index.analysis import terms

SNIPPET = 260  # characters
Stems = frozenset[str]
NONE: Stems = frozenset()
_TOKEN = re.compile(r"[^\W_]+")
_QUIET = frozenset(
    _TOKEN.findall(
        "a an and are as at be by for from in is it not of on or that the their this to via we with"
    )
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"$])")


def stems_of(words: Iterable[str]) -> Stems:
    """What to look for. Words of every text are not worth a mark, unless nothing else was asked."""
    told = list(words)
    worth = [word for word in told if word not in _QUIET]
    return frozenset(stem for word in worth or told for stem in _stems(word))


@lru_cache(maxsize=65_536)
def _stems(token: str) -> tuple[str, ...]:
    return tuple(terms(token))


def hits(text: str, stems: Stems) -> Iterator[tuple[int, int]]:
    """Where words of the query begin and end."""
    for found in _TOKEN.finditer(text) if stems else ():
        if not stems.isdisjoint(_stems(found.group())):
            yield found.span()


def snippet(text: str, stems: Stems) -> str:
    """The sentence with most of the words, or the first one, shortened around its first hit."""
    sentences = _SENTENCE.split(text)
    best = max(sentences, key=lambda sentence: len({sentence[a:b].lower() for a, b in hits(sentence, stems)}))
    first_hit = next(hits(best, stems), (0, 0))
    return _cut(best, first_hit[0], is_first=best is sentences[0])


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
