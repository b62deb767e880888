"""When the order of an edition is fixed, and what may change it afterwards.

1. When a window closes, its edition of that moment is printed, with formula and inputs.
2. For six hours papers that still come in make it be set anew: a slow harvest is not cut in two.
3. A window that was over before this site knew of it is printed at once, and set anew when more of its papers
   come in (another import), never because counts have changed.
4. A new formula alone changes nothing printed. What is known later stands in the window's latest view.
"""

from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from broadsheet.domain.edition import CALENDAR, View, Window, WindowKind
from broadsheet.store.changes import take_mark, write_alone
from broadsheet.store.models import Edition, StaleWindow
from broadsheet.store.places import Made, copy_edition, write_edition

STILL_OPEN = timedelta(hours=6)  # for papers that come in after a window was printed
CLOCKS_DIFFER = timedelta(hours=1)  # at most, between machines and processes that work at once
LONGEST_WINDOW = timedelta(days=31)
RANKED_ANEW = 500  # editions of a former formula, in one round of upkeep


def closes_at(window: Window) -> datetime:
    return datetime.combine(window.end, time(), UTC)


def is_settling(window: Window, now: datetime) -> bool:
    """Whether it has just closed, so that papers which come in still count."""
    return closes_at(window) <= now < closes_at(window) + STILL_OPEN


def settle(made: Made) -> Edition | None:
    """Print a window that has closed, in the transaction that will write its latest view after this.

    Gives the printed edition when it was made of the very same places.
    """
    if made.now < closes_at(made.window):
        return None
    held = {row.view: row for row in _both(made.window)}
    printed, latest = held.get(View.PRINTED), held.get(View.LATEST)
    if printed is None:
        if latest is None or latest.made_at >= closes_at(made.window):
            return _write(made, made.now, was_seen_open=False)
        printed = _print(latest, made.now)
    if _is_set_anew(printed, made):
        first_at = datetime.fromisoformat(printed.inputs["printed_at"])
        return _write(made, first_at, was_seen_open=printed.inputs.get("was_seen_open", True))
    return None


def _is_set_anew(printed: Edition, made: Made) -> bool:
    """Only for papers that come in: one that leaves, or is found to be another, moves nothing."""
    if printed.inputs["papers"] in ("", made.digest) or len(made.paper_ids) <= printed.paper_count:
        return False
    if not printed.inputs.get("was_seen_open", True):
        return True
    since = made.now - datetime.fromisoformat(printed.inputs["printed_at"])
    return printed.formula == made.formula and since < STILL_OPEN


def _write(made: Made, printed_at: datetime, *, was_seen_open: bool) -> Edition | None:
    return write_edition(made, View.PRINTED, printed_at=printed_at.isoformat(), was_seen_open=was_seen_open)


def _print(edition: Edition, now: datetime) -> Edition:
    return copy_edition(edition, View.PRINTED, now, printed_at=now.isoformat(), was_seen_open=True)


def print_closed(now: datetime) -> None:
    """Windows that have closed since their latest edition was made."""
    _take_back(now)
    for window in unprinted(now):
        with transaction.atomic():
            write_alone()
            latest = _of(window, View.LATEST).first()
            if latest is not None and not _of(window, View.PRINTED).exists():
                _print(latest, now)


def _take_back(now: datetime) -> None:
    """What a clock that was ahead printed before its time; clocks a few minutes apart do not quarrel."""
    lately = Edition.objects.filter(view=View.PRINTED, start__gte=now.date() - LONGEST_WINDOW)
    for kind, start in lately.values_list("kind", "start"):
        window = Window(WindowKind(kind), start)
        if now < closes_at(window) - CLOCKS_DIFFER:
            with transaction.atomic():
                write_alone()
                take_mark()
                _of(window, View.PRINTED).delete()


def unprinted(now: datetime) -> set[Window]:
    """Windows that are to be printed: they have closed, and only their latest view is there."""
    waiting = _latest().exclude(Exists(_printed_beside())).values_list("kind", "start")
    windows = (Window(WindowKind(kind), start) for kind, start in waiting)
    return {window for window in windows if now >= closes_at(window)}


def adopt(formula: str, now: datetime) -> None:
    """Editions of a former formula stay as they were printed; their latest view is made by the new one."""
    former = _latest().exclude(formula=formula).order_by("-start").values_list("kind", "start")
    for kind, start in former[:RANKED_ANEW]:
        window = Window(WindowKind(kind), start)
        with transaction.atomic():
            write_alone()
            latest = _of(window, View.LATEST).first()
            if latest is not None and now >= closes_at(window) and not _of(window, View.PRINTED).exists():
                _print(latest, now)
            mark = take_mark()
            StaleWindow.objects.update_or_create(kind=kind, start=start, defaults={"mark": mark})


def _both(window: Window) -> QuerySet[Edition]:
    return Edition.objects.filter(kind=window.kind, start=window.start)


def _of(window: Window, view: View) -> QuerySet[Edition]:
    return _both(window).filter(view=view)


def _latest() -> QuerySet[Edition]:
    return Edition.objects.filter(view=View.LATEST, kind__in=CALENDAR)


def _printed_beside() -> QuerySet[Edition]:
    return Edition.objects.filter(kind=OuterRef("kind"), start=OuterRef("start"), view=View.PRINTED)
