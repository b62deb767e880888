"""Reads papers as those need them who cite or export them: every column, no signals."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Subquery

from broadsheet.domain.paper import LinkKind
from broadsheet.store import identity
from broadsheet.store.models import Fact, Link, Paper, Reading
from broadsheet.store.page_values import PaperPage

_COLUMNS = (
    *("pk", "key", "title", "abstract", "summary", "one_line", "authors", "names", "keywords", "categories"),
    *("submitted_at", "announced_on", "updated_on", "dated_on", "version", "comments", "journal_ref", "doi"),
    *("licence", "is_withdrawn", "first_seen_at"),
)
_READ = ("paper_id", "one_line", "names", "keywords", "kind")


@dataclass(frozen=True, slots=True)
class Work:
    """A paper with all that is known of it as a publication."""

    paper_id: int
    key: str
    title: str
    abstract: str
    summary: str
    one_line: str  # as lists show it: of its source, or read out of its abstract
    authors: tuple[str, ...]
    names: tuple[str, ...]
    keywords: tuple[str, ...]
    categories: tuple[str, ...]
    submitted_at: datetime | None
    announced_on: date | None
    updated_on: date | None
    dated_on: date | None
    version: int | None
    comments: str
    journal_ref: str
    doi: str
    licence: str
    is_withdrawn: bool
    first_seen_at: datetime
    kind: str = ""  # domain.reading.PaperKind
    code: str = ""
    project: str = ""


def works_by_ids(ids: Sequence[int]) -> list[Work]:
    """In the order of the ids, without those that have gone since. Three queries."""
    rows = {row[0]: row for row in Paper.objects.filter(pk__in=ids).values_list(*_COLUMNS)}
    read = {row[0]: row[1:] for row in Reading.objects.filter(pk__in=ids).values_list(*_READ)}
    links = _links(ids)
    return [_work(rows[pk], read.get(pk, ("", [], [], "")), links.get(pk, {})) for pk in ids if pk in rows]


def mark_of(key: str) -> str | None:
    """Another one whenever the paper, or what was read of it, has changed; None where there is none."""
    columns = ("change_no", "reading__text_hash", "reading__reader", "reading__one_line")
    database = Subquery(Fact.objects.filter(name=identity.NAME).values("value"))
    row = Paper.objects.filter(key=key).values_list(*columns, database).first()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:20] if row else None


def work_of(page: PaperPage) -> Work:
    """The same of a paper whose page has been read."""
    paper = page.paper
    return Work(
        paper_id=paper.paper_id,
        key=paper.key,
        title=paper.title,
        abstract=paper.abstract,
        summary=paper.summary,
        one_line=paper.one_line,
        authors=paper.authors,
        names=page.names,
        keywords=page.keywords,
        categories=paper.categories,
        submitted_at=page.submitted_at,
        announced_on=page.announced_on,
        updated_on=page.updated_on,
        dated_on=paper.dated_on,
        version=page.version,
        comments=page.comments,
        journal_ref=page.journal_ref,
        doi=page.doi,
        licence=page.licence,
        is_withdrawn=paper.is_withdrawn,
        first_seen_at=page.first_seen_at,
        kind=page.kind,
        code=paper.code,
        project=paper.project,
    )


def _work(row: tuple[Any, ...], read: tuple[Any, ...], links: dict[str, Any]) -> Work:
    told = dict(zip(_COLUMNS, row, strict=True))
    one_line, names, keywords, kind = read
    told["paper_id"] = told.pop("pk")
    told["one_line"] = told["one_line"] or one_line
    told["authors"] = tuple(told["authors"])
    told["names"], told["keywords"] = tuple(told["names"] or names), tuple(told["keywords"] or keywords)
    told["categories"] = tuple(told["categories"].split())
    return Work(**told, kind=kind, **links)


def _links(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = Link.objects.filter(paper_id__in=ids, kind__in=(LinkKind.CODE, LinkKind.PROJECT)).order_by("id")
    for paper_id, kind, url in rows.values_list("paper_id", "kind", "url"):
        found.setdefault(paper_id, {}).setdefault(kind, url)
    return found
