"""Makes editions from papers and signals: whatever window has changed is made again as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction

from broadsheet.domain.edition import Window, WindowKind
from broadsheet.domain.paper import ListingKind
from broadsheet.domain.pick import Candidate, Pick
from broadsheet.domain.signal import SignalKind
from broadsheet.store.changes import write_alone
from broadsheet.store.models import Edition, Listing, Paper, Place, Signal, StaleWindow
from broadsheet.store.rows import insert

MOST_PLACES = 500  # kept per edition; the count of its papers says how many there were
SIGNAL_DAYS = timedelta(days=14)  # signals count until so long after the window

Ranking = Callable[[Sequence[Candidate], int], list[Pick]]  # the best so many, best first


@dataclass(frozen=True, slots=True)
class Refreshed:
    windows: int
    places: int


def refresh_stale(rank: Ranking, formula: str, *, now: datetime, most: int | None = None) -> Refreshed:
    """Make the editions of all windows that have changed since theirs was made, oldest first.

    Each in its own transaction: killed at any instant, the rest are still marked and come next time.
    """
    windows = places = 0
    for stale in StaleWindow.objects.order_by("start", "kind")[:most]:
        with transaction.atomic():
            write_alone()
            window = Window(WindowKind(stale.kind), stale.start)
            places += _make(window, rank, formula, now)
            StaleWindow.objects.filter(pk=stale.pk, mark=stale.mark).delete()
        windows += 1
    return Refreshed(windows, places)


def _make(window: Window, rank: Ranking, formula: str, now: datetime) -> int:
    candidates = _candidates(window)
    if not candidates:
        Edition.objects.filter(kind=window.kind, start=window.start).delete()
        return 0
    edition, _ = Edition.objects.update_or_create(
        kind=window.kind,
        start=window.start,
        defaults={"paper_count": len(candidates), "formula": formula, "made_at": now},
    )
    Place.objects.filter(edition=edition).delete()
    picks = rank(candidates, MOST_PLACES)
    _write_places(edition.pk, picks)
    return len(picks)


def _write_places(edition_id: int, picks: Sequence[Pick]) -> None:
    rows = ((edition_id, pick.rank, pick.paper_id, pick.score, pick.reason) for pick in picks)
    insert(Place, ("edition_id", "rank", "paper_id", "score", "reason"), rows)


def _candidates(window: Window) -> list[Candidate]:
    """The papers announced as new or listed in the window, with their signals."""
    announced = Paper.objects.filter(announced_on__gte=window.start, announced_on__lt=window.end)
    dated = {pk: day for pk, day in announced.values_list("pk", "announced_on") if day is not None}
    listed = Listing.objects.filter(
        day__gte=window.start, day__lt=window.end, kind__in=[ListingKind.NEW, ListingKind.DAILY]
    ).values_list("paper_id", "day")
    for paper_id, day in listed:
        dated[paper_id] = max(day, dated.get(paper_id, day))
    signals = _signals(window, dated)
    return [_candidate(paper_id, day, signals.get(paper_id, {})) for paper_id, day in dated.items()]


Readings = dict[str, list[tuple[date, int]]]  # by kind, oldest first


def _signals(window: Window, dated: dict[int, date]) -> dict[int, Readings]:
    """Read by day rather than by paper: the days are few and indexed, the papers may be many."""
    rows = Signal.objects.filter(day__gte=window.start - timedelta(days=1), day__lt=window.end + SIGNAL_DAYS)
    ordered = rows.order_by("paper_id", "kind", "day").values_list("paper_id", "kind", "day", "value")
    found: dict[int, Readings] = {}
    for (paper_id, kind), group in groupby(ordered, key=lambda row: (row[0], row[1])):
        if paper_id in dated:
            found.setdefault(paper_id, {})[kind] = [(day, value) for _, _, day, value in group]
    return found


def _candidate(paper_id: int, day: date, readings: Readings) -> Candidate:
    stars = readings.get(SignalKind.STARS, [])
    gained = stars[-1][1] - stars[0][1] if len(stars) > 1 else None
    return Candidate(
        paper_id=paper_id,
        upvotes=_newest(readings.get(SignalKind.UPVOTES)),
        comments=_newest(readings.get(SignalKind.COMMENTS)),
        stars=_newest(stars),
        stars_gained=gained if gained is None else max(0, gained),
        stars_since=stars[0][0] if gained is not None else None,
        dated_on=day,
    )


def _newest(readings: list[tuple[date, int]] | None) -> int | None:
    return readings[-1][1] if readings else None
