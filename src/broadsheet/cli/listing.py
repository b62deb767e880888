"""Prints papers on a terminal, best first: the title, a quiet line on what it is, and why it is there."""

import os
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.management.base import OutputWrapper

INDENT = " " * 5
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Line:
    """A paper as a terminal shows it."""

    ref: str
    title: str
    year: int | None
    categories: str
    why: str
    score: float  # 0: not ranked by one

    def as_json(self) -> dict[str, object]:
        return {"id": self.ref, "title": self.title, "score": self.score, "why": self.why}


def print_lines(lines: Iterable[Line], out: OutputWrapper) -> None:
    is_terminal = out.isatty()
    width = min(100, shutil.get_terminal_size().columns) if is_terminal else 10_000
    has_style = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for place, line in enumerate(lines, start=1):
        for style, text in _block(place, line, width):
            out.write(f"{style}{text}{_PLAIN}" if has_style and style else text)
        out.write("")


def _block(place: int, line: Line, width: int) -> Iterator[tuple[str, str]]:
    yield _BOLD, textwrap.fill(line.title, width, initial_indent=f"{place:>3}  ", subsequent_indent=INDENT)
    facts = (line.ref, str(line.year or ""), line.categories)
    yield "", INDENT + " · ".join(fact for fact in facts if fact)
    why = f"{line.why} ({line.score:.2f})" if line.score else line.why
    yield _DIM, textwrap.fill(why, width, initial_indent=INDENT, subsequent_indent=INDENT)
