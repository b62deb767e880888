"""Reads the sample edition: one real week of a daily list in our own words, and a back catalogue."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from importlib.resources import files

from broadsheet.domain.code_links import link_to
from broadsheet.domain.ids import title_key
from broadsheet.domain.paper import Link, LinkKind, Listing, ListingKind, PaperRecord, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.sources import fields as read
from broadsheet.sources.fields import Calendar, Fields
from broadsheet.sources.json_lines import read_objects
from broadsheet.sources.lines import Line

NAME = "sample"
COUNTED_ON = date(2026, 5, 24)  # when the upvotes and comments of the week were read
FILES = ("papers.jsonl", "archive.jsonl")


def read_lines(lines: Iterable[Line], name: str, calendar: Calendar) -> Iterator[Told]:
    return read_objects(lines, name, NAME, partial(_record, calendar=calendar))


def sample_edition() -> Iterator[Told]:
    """The sample that comes with the package: 150 papers of the week and 464 older ones."""
    folder = files("broadsheet.sources") / "sample_edition"
    for name in FILES:
        yield from read_lines((folder / name).read_bytes().splitlines(), name, Calendar(None))


def _record(fields: Fields, calendar: Calendar) -> PaperRecord:
    title = read.text(fields, "title")
    listed_on = read.day(fields, "listed_on")
    arxiv_id = fields.get("arxiv_id")
    record = PaperRecord(
        source=NAME,
        key=read.read_arxiv_key(arxiv_id) if arxiv_id else title_key(title),
        title=title,
        abstract=read.text(fields, "abstract"),
        summary=read.text(fields, "summary"),
        one_line=read.text(fields, "tldr"),
        authors=read.texts(fields, "authors"),
        names=read.texts(fields, "names"),
        keywords=read.texts(fields, "keywords"),
        submitted_at=read.moment(fields, "published_at"),
        told_on=COUNTED_ON,
        links=_links(fields),
        listings=(Listing("huggingface", listed_on, ListingKind.DAILY),) if listed_on else (),
        signals=_signals(fields),
    )
    calendar.check(record)
    return record


def _links(fields: Fields) -> tuple[Link, ...]:
    found = [link for url in read.texts(fields, "code") for link in link_to(url)]
    found += link_to(read.text(fields, "project_page"), LinkKind.PROJECT)
    return tuple(dict.fromkeys(found))


def _signals(fields: Fields) -> tuple[SignalReading, ...]:
    upvotes = read.readings(SignalKind.UPVOTES, COUNTED_ON, read.count(fields, "upvotes"))
    comments = read.readings(SignalKind.COMMENTS, COUNTED_ON, read.count(fields, "comments"))
    return upvotes + comments + tuple(_stars(row) for row in read.rows(fields, "github_stars"))


def _stars(row: Fields) -> SignalReading:
    day, stars = read.day(row, "day"), read.count(row, "stars")
    if day is None or stars is None:
        raise ValueError("github_stars has an entry without day or stars")
    return SignalReading(SignalKind.STARS, day, stars)
