"""What has changed after a change number, and what is older: whatever follows the store reads here."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from broadsheet.domain.paper import LinkKind
from broadsheet.store import changes
from broadsheet.store.models import GonePaper, Link, Paper


class News(NamedTuple):
    rows: list[tuple[Any, ...]]  # the columns asked for, of papers changed, the oldest change first
    gone: list[int]  # ids of papers that are no more
    up_to: int  # the change number up to which this is all
    is_last: bool


def changed_after(number: int, papers: QuerySet[Paper], fields: Sequence[str], *, most: int) -> News:
    """At most `most` of the papers; "change_no" is among the fields."""
    bounds = {"change_no__gt": number, "change_no__lte": changes.newest()}  # later ones come next time
    rows = list(papers.filter(**bounds).order_by("change_no").values_list(*fields)[:most])
    last = [int(row[fields.index("change_no")]) for row in rows[-1:]]
    is_last = len(rows) < most
    gone = GonePaper.objects.filter(**bounds).order_by("change_no", "id")
    if not is_last:
        gone = gone.filter(change_no__lte=last[0])
    gone_rows = list(gone.values_list("paper_id", "change_no"))
    up_to = max([number, *last, *(change for _, change in gone_rows)])
    return News(rows, [paper_id for paper_id, _ in gone_rows], up_to, is_last)


def old_rows(
    day: date | None, paper_id: int | None, fields: Sequence[str], *, began_at: int, most: int
) -> list[tuple[Any, ...]]:
    """At most `most` papers unchanged since `began_at`, newest first, behind the paper of that day and id.

    Without an id from the newest on; without a day among those that have none, which come last.
    """
    old = Paper.objects.filter(change_no__lte=began_at)
    rows: list[tuple[Any, ...]] = []
    if day is not None or paper_id is None:
        dated = old.filter(dated_on__isnull=False).order_by("-dated_on", "-id")
        if day is not None:
            dated = dated.filter(dated_on__lte=day).exclude(dated_on=day, id__gte=paper_id)
        rows = list(dated.values_list(*fields)[:most])
        paper_id = None
    if len(rows) < most:
        undated = old.filter(dated_on__isnull=True).order_by("-id")
        if paper_id is not None:
            undated = undated.filter(id__lt=paper_id)
        rows += undated.values_list(*fields)[: most - len(rows)]
    return rows


def papers_with_code(paper_ids: Sequence[int]) -> set[int]:
    links = Link.objects.filter(paper_id__in=paper_ids, kind=LinkKind.CODE)
    return set(links.values_list("paper_id", flat=True))
