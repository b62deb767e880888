"""The papers of a category, the newest first, each page behind the last row of the one before."""

from collections.abc import Sequence
from datetime import date

from broadsheet.domain.edition import ONE_DAY
from broadsheet.index.base import Filters, WordsIndex
from broadsheet.rank.search import DEEPEST
from broadsheet.store import paging
from broadsheet.store.paging import Wanted

Row = tuple[int, date | None]


def papers_in(
    index: WordsIndex, category: str, wanted: Wanted, place: tuple[date | None, int] | None, most: int
) -> list[Row]:
    """Ids and days, as the index has them: while it follows the store it still ends nowhere too soon.

    It does not order within a day: days are read whole, and ordered here. Papers without a day come last,
    from the database, which has few of them.
    """
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
        rows = index.newest(Filters(filters.categories, since, until), limit=most)
        is_cut, last = len(rows) == most, min((day for _, day in rows), default=since)
        if is_cut:  # of the last day some may be missing
            whole = index.newest(Filters(filters.categories, last, last), limit=DEEPEST)
            rows = [row for row in rows if row[1] > last] + whole
        rows = [row for row in rows if (row[1], row[0]) < before]
        found += sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)
        if not is_cut or last == date.min:
            break
        until = min(last, until) - ONE_DAY
    return found[:most]
