"""Makes editions from papers and signals: whatever window has changed is made again as a whole.

While a window is open its edition follows every change. What becomes of it afterwards is `store/printing.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.domain.edition import CALENDAR, View, Window, WindowKind, window_of
from broadsheet.domain.pick import Candidates, Ranked
from broadsheet.store import printing
from broadsheet.store.candidates import candidates_of
from broadsheet.store.changes import write_alone
from broadsheet.store.models import Edition, StaleWindow
from broadsheet.store.places import Made, write_edition, write_like

MOST_PLACES = 500  # kept per edition, besides the first of each category
MOST_TRENDING = 100  # of what trends, of which each day keeps a list
TRENDING_LASTS = timedelta(hours=1)
ALL_LASTS = timedelta(days=1)
LARGE = 5_000  # papers; a window that holds more is made again
LARGE_LASTS = timedelta(minutes=30)  # no sooner than after this, for every count would make it again

Ranking = Callable[[Candidates, int], Ranked]  # the best so many, best first


@dataclass(frozen=True, slots=True)
class Refreshed:
    windows: int
    places: int


def refresh_stale(rank: Ranking, formula: str, *, now: datetime, most: int | None = None) -> Refreshed:
    """Make the editions of all windows that have changed since theirs was made, oldest first.

    Ranked while others may write, then written in a transaction for each: killed at any instant, the rest
    are still marked and come next time.
    """
    printing.adopt(formula, now)
    printing.print_closed(now)
    windows = places = 0
    for stale in _stale(formula, now, most):
        made = _ranked(Window(WindowKind(stale.kind), stale.start), rank, formula, now)
        with transaction.atomic():
            write_alone()
            if not StaleWindow.objects.filter(pk=stale.pk).exists():
                continue  # another worker has made it from what is newer
            _keep(made)
            StaleWindow.objects.filter(pk=stale.pk, mark=stale.mark).delete()
        windows += 1
        places += len(made.ranked.picks)
    return Refreshed(windows, places)


def _stale(formula: str, now: datetime, most: int | None) -> Iterator[StaleWindow]:
    """Large windows have a rest after each making, but none while papers still get into what is printed."""
    made_lately = Edition.objects.filter(view=View.LATEST, made_at__gt=now - LARGE_LASTS, made_at__lte=now)
    large = made_lately.filter(paper_count__gt=LARGE, formula=formula).values_list("kind", "start")
    made = (Window(WindowKind(kind), start) for kind, start in large)
    resting = {window for window in made if not printing.is_settling(window, now)}
    for stale in StaleWindow.objects.order_by("start", "kind")[:most]:
        if Window(WindowKind(stale.kind), stale.start) not in resting:
            yield stale


def refresh_rolling(rank: Ranking, formula: str, *, now: datetime) -> int:
    """What is trending just now, hourly; all time, daily. How many were made."""
    today = now.date()
    made = 0
    for window, lasts in (
        (Window(WindowKind.TRENDING, today), TRENDING_LASTS),
        (window_of(WindowKind.ALL, today), ALL_LASTS),
    ):
        held = Edition.objects.filter(kind=window.kind, start=window.start, formula=formula)
        if not held.filter(made_at__gt=now - lasts, made_at__lte=now).exists():
            found = _ranked(window, rank, formula, now)
            with transaction.atomic():
                write_alone()
                _keep(found)
            made += bool(found.ranked.picks)
    return made


def _ranked(window: Window, rank: Ranking, formula: str, now: datetime) -> Made:
    held = candidates_of(window, now.date())
    most = MOST_TRENDING if window.kind is WindowKind.TRENDING else MOST_PLACES
    return Made(window, formula, rank(held, most), tuple(held.paper_ids), now)


def _keep(made: Made) -> None:
    printed = printing.settle(made) if made.window.kind in CALENDAR else None
    if printed is None:
        write_edition(made, View.LATEST)
    else:
        write_like(View.LATEST, printed)
