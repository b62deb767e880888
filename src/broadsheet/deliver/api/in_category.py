"""The papers of a category, the newest first, each page behind the last row of the one before."""

from collections.abc import Sequence
from datetime import date

from broadsheet.domain.edition import ONE_DAY
from broadsheet.index.base import Asked, Filters, Sort, WordsIndex
from broadsheet.rank.search import DEEPEST
from broadsheet.store import paging
from broadsheet.store.paging import Wanted

Row = tuple[int, date | None]


def papers_in(
    index: WordsIndex, category: str, wanted: Wanted, place: tuple[date | None, int] | None, most: int
) -> list[Row]:
    """Ids and days. The index finds by days but does not order within one: days are read whole, and ordered
    here. Papers without a day come last, from the database, which has few of them."""
    rows: list[Row] = []
    day, behind = place or (date.max, 2**63)
    if day is not None:
        filters = Filters((category,), wanted.since or date.min, min(wanted.until or date.max, day))
        rows += _dated(index, filters, (day, behind), most)
        behind = 2**63 - 1
    if len(rows) < most and wanted.since is None and wanted.until is None:
        rows += [(one, None) for one in paging.undated_in(category, behind, most - len(rows))]
    return rows


def _dated(
    index: WordsIndex, filters: Filters, before: tuple[date, int], most: int
) -> Sequence[tuple[int, date]]:
    found: list[tuple[int, date]] = []
    since, until = filters.since or date.min, filters.until or date.max
    while len(found) < most and since <= until:
        some = _found(index, Filters(filters.categories, since, until), most)
        days = paging.days_of(some)
        rows = [(one, day) for one, day in days.items() if day]
        last = min((day for _, day in rows), default=since)
        if len(some) == most:  # of the last day some may be missing
            whole = _found(index, Filters(filters.categories, last, last), DEEPEST)
            rows = [row for row in rows if row[1] > last] + [(one, last) for one in whole]
        rows = [row for row in rows if (row[1], row[0]) < before]
        found += sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)
        if len(some) < most or last == date.min:
            break
        until = min(last, until) - ONE_DAY
    return found[:most]


def _found(index: WordsIndex, filters: Filters, most: int) -> list[int]:
    hits = index.search(Asked(text="", filters=filters), limit=most, sort=Sort.NEWEST, counts=False).hits
    return [hit.paper_id for hit in hits]
