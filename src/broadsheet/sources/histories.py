"""Reads what became of listed papers: who wrote them, their counts day by day, their final upvotes.

One JSON object a line, in plain, .gz or .zst files: {"arxiv_id", "authors", "listed_on", "published_at",
"final_upvotes", "github_stars": [{"day", "stars"}], "upvotes": [{"day", "upvotes"}]}. A back-test stands for
all of them, so the first line that cannot be read ends the reading: BadFile names it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from broadsheet.domain.edition import FIRST_DAY, LAST_DAY
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.lib.text import shortened
from broadsheet.sources import fields as read
from broadsheet.sources.fields import Fields
from broadsheet.sources.files import BadFile
from broadsheet.sources.json_lines import as_object, is_blank
from broadsheet.sources.lines import split_lines, unpacked

ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")


@dataclass(frozen=True, slots=True)
class Followed:
    """A paper that stood on a daily list, and how it fared."""

    name: str  # its arXiv id
    authors: tuple[str, ...]
    listed_on: date
    published_on: date | None
    final_upvotes: int
    readings: tuple[SignalReading, ...]


def read_histories(folder: Path) -> list[Followed]:
    """All papers of a folder's files that were listed and whose final upvotes are known, each once.

    Raises BadFile when there are none, or for a line that cannot be read.
    """
    paths = sorted(path for path in folder.iterdir() if path.name.endswith(ENDINGS))
    found = {(paper.name, paper.listed_on): paper for path in paths for paper in _papers(path)}
    if not found:
        raise BadFile(
            f"{folder} holds no listed papers with final upvotes; expected *.jsonl or *.jsonl.gz with"
            " listed_on, final_upvotes, authors, github_stars"
        )
    return sorted(found.values(), key=lambda paper: (paper.listed_on, paper.name))


def _papers(path: Path) -> Iterator[Followed]:
    with path.open("rb") as file:
        for number, line in enumerate(split_lines(unpacked(file)), 1):
            if is_blank(line):
                continue
            try:
                paper = _paper(as_object(line))
            except ValueError as error:
                raise BadFile(f"{path.name} line {number}: {shortened(str(error), 200)}") from error
            if paper is not None:
                yield paper


def _paper(fields: Fields) -> Followed | None:
    listed_on, upvotes = read.day(fields, "listed_on"), read.count(fields, "final_upvotes")
    if listed_on is None or upvotes is None:
        return None
    if not FIRST_DAY <= listed_on < LAST_DAY:
        raise ValueError(f"listed_on {listed_on} lies outside {FIRST_DAY} to {LAST_DAY}")
    return Followed(
        name=read.text(fields, "arxiv_id"),
        authors=read.texts(fields, "authors"),
        listed_on=listed_on,
        published_on=read.day(fields, "published_at"),
        final_upvotes=upvotes,
        readings=(
            *_series(fields, "github_stars", "stars", SignalKind.STARS),
            *_series(fields, "upvotes", "upvotes", SignalKind.UPVOTES),
        ),
    )


def _series(fields: Fields, name: str, count: str, kind: SignalKind) -> Iterator[SignalReading]:
    for row in read.rows(fields, name):
        day, value = read.day(row, "day"), read.count(row, count)
        if day is None or value is None:
            raise ValueError(f"{name} has an entry without day or {count}")
        yield SignalReading(kind, day, value)
