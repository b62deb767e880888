"""Reads what became of digests, for their owner: counts, troubles, and what was to be sent and was not."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from broadsheet.domain.edition import View, Window, WindowKind
from broadsheet.domain.interest import Often
from broadsheet.domain.news import is_for
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store import returns
from broadsheet.store.models import Delivery, Edition, Subscription
from broadsheet.store.printing import closes_at
from broadsheet.store.returns import ReturnLine

DAYS_SHOWN = timedelta(days=14)
OVERDUE = timedelta(hours=2)
LONGEST_WAIT = {  # from the end of a window to its digest, wherever the reader is
    Often.DAILY: timedelta(hours=25),
    Often.WEEKDAYS: timedelta(hours=73),
    Often.WEEKLY: timedelta(hours=36),
}
MOST_TROUBLES = 50
KINDS = (WindowKind.DAY, WindowKind.WEEK)
TROUBLE = (DeliveryState.REFUSED, DeliveryState.EXPIRED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class EditionLine:
    window: Window
    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def states(self) -> list[tuple[str, int]]:
        return sorted(self.counts.items())


@dataclass(frozen=True, slots=True)
class Trouble:
    """One delivery that did not arrive, or is tried again."""

    window: Window
    address: str
    state: DeliveryState
    answer: str
    tries: int


@dataclass(frozen=True, slots=True)
class Paused:
    address: str
    trouble: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    subscriptions: dict[str, int]  # by state
    editions: list[EditionLine]  # newest first
    troubles: list[Trouble]  # newest first
    trouble_count: int  # also of those that were left out
    paused: list[Paused]
    overdue: int  # subscriptions whose hour has passed and for whom nothing was made
    silent: list[Window]  # editions of which nothing was sent, though there were digests of them
    unmade: list[Window]  # editions of which not even a digest was made, though somebody waited for one
    returned: list[ReturnLine]  # what came back, newest first

    @property
    def alarms(self) -> list[str]:
        told = [f"Nothing was sent of {window.title}." for window in self.silent]
        told += [f"No digest was made of {window.title}." for window in self.unmade]
        if self.overdue:
            count = "1 digest is" if self.overdue == 1 else f"{self.overdue:,} digests are"
            told.append(f"{count} overdue: the job `digest` or `upkeep` does not run.")
        return told


def delivery_report(now: datetime, most: int | None = MOST_TROUBLES) -> DeliveryReport:
    """`most`: troubles that are named; None names them all."""
    editions = _editions(now)
    states = Subscription.objects.values("state").order_by("state").annotate(count=Count("pk"))
    paused = Subscription.objects.filter(state=SubscriptionState.PAUSED).exclude(trouble="")
    overdue = Subscription.objects.filter(state=SubscriptionState.ACTIVE, due_at__lt=now - OVERDUE)
    return DeliveryReport(
        subscriptions={row["state"]: row["count"] for row in states},
        editions=editions,
        troubles=_troubles(now, most),
        trouble_count=_troubled(now).count(),
        paused=[Paused(row.shown_address, row.trouble) for row in paused.order_by("pk")[:MOST_TROUBLES]],
        overdue=overdue.count(),
        silent=_silent(now),
        unmade=_unmade(now),
        returned=returns.recent(now, DAYS_SHOWN),
    )


def alarms(now: datetime) -> list[str]:
    """The same as of the whole report, for a page that has no room for it."""
    return delivery_report(now, most=0).alarms


def _editions(now: datetime) -> list[EditionLine]:
    rows = _recent(now).values_list("kind", "start", "state").annotate(count=Count("pk"))
    counts: dict[Window, Counter[str]] = {}
    for kind, start, state, count in rows.order_by("-start", "kind"):
        counts.setdefault(Window(WindowKind(kind), start), Counter())[state] += count
    return [EditionLine(window, count) for window, count in counts.items()]


def _silent(now: datetime) -> list[Window]:
    """Editions whose first digests are long due, and not one was sent.

    Digests with nothing in them do not count, nor those of readers who left before their turn came.
    """
    left = ~Q(subscription__state=SubscriptionState.ACTIVE) & Q(begun_at=None)
    wanted = _recent(now).exclude(state=DeliveryState.EMPTY).exclude(left)
    rows = wanted.order_by("-start", "kind").values_list("kind", "start")
    told = rows.annotate(first_at=Min("made_at"), sent=Count("pk", filter=Q(state=DeliveryState.SENT)))
    return [
        Window(WindowKind(kind), start)
        for kind, start, first_at, sent in told
        if not sent and first_at < now - OVERDUE
    ]


def _unmade(now: datetime) -> list[Window]:
    """Printed editions that somebody waited for since before they closed, and whose hour has passed."""
    made = Delivery.objects.filter(kind=OuterRef("kind"), start=OuterRef("start"))
    printed = Edition.objects.filter(
        ~Exists(made),
        kind__in=KINDS,
        view=View.PRINTED,
        paper_count__gt=0,
        start__gt=(now - DAYS_SHOWN).date(),
    )
    rows = printed.order_by("-start", "kind").values_list("kind", "start")
    windows = (Window(WindowKind(kind), start) for kind, start in rows)
    waiting = _waiting_since()
    return [window for window in windows if _is_overdue(window, waiting, now)]


def _waiting_since() -> dict[Often, datetime]:
    """Since when the first of those waits who get digests so often."""
    active = Subscription.objects.filter(state=SubscriptionState.ACTIVE, waits_since__isnull=False)
    rows = active.order_by().values_list("interest__often").annotate(first_at=Min("waits_since"))
    return {Often(often): since for often, since in rows if often in set(Often)}


def _is_overdue(window: Window, waiting: dict[Often, datetime], now: datetime) -> bool:
    closed_at = closes_at(window)
    return any(
        is_for(often, window) and since < closed_at and now > closed_at + LONGEST_WAIT[often] + OVERDUE
        for often, since in waiting.items()
    )


def _recent(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(made_at__gt=now - DAYS_SHOWN)


def _troubled(now: datetime) -> QuerySet[Delivery]:
    put_off = Q(state=DeliveryState.WAITING, tries__gt=0)
    return _recent(now).filter(Q(state__in=TROUBLE) | put_off)


def _troubles(now: datetime, most: int | None) -> list[Trouble]:
    rows = _troubled(now).select_related("subscription").order_by("-made_at", "-pk")[:most]
    return [
        Trouble(
            Window(WindowKind(row.kind), row.start),
            row.subscription.shown_address,
            DeliveryState(row.state),
            row.answer,
            row.tries,
        )
        for row in rows
    ]
