"""What an index of meaning asks of the store: news in the order of their changes, old papers newest first."""

from datetime import date
from typing import NamedTuple

from broadsheet.domain.gist import Gist, Gists
from broadsheet.domain.paper import LinkKind
from broadsheet.store import changes
from broadsheet.store.models import GonePaper, Link, Paper


class _Row(NamedTuple):
    pk: int
    change_no: int
    title: str
    abstract: str
    summary: str
    one_line: str
    categories: str
    dated_on: date | None


def news_after(number: int, *, most: int) -> Gists:
    """At most `most` papers changed after a change number, the oldest change first, and the ids gone."""
    bounds = {"change_no__gt": number, "change_no__lte": changes.newest()}  # later ones come next time
    papers = Paper.objects.filter(**bounds).order_by("change_no")
    rows = [_Row(*row) for row in papers.values_list(*_Row._fields)[:most]]
    is_last = len(rows) < most
    gone = GonePaper.objects.filter(**bounds).order_by("change_no", "id")
    if not is_last:
        gone = gone.filter(change_no__lte=rows[-1].change_no)
    gone_rows = list(gone.values_list("paper_id", "change_no"))
    up_to = max([number, *(row.change_no for row in rows[-1:]), *(change for _, change in gone_rows)])
    return Gists(_gists(rows), is_last, [paper_id for paper_id, _ in gone_rows], up_to)


def old_before(day: date | None, paper_id: int | None, *, began_at: int, most: int) -> Gists:
    """At most `most` papers unchanged since `began_at`, newest first, behind the paper of that day and id.

    Without an id from the newest on; without a day among those that have none, which come last.
    """
    old = Paper.objects.filter(change_no__lte=began_at)
    rows: list[_Row] = []
    if day is not None or paper_id is None:
        dated = old.filter(dated_on__isnull=False).order_by("-dated_on", "-id")
        if day is not None:
            dated = dated.filter(dated_on__lte=day).exclude(dated_on=day, id__gte=paper_id)
        rows = [_Row(*row) for row in dated.values_list(*_Row._fields)[:most]]
        paper_id = None
    if len(rows) < most:
        undated = old.filter(dated_on__isnull=True).order_by("-id")
        if paper_id is not None:
            undated = undated.filter(id__lt=paper_id)
        rows += [_Row(*row) for row in undated.values_list(*_Row._fields)[: most - len(rows)]]
    return Gists(_gists(rows), len(rows) < most, [], began_at)


def _gists(rows: list[_Row]) -> list[Gist]:
    links = Link.objects.filter(paper_id__in=[row.pk for row in rows], kind=LinkKind.CODE)
    with_code = set(links.values_list("paper_id", flat=True))
    return [
        Gist(
            paper_id=row.pk,
            text="\n".join(filter(None, (row.title, row.abstract or row.summary or row.one_line))),
            categories=row.categories.split(),
            dated_on=row.dated_on,
            has_code=row.pk in with_code,
        )
        for row in rows
    ]
