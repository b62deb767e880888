"""Reads a listing page saved as text: page furniture, then a title line and an abstract line in turn.

Such a page tells no ids, so a paper's key comes from its title until another source tells the id.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from broadsheet.domain.code_links import links_in
from broadsheet.domain.ids import title_key
from broadsheet.domain.paper import BadRecord, PaperRecord, Told
from broadsheet.domain.withdrawal import is_withdrawn
from broadsheet.lib.text import plain_line, shortened
from broadsheet.sources.fields import Calendar
from broadsheet.sources.lines import BadLine, Line, decoded

NAME = "listing"
LONGEST_TITLE_LINE = 350  # the longest title of 503 has 182 signs, the shortest abstract 516
SHORTEST_ABSTRACT = 150
# Buttons whose word sticks to the title after it when a page is saved as text.
_BUTTON = re.compile(r"(?:Subscribe|Sign [Uu]p|Log [Ii]n|Login|Search|Menu|Submit|Follow)(?=[A-Z0-9])")
# Lines that pages put between entries: a date, a count, a button alone.
_FURNITURE = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?[A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})?$"
    r"|[\d.,]+ ?[kKM]?$|(?:Upvote|Subscribe|Submit|Next|Previous|new|Load more)$"
)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    text: str

    @property
    def is_abstract(self) -> bool:
        return len(self.text) > LONGEST_TITLE_LINE


def read_lines(lines: Iterable[Line], name: str, calendar: Calendar) -> Iterator[Told]:
    """Entries in the order of the page; what is out of turn is told with its line."""
    rows: list[_Row] = []
    for number, line in enumerate(lines, 1):
        try:
            rows += _rows(line, number)
        except ValueError as error:
            yield BadRecord(NAME, f"{name} line {number}", str(error))
    yield from _entries(_without_head(rows), name)


def _rows(line: Line, number: int) -> list[_Row]:
    if isinstance(line, BadLine):
        raise ValueError(line.reason)
    text = plain_line(decoded(line))
    return [_Row(number, text)] if text and not _FURNITURE.match(text) else []


def _without_head(rows: list[_Row]) -> list[_Row]:
    """Drop the furniture at the top: all short lines but the one before the first abstract."""
    first = next((place for place, row in enumerate(rows) if row.is_abstract), None)
    if not first:  # no abstract at all, or nothing above it: _entries says so
        return rows
    title = rows[first - 1]
    return [_Row(title.number, _BUTTON.sub("", title.text)), *rows[first:]]


def _entries(rows: list[_Row], name: str) -> Iterator[Told]:
    place = 0
    while place < len(rows):
        title = rows[place]
        if title.is_abstract:
            yield _bad(name, title, "an abstract without a title line before it")
            place += 1
        elif place + 1 < len(rows) and len(rows[place + 1].text) >= SHORTEST_ABSTRACT:
            yield _record(title.text, rows[place + 1].text, name, title.number)
            place += 2
        else:
            yield _bad(name, title, f"no abstract follows {shortened(title.text, 60)!r}")
            place += 1


def _record(title: str, abstract: str, name: str, number: int) -> Told:
    try:
        return PaperRecord(
            source=NAME,
            key=title_key(title),
            title=title,
            abstract=abstract,
            is_withdrawn=is_withdrawn(abstract, ""),
            links=links_in(abstract),
        )
    except ValueError as error:
        return BadRecord(NAME, f"{name} line {number}", str(error))


def _bad(name: str, row: _Row, reason: str) -> BadRecord:
    return BadRecord(NAME, f"{name} line {row.number}", reason)
