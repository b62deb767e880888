"""Prints what was told: for people in the width of their terminal, for programs a line each."""

import os
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from broadsheet.cli.lists.rows import Entry, Row, as_json, cleaned, plain

INDENT = " " * 5
LONGEST_LINE = 100  # signs; longer ones are hard to read
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Out(Protocol):
    def write(self, text: str) -> Any: ...
    def isatty(self) -> bool: ...


class Printer:
    def __init__(self, out: Out) -> None:
        self._out = out
        self.is_terminal = out.isatty()
        self._width = min(LONGEST_LINE, shutil.get_terminal_size().columns) if self.is_terminal else 10_000
        self._has_style = (
            self.is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def heading(self, text: str) -> None:
        self._line(_BOLD, cleaned(text), "")
        self._out.write("\n")

    def entry(self, entry: Entry) -> None:
        if not entry.mark:
            self._line("", entry.head, "")
            return
        self._line(_BOLD, f"{entry.mark:>3}  {entry.head}".rstrip(), "")
        for style, text in (("", " · ".join(filter(None, entry.facts))), (_DIM, entry.note)):
            if text:
                self._line(style, text, INDENT)
        self._out.write("\n")

    def thing(self, told: Iterable[tuple[str, str]]) -> None:
        for name, text in told:
            if text:
                self._line("", f"{name}: {text}", "")

    def columns(self, row: Row, fields: Iterable[str]) -> None:
        self._out.write("\t".join(plain(row.get(field)) for field in fields) + "\n")

    def json(self, row: Row) -> None:
        self._out.write(as_json(row) + "\n")

    def file(self, body: bytes) -> None:
        """As it is for a pipe; a terminal gets its lines without what it would obey."""
        text = body.decode("utf-8", "replace")
        self._out.write("".join(_seen(text)) if self.is_terminal else text)

    def _line(self, style: str, text: str, indent: str) -> None:
        filled = textwrap.fill(
            text,
            max(self._width, 20),
            initial_indent=indent,
            subsequent_indent=INDENT,
            break_on_hyphens=False,
        )
        self._out.write(f"{style}{filled}{_PLAIN}\n" if self._has_style and style else f"{filled}\n")


def _seen(text: str) -> Iterator[str]:
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip(" "))]
        yield f"{indent}{cleaned(line)}\n"
