"""The words that prove a figure: the clause around it, cut at the ends of words."""

import re

from broadsheet.domain.reading import Span
from broadsheet.enrich.readings.claims.figures import Figure

_BREAK_AFTER = re.compile(
    r"[;:](?= )|,(?= (?:and |while |with |which |but |[a-z]+ing ))|\)| (?=(?:while|but|which) )"
)
BEFORE, AFTER = 90, 110


def quote_around(text: str, figure: Figure, sentence: tuple[int, int]) -> Span:
    first = figure.before.start if figure.before is not None else figure.start
    start = _start(text, min(first, figure.start), sentence[0])
    end = _end(text, figure.stop, sentence[1])
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = max(figure.stop, start + len(piece.strip()))
    if text[end - 1] in ".," and end > figure.stop:
        end -= 1
    return Span(text[start:end], start, end)


def _start(text: str, at: int, least: int) -> int:
    start = max(least, at - BEFORE)
    if start > least:
        space = text.find(" ", start, at)
        start = space + 1 if space >= 0 else start
    return start


def _end(text: str, at: int, most: int) -> int:
    if most <= at + AFTER:
        return max(at, most)
    found = _BREAK_AFTER.search(text, at + 30, at + AFTER)
    if found is not None:
        return found.start()
    space = text.rfind(" ", at, at + AFTER)
    return space if space > at else at
