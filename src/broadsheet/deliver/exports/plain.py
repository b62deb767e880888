"""A paper of a list as plain values, all text plain: for JSON Lines and, as one row, for CSV."""

from dataclasses import dataclass
from typing import Any

from broadsheet.deliver.cite.reference import Reference
from broadsheet.domain.addresses import paper_url
from broadsheet.domain.ids import paper_ref


@dataclass(frozen=True, slots=True)
class Told:
    """A paper as its list has it; rank 0: it stands alone."""

    of: Reference
    rank: int = 0
    reason: str = ""


COLUMNS: tuple[str, ...] = (
    *("rank", "id", "title", "authors", "year", "submitted_on", "categories", "doi", "journal_ref", "url"),
    *("code", "project", "reason", "one_line", "abstract", "keywords", "licence", "is_withdrawn", "key"),
)


def values(told: Told, site_url: str) -> dict[str, Any]:
    work, of = told.of.work, told.of
    listed = {"rank": told.rank, "reason": told.reason} if told.rank else {}
    return {
        "id": paper_ref(work.key),
        "title": work.title,
        "authors": list(work.authors),
        "abstract": work.abstract,
        "summary": work.summary,
        "one_line": work.one_line,
        "year": of.year,
        "submitted_on": work.submitted_at.date().isoformat() if work.submitted_at else None,
        "announced_on": work.announced_on.isoformat() if work.announced_on else None,
        "updated_on": work.updated_on.isoformat() if work.updated_on else None,
        "version": work.version,
        "categories": list(work.categories),
        "keywords": list(work.keywords),
        "names": list(work.names),
        "kind": work.kind or None,
        "doi": of.doi or None,
        "journal_ref": work.journal_ref or None,
        "comments": work.comments or None,
        "licence": work.licence or None,
        "is_withdrawn": work.is_withdrawn,
        "url": of.url or None,
        "page": paper_url(site_url, work.key),
        "code": work.code or None,
        "project": work.project or None,
        **listed,
    }


def row(told: Told) -> list[Any]:
    """One cell for each of COLUMNS."""
    found = values(told, "") | {
        "authors": "; ".join(told.of.work.authors),
        "categories": " ".join(told.of.work.categories),
        "keywords": "; ".join(told.of.work.keywords),
        "abstract": told.of.work.abstract or told.of.work.summary,
        "key": told.of.label,
    }
    return [found.get(name) for name in COLUMNS]
