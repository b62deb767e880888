"""What an index asks of the store: the changes after a change number, in their order."""

from datetime import date
from typing import Protocol

from broadsheet.domain.entry import Changes, Entry
from broadsheet.domain.paper import LinkKind
from broadsheet.store.models import GonePaper, Link, Paper


class Row(Protocol):
    """The columns below, as values_list(named=True) gives them."""

    pk: int
    change_no: int
    key: str
    title: str
    abstract: str
    summary: str
    one_line: str
    authors: list[str]
    names: list[str]
    keywords: list[str]
    categories: str
    dated_on: date | None


_COLUMNS = (
    "pk",
    "change_no",
    "key",
    "title",
    "abstract",
    "summary",
    "one_line",
    "authors",
    "names",
    "keywords",
    "categories",
    "dated_on",
)


def changes_after(number: int, *, most: int) -> Changes:
    """At most `most` changed papers, the oldest change first, and the ids gone meanwhile."""
    rows = list(
        Paper.objects.filter(change_no__gt=number)
        .order_by("change_no")
        .values_list(*_COLUMNS, named=True)[:most]
    )
    is_last = len(rows) < most
    gone = GonePaper.objects.filter(change_no__gt=number).order_by("change_no", "id")
    if not is_last:
        gone = gone.filter(change_no__lte=rows[-1].change_no)
    gone_rows = list(gone.values_list("paper_id", "change_no"))
    up_to = max([number, *(row.change_no for row in rows[-1:]), *(change for _, change in gone_rows)])
    with_code = set(
        Link.objects.filter(paper_id__in=[row.pk for row in rows], kind=LinkKind.CODE).values_list(
            "paper_id", flat=True
        )
    )
    entries = [_entry(row, row.pk in with_code) for row in rows]
    return Changes(entries, [paper_id for paper_id, _ in gone_rows], up_to, is_last)


def _entry(row: Row, has_code: bool) -> Entry:
    texts = (row.abstract, row.summary, row.one_line, ", ".join(row.names), ", ".join(row.keywords))
    return Entry(
        paper_id=row.pk,
        key=row.key,
        title=row.title,
        text="\n".join(text for text in texts if text),
        authors=row.authors,
        categories=row.categories.split(),
        dated_on=row.dated_on,
        has_code=has_code,
    )
