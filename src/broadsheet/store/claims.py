"""Reads claims for pages and downloads, each with a fixed number of queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from broadsheet.domain.claim_values import claim_as_json
from broadsheet.domain.ids import paper_ref
from broadsheet.domain.naming import name_key
from broadsheet.domain.reading import Bound, Claim, Direction, Span
from broadsheet.store import models
from broadsheet.store.models import Correction
from broadsheet.store.page_values import Claimed, Said
from broadsheet.store.written_lines import lines_by

PAGE_SIZE = 50
CLAIMS_EACH = 8  # of one paper about one name, mostly; where there are more, a list is shorter
AT_ONCE = 2_000  # claims of a download
_COLUMNS: tuple[str, ...] = (
    "pk",
    "thread",
    "value",
    "value_max",
    "unit",
    "metric",
    "subject",
    "dataset",
    "baseline",
)
_COLUMNS += ("bound", "direction", "quote", "start", "end")
_OF_PAPER = ("paper__key", "paper__title", "paper__dated_on", "paper__is_withdrawn")


class Sort(StrEnum):
    VALUE = "value"  # like with like: by unit first
    DATE = "date"
    PAPER = "paper"


_ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.VALUE: ("unit", "-value", "-pk"),
    Sort.DATE: (F("paper__dated_on").desc(nulls_last=True), "-paper_id", "place"),
    Sort.PAPER: ("paper__title", "paper_id", "place"),
}


class About(StrEnum):
    """What a page of claims is about: whose figures, or on which data."""

    NAME = "name"
    BENCHMARK = "benchmark"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim, and the paper that states it."""

    claimed: Claimed
    key: str
    title: str
    dated_on: date | None
    is_withdrawn: bool
    text: str  # what it was read from
    is_removed: bool


@dataclass(frozen=True, slots=True)
class ClaimList:
    name: str  # as most papers on the page spell it
    rows: list[ClaimRow]
    count: int
    has_other: bool  # whether there are claims of the other kind about it


class Step(NamedTuple):
    """One thing that the owner did with a claim."""

    action: str
    made_at: datetime
    note: str
    as_read: dict[str, Any]
    stands: dict[str, Any] | None


def said_by(paper_ids: Sequence[int]) -> dict[int, Said]:
    """What pages show of what these papers say. Two queries."""
    lines, claims = lines_by(paper_ids), claims_by(paper_ids)
    return {pk: Said(*line, claims.get(pk, ())) for pk, line in lines.items()}


def claims_by(paper_ids: Sequence[int]) -> dict[int, tuple[Claimed, ...]]:
    """In the order of their texts."""
    rows = shown(models.Claim.objects.filter(paper_id__in=paper_ids)).order_by("paper_id", "place")
    papers = groupby(rows.values_list("paper_id", *_COLUMNS), key=lambda row: row[0])
    return {paper_id: tuple(_claimed(row[1:]) for row in group) for paper_id, group in papers}


def claims_about(about: About, name: str, *, sort: Sort, page: int) -> ClaimList:
    """One page of all claims that name it, however they spell it. Four queries; `page` counts from 1."""
    key = name_key(name)
    found = shown(about_key(about, key))
    first = (page - 1) * PAGE_SIZE
    ordered = found.order_by(*_ORDERS[sort]).values_list("pk", flat=True)
    rows = _rows(list(ordered[first : first + PAGE_SIZE])) if key else []
    other = About.BENCHMARK if about is About.NAME else About.NAME
    return ClaimList(
        name=_spelled(about, key, rows) or name,
        rows=rows,
        count=found.count() if key else 0,
        has_other=bool(key) and shown(about_key(other, key)).exists(),
    )


def papers_about(about: About, name: str, most: int) -> dict[int, list[Claim]]:
    """The newest papers whose claims name it, and these claims. Two queries."""
    found = shown(about_key(about, name_key(name))).filter(paper__is_withdrawn=False)
    newest = found.order_by(*_ORDERS[Sort.DATE]).values_list("paper_id", flat=True)
    ids = list(dict.fromkeys(newest[: most * CLAIMS_EACH]))[:most]
    told: dict[int, list[Claim]] = {pk: [] for pk in ids}
    for row in found.filter(paper_id__in=ids).order_by("place").values_list("paper_id", *_COLUMNS):
        told[row[0]].append(_claimed(row[1:]).claim)
    return told


