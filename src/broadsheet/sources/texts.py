"""Titles and abstracts to read, as lines of JSON: {"id", "title", "abstract"}; the abstract to the letter."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from broadsheet.lib.text import shortened
from broadsheet.sources.fields import Fields
from broadsheet.sources.files import opened
from broadsheet.sources.json_lines import as_object, is_blank
from broadsheet.sources.lines import Line, OnRead, split_lines, unpacked


@dataclass(frozen=True, slots=True)
class PaperText:
    id: str | int
    title: str
    abstract: str


@dataclass(frozen=True, slots=True)
class BadText:
    number: int  # of the line, from 1
    reason: str


def read_texts(path: Path | str, on_read: OnRead | None = None) -> Iterator[PaperText | BadText]:
    """A file, plain, .gz or .zst, or "-" for standard input, line by line. Raises OSError at once."""
    with ExitStack() as stack:
        lines = split_lines(unpacked(opened(path, stack), on_read))
        return _told(lines, stack.pop_all())
    raise AssertionError("unreachable: nothing above swallows an error")


def _told(lines: Iterator[Line], stack: ExitStack) -> Iterator[PaperText | BadText]:
    with stack:
        for number, line in enumerate(lines, start=1):
            if is_blank(line):
                continue
            try:
                yield text_in(as_object(line))
            except ValueError as error:
                yield BadText(number, shortened(str(error), 300))


def text_in(fields: Fields) -> PaperText:
    """Raises ValueError for what is no paper. An abstract may be missing; a name may be a number."""
    name, title, abstract = (fields.get(key) for key in ("id", "title", "abstract"))
    if type(name) is not int and (not isinstance(name, str) or not name):
        raise ValueError("no id; expected {id, title, abstract}")
    if not isinstance(title, str):
        raise ValueError("no title; expected {id, title, abstract}")
    if abstract is not None and not isinstance(abstract, str):
        raise ValueError("the abstract is no text; expected {id, title, abstract}")
    return PaperText(name, title, abstract or "")
