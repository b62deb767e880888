"""What is pushed to webhooks: made when an edition is printed, claimed in order, closed with its answer.

Per webhook only the oldest that waits is tried, so that all arrive in order. Its id stays; a
worker that dies leaves a lease that runs out, and the same is sent again under the same id.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from broadsheet.domain.edition import View, Window, WindowKind
from broadsheet.domain.interest import Interest, interest_of
from broadsheet.domain.webhook import KINDS, PushState, Target, WebhookState
from broadsheet.lib.text import plain_line
from broadsheet.store.models import Edition, Push, Webhook
from broadsheet.store.printing import closes_at, unprinted
from broadsheet.store.webhooks import HISTORY, target_of

FRESH = {
    WindowKind.DAY: timedelta(days=7),
    WindowKind.WEEK: timedelta(days=14),
    WindowKind.MONTH: timedelta(days=62),
}  # after its end an edition is no news; so long a webhook may be paused and misses nothing
LONGEST_HELD_BACK = timedelta(hours=23)  # for an older edition that is not printed yet
LEASE = timedelta(minutes=5)  # longer than to compose some and to try them
FIRST_GAP = timedelta(seconds=30)
LONGEST_GAP = timedelta(hours=4)
COMPOSED_AGAIN = timedelta(minutes=5)
PATIENCE = timedelta(days=3)  # of failing, then a webhook is paused
FEWEST_TRIES = 12  # within it: a machine that slept for three days has not tried
KEPT = timedelta(days=180)
LONGEST_TOLD = 500  # characters of an answer


@dataclass(frozen=True, slots=True)
class Claimed:
    """A push that is ours until the lease runs out."""

    pk: int
    token: str
    webhook_id: int
    message_id: str
    target: Target
    interest: Interest
    window: Window
    body: str  # "" before the first try
    tries: int  # before this one
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try ended."""

    is_delivered: bool
    answer: str  # one line
    retry_after: timedelta | None = None
    is_gone: bool = False  # the address says that it is no more, for good


def make_due(now: datetime) -> int:
    """A push for each active webhook and each edition that was printed since; how many. Repeats safely."""
    active = list(Webhook.objects.filter(state=WebhookState.ACTIVE))
    if not active:
        return 0
    news = _news(now)
    had = set(
        Push.objects.filter(webhook__in=active, start__gte=_oldest(now)).values_list(
            "webhook_id", "kind", "start"
        )
    )
    made = [
        Push(
            webhook_id=row.pk,
            message_id=_message_id(row, window),
            kind=window.kind,
            start=window.start,
            run_at=now,
            made_at=now,
        )
        for row in active
        for window in news
        if window.kind == row.kind
        and closes_at(window) > row.made_at
        and (row.pk, window.kind, window.start) not in had
    ]
    Push.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _message_id(row: Webhook, window: Window) -> str:
    """The same again where a power cut or an older backup has taken the row back, and it is made anew."""
    named = f"{row.pk} {row.made_at.isoformat()} {window.kind} {window.start}"
    return f"msg_{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def _oldest(now: datetime) -> date:
    return (now - max(FRESH.values()) - timedelta(days=31)).date()


def _news(now: datetime) -> list[Window]:
    """Editions that were printed lately, the oldest first; none before an older one that is still to come."""
    rows = Edition.objects.filter(kind__in=KINDS, view=View.PRINTED, start__gte=_oldest(now))
    windows = (Window(WindowKind(kind), start) for kind, start in rows.values_list("kind", "start"))
    fresh = [one for one in windows if now - FRESH[one.kind] < closes_at(one) <= now]
    late = [one for one in unprinted(now) if now < closes_at(one) + LONGEST_HELD_BACK]
    return sorted(
        (one for one in fresh if not any(old.kind is one.kind and old.start < one.start for old in late)),
        key=lambda one: one.start,
    )


def claim(now: datetime, most: int) -> list[Claimed]:
    """Lease the oldest push of each active webhook where that is due."""
    waiting = Push.objects.filter(state=PushState.WAITING, webhook__state=WebhookState.ACTIVE)
    first = waiting.order_by().values("webhook").annotate(first=Min("pk")).values("first")
    due = Q(run_at__lte=now) | Q(run_at__gt=now + 2 * LONGEST_GAP)  # by a clock that was ahead
    heads = Push.objects.filter(due, pk__in=first).select_related("webhook").order_by("run_at", "pk")[:most]
    return [one for row in heads if (one := _leased(row, now)) is not None]


