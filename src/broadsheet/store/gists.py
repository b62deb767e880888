"""What an index of meaning asks of the store: news in the order of their changes, old papers newest first."""

from datetime import date
from typing import NamedTuple

from broadsheet.domain.gist import Gist, Gists
from broadsheet.store.models import Paper
from broadsheet.store.news import changed_after, old_rows, papers_with_code


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
    news = changed_after(number, Paper.objects.all(), _Row._fields, most=most)
    return Gists(_gists([_Row(*row) for row in news.rows]), news.is_last, news.gone, news.up_to)


def old_before(day: date | None, paper_id: int | None, *, began_at: int, most: int) -> Gists:
    """At most `most` papers unchanged since `began_at`, newest first, behind the paper of that day and id."""
    found = old_rows(day, paper_id, _Row._fields, began_at=began_at, most=most)
    rows = [_Row(*row) for row in found]
    return Gists(_gists(rows), len(rows) < most, [], began_at)


def _gists(rows: list[_Row]) -> list[Gist]:
    with_code = papers_with_code([row.pk for row in rows])
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
