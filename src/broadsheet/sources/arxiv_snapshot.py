"""Reads arXiv's metadata snapshot, JSON Lines: the full layout and the short one with a line of authors.

https://www.kaggle.com/datasets/Cornell-University/arxiv tells the fields. Knows no file, only lines.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial

from broadsheet.domain.code_links import links_in
from broadsheet.domain.paper import PaperRecord, Told, unique
from broadsheet.domain.withdrawal import is_withdrawn
from broadsheet.lib.safe_url import web_address
from broadsheet.lib.tex import without_accent_commands
from broadsheet.lib.text import plain_line, shortened
from broadsheet.sources.authors import author_names
from broadsheet.sources.fields import Calendar, Fields, note, read_arxiv_key, read_day, text
from broadsheet.sources.json_lines import read_objects
from broadsheet.sources.lines import Line

NAME = "arxiv_snapshot"
# https://arxiv.org/category_taxonomy, and the archives closed since. After the categories may stand ACM and
# MSC classes of the authors' own, even words ("I.2.10; 68T07 (Primary) and neural networks").
_WITH_CLASSES = "astro-ph|cond-mat|cs|econ|eess|math|nlin|physics|q-bio|q-fin|stat"
_ALONE = (
    "gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph|acc-phys|adap-org|alg-geom|ao-sci|atom-ph"
    "|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|dg-ga|funct-an|mtrl-th|patt-sol|plasm-ph|q-alg|solv-int|supr-con"
)
_CATEGORY = re.compile(rf"(?:(?:{_WITH_CLASSES})(?:\.[A-Za-z]{{2}}(?:[a-z-]{{0,14}}))?|{_ALONE})$")


def read_lines(lines: Iterable[Line], name: str, calendar: Calendar) -> Iterator[Told]:
    return read_objects(lines, name, NAME, partial(_record, calendar=calendar))


def _record(fields: Fields, calendar: Calendar) -> PaperRecord:
    abstract, comments = _long_text(fields, "abstract"), note(fields, "comments")
    versions = _versions(fields)
    told_on = _day(text(fields, "update_date"), "update_date")
    record = PaperRecord(
        source=NAME,
        key=read_arxiv_key(fields.get("id")),
        title=without_accent_commands(_long_text(fields, "title")),
        abstract=abstract,
        authors=_authors(fields),
        categories=arxiv_categories(text(fields, "categories")),
        submitted_at=versions[0] if versions else None,
        announced_on=_day(text(fields, "announced"), "announced"),
        updated_on=versions[-1].date() if versions else told_on,
        told_on=told_on,
        version=len(versions) or None,
        comments=comments,
        journal_ref=note(fields, "journal-ref"),
        doi=bare_doi(text(fields, "doi")),
        licence=web_address(text(fields, "license")) or "",
        is_withdrawn=is_withdrawn(abstract, comments),
        links=links_in(f"{abstract} {comments}"),
    )
    calendar.check(record)
    return record


def _long_text(fields: Fields, name: str) -> str:
    """As `text`, quicker for what arXiv breaks into lines."""
    value = fields.get(name)
    if type(value) is not str:
        return text(fields, name)
    if value.isascii() and not value.isprintable():
        value = " ".join(value.split())
    return plain_line(value)


def _authors(fields: Fields) -> tuple[str, ...]:
    parsed = fields.get("authors_parsed")
    if not parsed:
        return author_names(text(fields, "authors"))
    if not isinstance(parsed, list):
        raise ValueError("authors_parsed is no list; expected [[last, first, suffix], …]")
    return unique(_name(parts) for parts in parsed)


def _name(parts: object) -> str:
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts[:3]):
        raise ValueError(f"authors_parsed holds {shortened(repr(parts), 40)}; expected [last, first, suffix]")
    last, first, suffix = (*parts, "", "", "")[:3]
    return without_accent_commands(plain_line(f"{first} {last} {suffix}"))


def _versions(fields: Fields) -> list[datetime]:
    """When each version was made, first to last."""
    value = fields.get("versions")
    if not value:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("versions is no list of objects")
    return [read_mail_date(text(item, "created"), "created") for item in value]


def read_mail_date(written: str, name: str) -> datetime:
    """UTC, from a date as in mail: Mon, 2 Apr 2007 19:18:42 GMT."""
    try:
        read = parsedate_to_datetime(written)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        shape = "moment like Mon, 2 Apr 2007 19:18:42 GMT"
        raise ValueError(f"{name} {shortened(written, 40)!r} is no {shape}") from None


@lru_cache(maxsize=4_096)  # files are in the order of days
def _day(written: str, name: str) -> date | None:
    return read_day(written, name)


@lru_cache(maxsize=4_096)  # 60 thousand papers share "cs.CV"
def arxiv_categories(line: str) -> tuple[str, ...]:
    """
    >>> arxiv_categories("cs.CV hep-th I.2.10; 68T07 (Primary)")
    ('cs.CV', 'hep-th')
    """
    return unique(word for word in line.split()[:50] if _CATEGORY.match(word))


def bare_doi(written: str) -> str:
    """The publisher's DOI in lower case; of several the first; arXiv's own is no publisher's.

    >>> bare_doi("https://doi.org/10.1000/XYZ 10.1000/abc")
    '10.1000/xyz'
    """
    for word in written.split():
        doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", word.lower())
        if doi.startswith("10.") and "/" in doi and not doi.startswith("10.48550/arxiv"):
            return doi[:300].rstrip(".,;")
    return ""
