"""Reads a file of papers in any of our formats, plain or packed, and tells what each line held."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from broadsheet.domain.paper import Told
from broadsheet.sources import arxiv_snapshot, bibtex, listing, sample
from broadsheet.sources.fields import Calendar
from broadsheet.sources.lines import BadLine, Line, OnRead, split_lines, unpacked

Reader = Callable[[Iterable[Line], str, Calendar], Iterator[Told]]
READERS: dict[str, Reader] = {
    "arxiv": arxiv_snapshot.read_lines,
    "listing": listing.read_lines,
    "sample": sample.read_lines,
    "bibtex": bibtex.read_lines,
}
FORMATS = ("auto", *READERS)
STANDARD_INPUT = "-"
_BIBTEX = re.compile(rb"^\s*@\s*[A-Za-z]{2,30}\s*[{(]", re.MULTILINE)


class BadFile(ValueError):
    """The whole file cannot be read; the message says what to do."""


def read_file(
    path: Path | str, format: str = "auto", *, today: date | None = None, on_read: OnRead | None = None
) -> Iterator[Told]:
    """What a file tells, line by line, without ever holding all of it.

    `today` refuses papers from the future; tomorrow is none, east of us it has begun. `on_read` is told the
    bytes read, for a progress bar.
    Raises BadFile and OSError at once, before the first record.
    """
    name = "standard input" if str(path) == STANDARD_INPUT else Path(path).name
    with ExitStack() as stack:
        file = opened(path, stack)
        chunks = unpacked(file, on_read)
        first = next(chunks, b"")
        reader = READERS[guess_format(first, name) if format == "auto" else format]
        calendar = Calendar(today and today + timedelta(days=1))
        return _told(reader, chain([first], chunks), name, calendar, stack.pop_all())
    raise AssertionError("unreachable: nothing above swallows an error")


def _told(
    reader: Reader, chunks: Iterable[bytes | BadLine], name: str, calendar: Calendar, stack: ExitStack
) -> Iterator[Told]:
    with stack:
        yield from reader(split_lines(chunks), name, calendar)


def opened(path: Path | str, stack: ExitStack) -> BinaryIO:
    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer
    return stack.enter_context(Path(path).open("rb"))


def guess_format(first: bytes | BadLine, name: str = "the file") -> str:
    """The format of a file by its first bytes (unpacked)."""
    if isinstance(first, BadLine):
        raise BadFile(f"{name}: {first.reason}")
    head = first.lstrip()
    if not head:
        raise BadFile(f"{name} is empty")
    if head.startswith(b"{"):
        return "sample" if b'"arxiv_id"' in head.partition(b"\n")[0] else "arxiv"
    _refuse(head, name)
    return "bibtex" if _BIBTEX.search(head) else "listing"


def _refuse(head: bytes, name: str) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(f"{name} is UTF-16 text; save it as UTF-8")
    if head[:1] == b"[":
        raise BadFile(
            f"{name} is one JSON list; expected JSON Lines, one object a line (jq -c '.[]' makes them)"
        )
    if head[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise BadFile(f"{name} is a web page or XML; save the page as text, or name a --format")
    if b"\0" in head[:4096] or head.startswith(b"%PDF"):
        raise BadFile(f"{name} is not text; expected JSON Lines, BibTeX or a listing page as text")
