"""Reads what became of digests, for their owner: counts, troubles, and what was to be sent and was not."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max

from broadsheet.domain.edition import Window, WindowKind
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store import returns
from broadsheet.store.models import Delivery, Subscription
from broadsheet.store.returns import ReturnLine

DAYS_SHOWN = timedelta(days=14)
OVERDUE = timedelta(hours=2)
MOST_TROUBLES = 50
TROUBLE = (DeliveryState.REFUSED, DeliveryState.EXPIRED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class EditionLine:
    window: Window
    counts: Counter[str]
    made_at: datetime

    @property
    def total(self) -> int:
        return self.counts.total()

    def is_silent(self, now: datetime) -> bool:
        """Whether digests of it were to be sent, and long after not one has been."""
        wanted = self.total - self.counts[DeliveryState.EMPTY]
        return wanted > 0 and not self.counts[DeliveryState.SENT] and now - self.made_at > OVERDUE


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
    troubles: list[Trouble]  # newest first, at most MOST_TROUBLES
    paused: list[Paused]
    overdue: int  # subscriptions whose hour has passed and for whom nothing was made
    silent: list[Window] = field(default_factory=list)  # editions of which nothing was sent
    returned: list[ReturnLine] = field(default_factory=list)  # what came back, newest first

    @property
    def alarms(self) -> list[str]:
        told = [f"Nothing was sent of {window.title}." for window in self.silent]
        if self.overdue:
            told.append(f"{self.overdue:,} digests are overdue: the job `digest` does not run.")
        return told


def delivery_report(now: datetime) -> DeliveryReport:
    editions = _editions(now)
    states = Subscription.objects.values("state").order_by("state").annotate(count=Count("pk"))
    paused = Subscription.objects.filter(state=SubscriptionState.PAUSED).exclude(trouble="")
    overdue = Subscription.objects.filter(state=SubscriptionState.ACTIVE, due_at__lt=now - OVERDUE)
    return DeliveryReport(
        subscriptions={row["state"]: row["count"] for row in states},
        editions=editions,
        troubles=_troubles(now),
        paused=[Paused(row.shown_address, row.trouble) for row in paused.order_by("pk")[:MOST_TROUBLES]],
        overdue=overdue.count(),
        silent=[line.window for line in editions if line.is_silent(now)],
        returned=returns.recent(now, DAYS_SHOWN),
    )


def _editions(now: datetime) -> list[EditionLine]:
    rows = (
        Delivery.objects.filter(made_at__gt=now - DAYS_SHOWN)
        .values("kind", "start", "state")
        .annotate(count=Count("pk"), newest=Max("made_at"))
        .order_by("-start", "kind")
    )
    counts: dict[Window, Counter[str]] = {}
    made: dict[Window, datetime] = {}
    for row in rows:
        window = Window(WindowKind(row["kind"]), row["start"])
        counts.setdefault(window, Counter())[row["state"]] += row["count"]
        made[window] = max(made.get(window, row["newest"]), row["newest"])
    return [EditionLine(window, count, made[window]) for window, count in counts.items()]


def _troubles(now: datetime) -> list[Trouble]:
    recent = Delivery.objects.filter(made_at__gt=now - DAYS_SHOWN)
    troubled = recent.filter(state__in=TROUBLE) | recent.filter(state=DeliveryState.WAITING, tries__gt=0)
    rows = troubled.select_related("subscription").order_by("-made_at", "-pk")[:MOST_TROUBLES]
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
