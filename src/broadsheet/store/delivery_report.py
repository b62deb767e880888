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
ALARMED = timedelta(days=7)  # so long does a bad edition keep the alarm
LONGEST_EDITION = timedelta(days=14)  # from its first day to the last digest of it
FEWEST_MISSING, SHARE_MISSING = 3, 0.1
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
class Shortfall:
    """An edition that did not reach who it was for."""

    window: Window
    missing: int
    total: int


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
    alarms: list[str]
    returned: list[ReturnLine]  # what came back, newest first


def delivery_report(now: datetime, most: int | None = MOST_TROUBLES) -> DeliveryReport:
    """`most`: troubles that are named; None names them all."""
    editions = _editions(now)
    paused = Subscription.objects.filter(state=SubscriptionState.PAUSED).exclude(trouble="")
    return DeliveryReport(
        subscriptions=subscription_counts(),
        editions=editions,
        troubles=_troubles(now, most),
        trouble_count=_troubled(now).count(),
        paused=[Paused(row.shown_address, row.trouble) for row in paused.order_by("pk")[:MOST_TROUBLES]],
        alarms=alarms(now),
        returned=returns.recent(now, DAYS_SHOWN),
    )


def alarms(now: datetime) -> list[str]:
    """What the owner must know, without any address; quick, for who asks often."""
    told = [_told(one) for one in _lost(now)]
    told += [f"No digest was made of {window.title}." for window in _unmade(now)]
    late = Subscription.objects.filter(state=SubscriptionState.ACTIVE, due_at__lt=now - OVERDUE).count()
    if late:
        count = "1 digest is" if late == 1 else f"{late:,} digests are"
        told.append(f"{count} overdue: the job `digest` or `upkeep` does not run.")
    return told


def _told(one: Shortfall) -> str:
    if one.missing == one.total:
        return f"Nothing was sent of {one.window.title}."
    return f"{one.missing:,} of {one.total:,} digests of {one.window.title} did not arrive for sure."


def subscription_counts() -> dict[str, int]:
    """By state."""
    rows = Subscription.objects.values("state").order_by("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def _editions(now: datetime) -> list[EditionLine]:
    rows = _recent(now).values_list("kind", "start", "state").annotate(count=Count("pk"))
    counts: dict[Window, Counter[str]] = {}
    for kind, start, state, count in rows.order_by("-start", "kind"):
        counts.setdefault(Window(WindowKind(kind), start), Counter())[state] += count
    return [EditionLine(window, count) for window, count in counts.items()]


def _lost(now: datetime) -> list[Shortfall]:
    """Editions of which none, or too few, were sent.

    The states are counted in an index alone; what costs more is asked of editions that look bad.
    """
    since = (now - ALARMED - LONGEST_EDITION).date()
    counted = Delivery.objects.filter(kind__in=KINDS, start__gte=since).order_by("-start", "kind")
    counts: dict[Window, Counter[str]] = {}
    for kind, start, state, count in counted.values_list("kind", "start", "state").annotate(
        count=Count("pk")
    ):
        counts.setdefault(Window(WindowKind(kind), start), Counter())[state] += count
    return [one for window, count in counts.items() if _looks_bad(count) and (one := _shortfall(window, now))]


def _looks_bad(count: Counter[str]) -> bool:
    sent, missing = count[DeliveryState.SENT], sum(count[state] for state in TROUBLE)
    return not sent or _is_much(missing, sent + missing)


def _is_much(missing: int, total: int) -> bool:
    return missing >= FEWEST_MISSING and missing > total * SHARE_MISSING


def _shortfall(window: Window, now: datetime) -> Shortfall | None:
    """Digests with nothing in them do not count, nor those of readers who left before their turn came."""
    left = ~Q(subscription__state=SubscriptionState.ACTIVE) & Q(begun_at=None)
    made = Delivery.objects.filter(kind=window.kind, start=window.start, made_at__gt=now - ALARMED)
    wanted = made.exclude(state=DeliveryState.EMPTY).exclude(left)
    told = wanted.aggregate(
        first_at=Min("made_at"),
        total=Count("pk"),
        sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
        missing=Count("pk", filter=Q(state__in=TROUBLE)),
    )
    if told["total"] and not told["sent"] and told["first_at"] < now - OVERDUE:
        return Shortfall(window, told["total"], told["total"])
    if told["sent"] and _is_much(told["missing"], told["total"]):
        return Shortfall(window, told["missing"], told["total"])
    return None


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