def _leased(row: Push, now: datetime) -> Claimed | None:
    """None when another worker was first, or what the webhook asks for cannot be read: the others go on."""
    try:
        target, interest = target_of(row.webhook), interest_of(row.webhook.interest)
    except (TypeError, ValueError, AttributeError) as error:
        why = f"What it asks for cannot be read: {error}. Delete it, and make it anew."
        broken = Webhook.objects.filter(pk=row.webhook_id, state=WebhookState.ACTIVE)
        broken.update(state=WebhookState.PAUSED, trouble=plain_line(why)[:LONGEST_TOLD])
        return None
    token = secrets.token_hex(16)
    mine = Push.objects.filter(pk=row.pk, state=PushState.WAITING, run_at=row.run_at, lease=row.lease)
    if not mine.update(lease=token, run_at=now + LEASE):
        return None
    return Claimed(
        pk=row.pk,
        token=token,
        webhook_id=row.webhook_id,
        message_id=row.message_id,
        target=target,
        interest=interest,
        window=Window(WindowKind(row.kind), row.start),
        body=row.body,
        tries=row.tries,
        made_at=row.made_at,
    )


def keep_body(one: Claimed, body: str) -> bool:
    """Before the first try, so that all tries send the same; False when it is no longer ours."""
    return bool(_held(one).update(body=body))


def close_empty(one: Claimed, now: datetime) -> None:
    _held(one).update(
        state=PushState.EMPTY, closed_at=now, lease="", answer="Nothing in it was for this one."
    )


def put_off(one: Claimed, why: str, now: datetime) -> None:
    """It could not be composed, through no fault of the webhook."""
    _held(one).update(run_at=now + COMPOSED_AGAIN, lease="", answer=why[:LONGEST_TOLD])


def close(one: Claimed, tried: Tried, now: datetime) -> bool:
    """Write how a try ended; whether the webhook was paused for it.

    That it was delivered counts even where the lease has run out; that it was not is then another's to say.
    """
    with transaction.atomic():
        if tried.is_delivered:
            _delivered(one, tried, now)
            return False
        values = {"tries": F("tries") + 1, "tried_at": now, "answer": tried.answer[:LONGEST_TOLD]}
        gap = max(gap_after(one.tries + 1), min(tried.retry_after or timedelta(), LONGEST_GAP))
        if not _held(one).update(**values, run_at=now + gap, lease=""):
            return False
        Webhook.objects.filter(pk=one.webhook_id, failing_since=None).update(failing_since=now)
        return _paused(one, tried, now)


def _delivered(one: Claimed, tried: Tried, now: datetime) -> None:
    waiting = Push.objects.filter(pk=one.pk, state=PushState.WAITING)
    waiting.update(
        state=PushState.DELIVERED,
        tries=F("tries") + 1,
        tried_at=now,
        closed_at=now,
        answer=tried.answer[:LONGEST_TOLD],
        lease="",
        body="",
    )
    Webhook.objects.filter(pk=one.webhook_id).update(delivered_at=now, failing_since=None)


def _paused(one: Claimed, tried: Tried, now: datetime) -> bool:
    active = Webhook.objects.filter(pk=one.webhook_id, state=WebhookState.ACTIVE)
    if tried.is_gone:
        why = f"Its address says that it is gone for good ({tried.answer})."
        return bool(active.update(state=WebhookState.PAUSED, trouble=why[:LONGEST_TOLD]))
    if one.tries + 1 < FEWEST_TRIES:
        return False
    why = f"Nothing arrived for {PATIENCE.days} days. The last answer: {tried.answer}"
    tired = active.filter(failing_since__lte=now - PATIENCE)
    return bool(tired.update(state=WebhookState.PAUSED, trouble=why[:LONGEST_TOLD]))


def gap_after(tries: int) -> timedelta:
    """
    >>> [str(gap_after(tries)) for tries in (1, 2, 5, 9, 30)]
    ['0:00:30', '0:01:00', '0:08:00', '2:08:00', '4:00:00']
    """
    doubled: int = 2 ** min(tries - 1, 12)
    return min(FIRST_GAP * doubled, LONGEST_GAP)


def tidy(now: datetime) -> int:
    """Forget what is long over, but nothing that would be taken for news again; how many."""
    gone = 0
    old = Push.objects.exclude(state=PushState.WAITING).filter(start__lt=_oldest(now))
    for pk in Webhook.objects.values_list("pk", flat=True):
        newest = Push.objects.filter(webhook_id=pk).order_by("-pk").values_list("pk", flat=True)[:HISTORY]
        behind = old.filter(webhook_id=pk).filter(Q(made_at__lt=now - KEPT) | ~Q(pk__in=list(newest)))
        gone += behind.delete()[0]
    return gone


def _held(one: Claimed) -> QuerySet[Push]:
    return Push.objects.filter(pk=one.pk, lease=one.token, state=PushState.WAITING)
