"""Lists for programs that read all there is, a page at a time: each page begins behind the last row of the
one before, so that what comes or goes meanwhile shifts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from broadsheet.domain.edition import View, Window, WindowKind
from broadsheet.domain.naming import name_key
from broadsheet.store import models
from broadsheet.store.claims import COLUMNS, About, ClaimRow, about_key, row_of, shown
from broadsheet.store.models import Edition, Paper


@dataclass(frozen=True, slots=True)
class EditionLine:
    window: Window
    paper_count: int
    formula: str
    made_at: datetime
    is_printed: bool


@dataclass(frozen=True, slots=True)
class NameLine:
    key: str
    name: str  # as the papers spell it that stands last in the alphabet
    claims: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers; days are those that papers are dated by, both included."""

    since: date | None = None
    until: date | None = None


def papers_after(
    wanted: Wanted, place: tuple[date | None, int] | None, most: int
) -> list[tuple[int, date | None]]:
    """Ids and days of papers, the newest first; those without a day come last. Two queries at the most."""
    found: list[tuple[int, date | None]] = []
    day, paper_id = place or (None, None)
    if day is not None or paper_id is None:
        dated = _wanted(wanted).filter(dated_on__isnull=False).order_by("-dated_on", "-id")
        if day is not None:
            dated = dated.filter(dated_on__lte=day).exclude(dated_on=day, id__gte=paper_id)
        found = list(dated.values_list("pk", "dated_on")[:most])
        paper_id = None
    if len(found) < most and wanted.since is None and wanted.until is None:
        undated = _wanted(wanted).filter(dated_on__isnull=True).order_by("-id")
        if paper_id is not None:
            undated = undated.filter(id__lt=paper_id)
        found += undated.values_list("pk", "dated_on")[: most - len(found)]
    return found


def undated_in(category: str, before: int, most: int) -> list[int]:
    """Ids of papers without a day, the last that came first. "cs" is all of cs.*."""
    spaced = Concat(Value(" "), "categories", Value(" "), output_field=TextField())
    has = Q(spaced__contains=f" {category} ") | Q(spaced__contains=f" {category}.")
    rows = Paper.objects.filter(dated_on__isnull=True).alias(spaced=spaced).filter(has, id__lt=before)
    return list(rows.order_by("-id").values_list("pk", flat=True)[:most])


def _wanted(wanted: Wanted) -> QuerySet[Paper]:
    papers = Paper.objects.all()
    if wanted.since:
        papers = papers.filter(dated_on__gte=wanted.since)
    if wanted.until:
        papers = papers.filter(dated_on__lte=wanted.until)
    return papers


def editions_before(kind: WindowKind, start: date | None, most: int) -> list[EditionLine]:
    """The newest first, each as it was printed if it was. One query."""
    rows = Edition.objects.filter(kind=kind).order_by("-start", "-view")  # "printed" before "latest"
    if start is not None:
        rows = rows.filter(start__lt=start)
    lines: dict[date, EditionLine] = {}
    columns = ("start", "paper_count", "formula", "made_at", "view")
    for day, count, formula, made_at, view in rows.values_list(*columns)[: 2 * most]:
        line = EditionLine(Window(kind, day), count, formula, made_at, view == View.PRINTED)
        lines.setdefault(day, line)
    return list(lines.values())[:most]


def claims_before(
    claim_id: int | None, most: int, *, key: str = "", named: Mapping[About, str]
) -> list[ClaimRow]:
    """Claims that stand, the last read first: all, those of a paper, those about names. One query."""
    rows = shown(models.Claim.objects.all())
    for about, name in named.items():
        if not name_key(name):
            return []
        rows &= about_key(about, name_key(name))
    if key:
        rows = rows.filter(paper__key=key)
    if claim_id is not None:
        rows = rows.filter(pk__lt=claim_id)
    return [row_of(row) for row in rows.order_by("-pk").values_list(*COLUMNS)[:most]]


def names_after(about: About, beginning: str, after: str | None, most: int) -> list[NameLine]:
    """By their keys, with how many claims name each as its subject, or as its data. One query."""
    field = "dataset" if about is About.BENCHMARK else "subject"
    known = ~Q(**{f"{field}_key": ""})
    rows = shown(models.Claim.objects.filter(known)).order_by()
    start = name_key(beginning)
    if start:
        rows = rows.filter(**{f"{field}_key__startswith": start})
    if after is not None:
        rows = rows.filter(**{f"{field}_key__gt": after})
    counted = rows.values(key=F(f"{field}_key")).annotate(spelled=Max(field), claims=Count("pk"))
    columns = counted.order_by("key").values_list("key", "spelled", "claims")
    return [NameLine(key, spelled or key, claims) for key, spelled, claims in columns[:most]]
