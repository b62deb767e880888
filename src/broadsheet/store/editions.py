"""Makes editions from papers and signals: whatever window has changed is made again as a whole.

While a window is open its edition follows every change. When it has closed, the order of that moment is
printed and stays; only papers that come in within hours of it still get in, so that a slow harvest is not
cut in two. What is known later stands in another view of the same window.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from broadsheet.domain.edition import CALENDAR, View, Window, WindowKind, window_of
from broadsheet.domain.pick import Brief, Candidates, Pick, Ranked
from broadsheet.store.candidates import candidates_of
from broadsheet.store.changes import take_numbers, write_alone
from broadsheet.store.models import Edition, Place, StaleWindow
from broadsheet.store.rows import insert

MOST_PLACES = 500  # kept per edition; the count of its papers says how many there were
STILL_OPEN = timedelta(hours=6)  # for papers that come in after a window was printed
TO_BE_PRINTED = timedelta(days=45)  # windows that have just closed lie within
RANKED_ANEW = 500  # editions of a former formula, in one round of upkeep
TRENDING_LASTS = timedelta(hours=1)
ALL_LASTS = timedelta(days=1)
PLACE_COLUMNS = ("edition_id", "rank", "paper_id", "score", "reason", "terms", "field_rank")

Ranking = Callable[[Candidates, int], Ranked]  # the best so many, best first


@dataclass(frozen=True, slots=True)
class Refreshed:
    windows: int
    places: int


def refresh_stale(rank: Ranking, formula: str, *, now: datetime, most: int | None = None) -> Refreshed:
    """Make the editions of all windows that have changed since theirs was made, oldest first.

    Each in its own transaction: killed at any instant, the rest are still marked and come next time.
    """
    _adopt(formula, now)
    _print_closed(now)
    windows = places = 0
    for stale in StaleWindow.objects.order_by("start", "kind")[:most]:
        with transaction.atomic():
            write_alone()
            window = Window(WindowKind(stale.kind), stale.start)
            places += _make(window, rank, formula, now)
            StaleWindow.objects.filter(pk=stale.pk, mark=stale.mark).delete()
        windows += 1
    return Refreshed(windows, places)


def refresh_rolling(rank: Ranking, formula: str, *, now: datetime) -> int:
    """What is trending just now, hourly; all time, daily. How many were made."""
    today = now.date()
    made = 0
    for window, lasts in (
        (Window(WindowKind.TRENDING, today), TRENDING_LASTS),
        (window_of(WindowKind.ALL, today), ALL_LASTS),
    ):
        fresh = Edition.objects.filter(kind=window.kind, start=window.start, made_at__gt=now - lasts)
        if not fresh.filter(formula=formula).exists():
            with transaction.atomic():
                write_alone()
                made += bool(_make(window, rank, formula, now))
    return made


def closes_at(window: Window) -> datetime:
    return datetime.combine(window.end, time(), UTC)


@dataclass(frozen=True, slots=True)
class _Made:
    """What a window's papers have been ranked to."""

    window: Window
    formula: str
    ranked: Ranked
    paper_ids: Sequence[int]
    now: datetime

    @property
    def digest(self) -> str:
        """Changes when a paper comes or goes."""
        return blake2b(",".join(map(str, sorted(self.paper_ids))).encode(), digest_size=8).hexdigest()


def _make(window: Window, rank: Ranking, formula: str, now: datetime) -> int:
    held = candidates_of(window, now.date())
    made = _Made(window, formula, rank(held, MOST_PLACES), held.paper_ids, now)
    _write(made, View.LATEST)
    if window.kind in CALENDAR and now >= closes_at(window):
        _print(made)
    return len(made.ranked.picks)


def _print(made: _Made) -> None:
    """Fix the order for good, or once more while papers of the window are still coming in."""
    window = made.window
    held = Edition.objects.filter(kind=window.kind, start=window.start, view=View.PRINTED)
    before = held.values_list("inputs", flat=True).first()
    first_at = datetime.fromisoformat(before["printed_at"]) if before else made.now
    if before is None or (before["papers"] != made.digest and made.now - first_at < STILL_OPEN):
        _write(made, View.PRINTED, printed_at=first_at.isoformat())


def _write(made: _Made, view: View, **inputs: str) -> None:
    at: dict[str, Any] = {"kind": made.window.kind, "start": made.window.start, "view": view}
    if not made.ranked.picks:
        Edition.objects.filter(**at).delete()
        return
    ranked = made.ranked
    columns: dict[str, Any] = {
        "paper_count": len(made.paper_ids),
        "formula": made.formula,
        "made_at": made.now,
        "inputs": {**ranked.inputs, "papers": made.digest, "damped": _listed(ranked.damped), **inputs},
        "beside": {"rising": _listed(ranked.rising), "radar": _listed(ranked.radar)},
    }
    edition, _ = Edition.objects.update_or_create(**at, defaults=columns)
    Place.objects.filter(edition=edition).delete()
    insert(Place, PLACE_COLUMNS, (_row(edition.pk, pick) for pick in ranked.picks))


def _row(edition_id: int, pick: Pick) -> tuple[Any, ...]:
    terms = [tuple(term) for term in pick.terms]
    return (edition_id, pick.rank, pick.paper_id, pick.score, pick.reason, terms, pick.field_rank)


def _listed(briefs: Sequence[Brief]) -> list[dict[str, Any]]:
    return [asdict(brief) for brief in briefs]


def _adopt(formula: str, now: datetime) -> None:
    """Editions of a former formula stay as they were printed; their latest view is made by the new one."""
    former = Edition.objects.filter(view=View.LATEST, kind__in=CALENDAR).exclude(formula=formula)
    for edition in former.order_by("-start")[:RANKED_ANEW]:
        with transaction.atomic():
            write_alone()
            window = Window(WindowKind(edition.kind), edition.start)
            if now >= closes_at(window):
                _print_as_it_is(edition, now)
            mark = take_numbers(1)[0]
            StaleWindow.objects.update_or_create(
                kind=edition.kind, start=edition.start, defaults={"mark": mark}
            )


def _print_closed(now: datetime) -> None:
    """Windows that have closed since anything changed in them."""
    printed = Edition.objects.filter(kind=OuterRef("kind"), start=OuterRef("start"), view=View.PRINTED)
    stale = StaleWindow.objects.filter(kind=OuterRef("kind"), start=OuterRef("start"))
    waiting = Edition.objects.filter(
        view=View.LATEST, kind__in=CALENDAR, start__gte=now.date() - TO_BE_PRINTED
    ).exclude(Exists(printed) | Exists(stale))
    for edition in waiting:
        if now >= closes_at(Window(WindowKind(edition.kind), edition.start)):
            with transaction.atomic():
                write_alone()
                _print_as_it_is(edition, now)


def _print_as_it_is(edition: Edition, now: datetime) -> None:
    """Copy the latest view, unless the window was printed before."""
    held = Edition.objects.filter(kind=edition.kind, start=edition.start, view=View.PRINTED)
    if held.exists():
        return
    copy = Edition.objects.create(
        kind=edition.kind,
        start=edition.start,
        view=View.PRINTED,
        paper_count=edition.paper_count,
        formula=edition.formula,
        made_at=now,
        inputs={"papers": "", **edition.inputs, "printed_at": now.isoformat()},
        beside=edition.beside,
    )
    columns = PLACE_COLUMNS[1:]
    rows = Place.objects.filter(edition=edition).order_by("rank").values_list(*columns)
    insert(Place, PLACE_COLUMNS, ((copy.pk, *row) for row in rows))
