"""Papers in the order of their changes, for whoever keeps a copy: a page at a time, by an indexed number.

A paper that changes while somebody reads moves to the end, and is met there again: nothing is missed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import orjson
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.moments import LONG_AGO
from broadsheet.store import changes
from broadsheet.store.models import ChangeTime, FormerKey, Paper

CHUNK = 100  # rows that are read at once
SLOWEST = timedelta(minutes=1)  # between writing down the time of a change and the end of its transaction


class Row(NamedTuple):
    """Columns of a paper; without `whole` those of the first line alone."""

    pk: int
    change_no: int
    key: str
    categories: str
    is_withdrawn: bool
    title: str = ""
    abstract: str = ""
    summary: str = ""
    authors_json: str = "[]"
    submitted_at: datetime | None = None
    dated_on: date | None = None
    updated_on: date | None = None
    version: int | None = None
    comments: str = ""
    journal_ref: str = ""
    doi: str = ""
    licence: str = ""
    first_seen_at: datetime | None = None

    @property
    def authors(self) -> list[str]:
        names: list[str] = orjson.loads(self.authors_json)
        return names

    @property
    def text(self) -> str:
        return self.abstract or self.summary


_HEAD = Row._fields[:5]
_WHOLE = Row._fields[:-1]  # each moment that is read takes its time


@dataclass(frozen=True, slots=True)
class Wanted:
    after: int = 0  # a change number
    up_to: int | None = None  # another; None: all
    categories: tuple[str, ...] = ()  # one of them, or of these archives
    only_arxiv: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    former: dict[int, list[str]]  # keys that lead to a paper of the page today
    dates: dict[int, datetime]  # of each change number
    is_last: bool


def page(wanted: Wanted, *, most: int, most_chars: int, whole: bool) -> Page:
    """The next papers, at most so many and about so much text. Three queries, whatever the number."""
    papers = _wanted(wanted).order_by("change_no").annotate(authors_json=Cast("authors", TextField()))
    fields = _WHOLE if whole else _HEAD
    rows: list[Row] = []
    size, is_last = 0, True
    for values in papers.values_list(*fields)[: most + 1].iterator(CHUNK):
        if len(rows) == most or size > most_chars:
            is_last = False
            break
        rows.append(Row(*values))
        size += len(rows[-1].abstract) + len(rows[-1].authors_json)
    return Page(rows, _former(rows, wanted), _dates([row.change_no for row in rows]), is_last)


def one(key: PaperKey) -> tuple[Row, datetime, bool] | None:
    """A paper under any key that it has had, when it changed, and whether that is its key no more."""
    papers = Paper.objects.annotate(authors_json=Cast("authors", TextField()))
    values = papers.filter(key=key).values_list(*Row._fields).first()
    is_former = values is None
    if is_former:
        values = papers.filter(former_keys__key=key).values_list(*Row._fields).first()
    if values is None:
        return None
    row = Row(*values)
    return row, _dates([row.change_no])[row.change_no], is_former


def by_ids(paper_ids: Sequence[int]) -> list[Row]:
    """In the order of the ids, without those that have gone."""
    papers = Paper.objects.annotate(authors_json=Cast("authors", TextField()))
    rows = {values[0]: Row(*values) for values in papers.filter(pk__in=paper_ids).values_list(*Row._fields)}
    return [rows[pk] for pk in paper_ids if pk in rows]


def ids_of(keys: Sequence[PaperKey]) -> list[int]:
    """In the order of the keys, without those of papers that are not held."""
    found = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "paper_id"))
    found |= dict(Paper.objects.filter(key__in=keys).values_list("key", "pk"))
    return list(dict.fromkeys(found[key] for key in keys if key in found))


def newest_time() -> datetime | None:
    return ChangeTime.objects.order_by("-up_to").values_list("at", flat=True).first()


def whole_before(now: datetime) -> datetime:
    """A moment before which nothing will have changed that cannot be seen yet.

    A change is dated a while before others can see it, and none is dated before one that they see: times
    never go back. So it is the time of the newest one, or, where that is long ago, a minute.
    """
    return min(now, max(newest_time() or LONG_AGO, now - SLOWEST))


def earliest() -> datetime | None:
    return ChangeTime.objects.order_by("up_to").values_list("at", flat=True).first()


def last_change_before(moment: datetime) -> int:
    """The last change number of before a moment; 0 when there is none."""
    before = ChangeTime.objects.filter(at__lt=moment).order_by("-at")
    return before.values_list("up_to", flat=True).first() or 0


def _wanted(wanted: Wanted) -> QuerySet[Paper]:
    up_to = changes.newest() if wanted.up_to is None else wanted.up_to
    papers = Paper.objects.filter(change_no__gt=wanted.after, change_no__lte=up_to)
    if wanted.only_arxiv:
        papers = papers.filter(key__startswith="arxiv:")
    if wanted.categories:
        spaced = Concat(Value(" "), "categories", Value(" "), output_field=TextField())
        papers = papers.annotate(spaced=spaced).filter(_in_one_of(wanted.categories))
    return papers


def _in_one_of(categories: Iterable[str]) -> Q:
    found = Q()
    for name in categories:
        found |= Q(spaced__contains=f" {name} ")
        if "." not in name:
            found |= Q(spaced__contains=f" {name}.")
    return found


def _former(rows: Sequence[Row], wanted: Wanted) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    keys = FormerKey.objects.filter(paper_id__in=[row.pk for row in rows]).order_by("id")
    for paper_id, key in keys.values_list("paper_id", "key"):
        if not wanted.only_arxiv or key.startswith("arxiv:"):
            found.setdefault(paper_id, []).append(key)
    return found


def _dates(numbers: Sequence[int]) -> dict[int, datetime]:
    """Each change is of the first time that was written down at or behind it."""
    if not numbers:
        return {}
    behind = ChangeTime.objects.order_by("up_to")
    times = list(behind.filter(up_to__gte=numbers[0], up_to__lt=numbers[-1]).values_list("up_to", "at"))
    times += behind.filter(up_to__gte=numbers[-1]).values_list("up_to", "at")[:1]
    if not times:
        return dict.fromkeys(numbers, LONG_AGO)
    bounds = [up_to for up_to, _ in times]
    return {number: times[min(bisect_left(bounds, number), len(times) - 1)][1] for number in numbers}