def names(about: About, name: str) -> bool:
    """Whether any claim names it."""
    key = name_key(name)
    return bool(key) and shown(about_key(about, key)).exists()


def _rows(claim_ids: Sequence[int]) -> list[ClaimRow]:
    """In this order. Read by their ids alone: to sort all claims of a name must not move their abstracts."""
    found = models.Claim.objects.filter(pk__in=claim_ids).values_list(*COLUMNS)
    rows = {row[0]: row for row in found}
    return [row_of(rows[claim_id]) for claim_id in claim_ids if claim_id in rows]


def claim_row(claim_id: int) -> ClaimRow | None:
    """One claim, removed or not."""
    rows = models.Claim.objects.filter(pk=claim_id).values_list(*COLUMNS)
    return next(map(row_of, rows), None)


def claims_of(key: str) -> list[ClaimRow]:
    """All claims of a paper, those that were removed too."""
    rows = models.Claim.objects.filter(paper__key=key).order_by("place")
    return [row_of(row) for row in rows.values_list(*COLUMNS)]


def steps_of(thread: str) -> list[Step]:
    """What was done with a claim, the newest first."""
    rows = Correction.objects.filter(thread=thread).order_by("-id") if thread else Correction.objects.none()
    return [Step(*row) for row in rows.values_list(*Step._fields)]


def all_claims() -> Iterator[dict[str, Any]]:
    """Every claim that stands, as plain values. Some thousands are in memory at a time, and no query lasts.

    Papers are read in the order of their ids: what is written meanwhile comes once or not at all.
    """
    last, is_last = 0, False
    while not is_last:
        rows = shown(models.Claim.objects.filter(paper_id__gt=last)).order_by("paper_id", "place")
        batch = list(rows.values_list("paper_id", *_OF_PAPER, *_COLUMNS)[:AT_ONCE])
        is_last = len(batch) < AT_ONCE
        cut = 0 if is_last else batch[-1][0]  # a paper whose claims may not all be here
        yield from (_plain(row) for row in batch if row[0] != cut)
        last = cut - 1


def _plain(row: tuple[Any, ...]) -> dict[str, Any]:
    key, title, day, is_withdrawn = row[1:5]
    claimed = _claimed(row[5:])
    paper = {"paper": paper_ref(key), "title": title, "date": day.isoformat() if day else None}
    told = {"is_corrected": claimed.is_corrected, "is_withdrawn": is_withdrawn}
    return {**paper, **claim_as_json(claimed.claim), **told}


def about_key(about: About, key: str) -> QuerySet[models.Claim]:
    if about is About.BENCHMARK:
        return models.Claim.objects.filter(dataset_key=key).exclude(dataset_key="")
    asked = Q(subject_key=key) & ~Q(subject_key="") | Q(baseline_key=key) & ~Q(baseline_key="")
    return models.Claim.objects.filter(asked)


def shown(claims: QuerySet[models.Claim]) -> QuerySet[models.Claim]:
    return claims.filter(is_removed=False)


COLUMNS = (*_COLUMNS, *_OF_PAPER, "paper__abstract", "paper__summary", "is_removed")  # of `row_of`


def row_of(row: tuple[Any, ...]) -> ClaimRow:
    key, title, day, is_withdrawn, abstract, summary, is_removed = row[len(_COLUMNS) :]
    claimed = _claimed(row[: len(_COLUMNS)])
    return ClaimRow(claimed, key, title, day, is_withdrawn, abstract or summary, is_removed)


def _claimed(row: tuple[Any, ...]) -> Claimed:
    pk, thread, value, value_max, unit, metric, subject, dataset, baseline, *more = row
    bound, direction, quote, start, end = more
    claim = Claim(
        value=value,
        value_max=value_max,
        unit=unit,
        metric=metric,
        subject=subject,
        dataset=dataset,
        baseline=baseline,
        bound=Bound(bound) if bound else None,
        direction=Direction(direction) if direction else None,
        quote=Span(quote, start, end),
    )
    return Claimed(pk, claim, is_corrected=bool(thread), thread=thread)


def _spelled(about: About, key: str, rows: Sequence[ClaimRow]) -> str:
    claims = [row.claimed.claim for row in rows]
    if about is About.BENCHMARK:
        names = [claim.dataset for claim in claims]
    else:
        names = [name for claim in claims for name in (claim.subject, claim.baseline)]
    same = [name for name in names if name_key(name) == key]
    return max(sorted(set(same)), key=same.count, default="")
