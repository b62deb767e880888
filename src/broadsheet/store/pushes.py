"""What is pushed to webhooks: made for printed editions, claimed in order, closed with its answer.

Per webhook only the oldest that waits is tried, so that all arrive in order. Its id stays; a
worker that dies leaves a lease that runs out, and the same is sent again under the same id.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import orjson
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from broadsheet.domain.edition import View, Window, WindowKind
from broadsheet.domain.interest import Interest, interest_of
from broadsheet.domain.webhook import KINDS, MATCH, PushState, Target, WebhookState
from broadsheet.lib.text import plain_line
from broadsheet.store.models import Edition, Place, Push, Webhook
from broadsheet.store.printing import STILL_OPEN, closes_at, unprinted
from broadsheet.store.webhooks import HISTORY, hold, target_of

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
REFUSED = 9  # answers in some two hours that find fault with a message: then it is skipped
MOST_REFUSED = 3  # in a row: beyond that it is not the messages
SETTLED = STILL_OPEN + timedelta(minutes=15)  # for the last papers to be set
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
    window: Window | None  # None: matches, whose body is there
    body: str  # "" before the first try
    tries: int  # before this one
    made_at: datetime
    refused: int = 0
    told: frozenset[int] | None = None  # papers that the edition had before; None: its first message


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try ended."""

    is_delivered: bool
    answer: str  # one line
    retry_after: timedelta | None = None
    is_gone: bool = False  # the address says that it is no more, for good
    is_refused: bool = False  # the answer finds fault with the message, not with the moment or the caller


def make_due(now: datetime) -> int:
    """A push for each active webhook and each edition that was printed since; how many. Repeats safely."""
    active = list(Webhook.objects.filter(state=WebhookState.ACTIVE, kind__in=KINDS))
    if not active:
        return 0
    news = _news(now)
    first = Push.objects.filter(webhook__in=active, start__gte=_oldest(now), part=0)
    had = set(first.values_list("webhook_id", "kind", "start"))
    made = [
        Push(
            webhook_id=row.pk,
            message_id=message_id(row.pk, row.made_at, f"{window.kind} {window.start}"),
            kind=window.kind,
            start=window.start,
            run_at=now,
            made_at=now,
        )
        for row in active
        for window in news
        if window.kind == row.kind
        and closes_at(window) > row.since_at
        and (row.pk, window.kind, window.start) not in had
    ]
    if not made:
        return 0
    with transaction.atomic():
        there = hold({push.webhook_id for push in made})
        kept = [push for push in made if push.webhook_id in there]
        Push.objects.bulk_create(kept, ignore_conflicts=True)
    return len(kept)


def make_later(now: datetime) -> int:
    """A second push for each edition that was set anew after its first was composed. Repeats safely."""
    open_ones = Push.objects.exclude(held="").filter(part=0, webhook__state=WebhookState.ACTIVE)
    made = 0
    for row in open_ones.filter(made_at__lte=now - SETTLED).select_related("webhook").defer("body"):
        printed = Edition.objects.filter(kind=row.kind, start=row.start, view=View.PRINTED)
        with transaction.atomic():
            hold([row.webhook_id])
            mine = bool(Push.objects.filter(pk=row.pk).exclude(held="").update(held=""))
            if mine and row.kind == row.webhook.kind and printed.filter(made_at__gte=row.made_at).exists():
                made += _make_second(row, now)
    return made


def _make_second(row: Push, now: datetime) -> int:
    named = f"{row.kind} {row.start} later"
    second = Push(
        webhook_id=row.webhook_id,
        message_id=message_id(row.webhook_id, row.webhook.made_at, named),
        kind=row.kind,
        start=row.start,
        part=1,
        held=row.held,
        run_at=now,
        made_at=now,
    )
    return len(Push.objects.bulk_create([second], ignore_conflicts=True))


def message_id(webhook_id: int, made_at: datetime, what: str) -> str:
    """The same again where a power cut or an older backup has taken the row back, and it is made anew."""
    named = f"{webhook_id} {made_at.isoformat()} {what}"
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
        target, interest = target_of(row.webhook, now), interest_of(row.webhook.interest)
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
        window=None if row.kind == MATCH else Window(WindowKind(row.kind), row.start),
        body=row.body,
        tries=row.tries,
        made_at=row.made_at,
        refused=row.refused,
        told=frozenset(orjson.loads(row.held)) if row.part and row.held else None,
    )


def keep_body(one: Claimed, body: str, papers: Iterable[int]) -> bool:
    """Before the first try, so that all tries send the same; False when it is no longer ours.

    `papers`: what the edition had, for telling later what has come in since.
    """
    return bool(_held(one).update(body=body, held=_noted(one, papers)))


def close_empty(one: Claimed, papers: Iterable[int], now: datetime) -> None:
    why = "Nothing in it was for this one." if one.told is None else "Nothing came in later for this one."
    held = _noted(one, papers)
    _held(one).update(state=PushState.EMPTY, closed_at=now, lease="", answer=why, held=held)


def places_of(window: Window) -> list[int]:
    """The papers of a printed edition."""
    of = {"edition__kind": window.kind, "edition__start": window.start, "edition__view": View.PRINTED}
    return list(Place.objects.filter(**of).order_by("rank").values_list("paper_id", flat=True))


def _noted(one: Claimed, papers: Iterable[int]) -> str:
    return orjson.dumps(sorted(papers)).decode() if one.told is None else ""


def put_off(one: Claimed, why: str, now: datetime) -> None:
    """It could not be composed, through no fault of the webhook."""
    _held(one).update(run_at=now + COMPOSED_AGAIN, lease="", answer=why[:LONGEST_TOLD])


class Closed(StrEnum):
    """What a try has brought about."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    SKIPPED = "skipped"  # it was refused again and again
    PAUSED = "paused"  # the webhook


def close(one: Claimed, tried: Tried, now: datetime) -> Closed:
    """Write how a try ended.

    That it was delivered counts even where the lease has run out; that it was not is then another's to say.
    """
    with transaction.atomic():
        hold([one.webhook_id])
        if tried.is_delivered:
            _delivered(one, tried, now)
            return Closed.DELIVERED
        values = {"tries": F("tries") + 1, "tried_at": now, "answer": tried.answer[:LONGEST_TOLD]}
        gap = max(gap_after(one.tries + 1), min(tried.retry_after or timedelta(), LONGEST_GAP))
        if not _held(one).update(**values, run_at=now + gap, lease=""):
            return Closed.WAITING
        Webhook.objects.filter(pk=one.webhook_id, failing_since=None).update(failing_since=now)
        if tried.is_refused and _skipped(one, now):
            return Closed.SKIPPED
        return Closed.PAUSED if _paused(one, tried, now) else Closed.WAITING


def _skipped(one: Claimed, now: datetime) -> bool:
    """What is refused again and again is skipped, so that it holds up nothing; not one after the other."""
    waiting = Push.objects.filter(pk=one.pk, state=PushState.WAITING)
    waiting.update(refused=F("refused") + 1)
    last = Webhook.objects.filter(pk=one.webhook_id).values_list("delivered_at", flat=True).first()
    before = skipped_for_refusal().filter(webhook_id=one.webhook_id)
    in_a_row = before.filter(closed_at__gt=last).count() if last else before.count()
    if in_a_row >= MOST_REFUSED:
        return False
    over = waiting.filter(refused__gte=REFUSED)
    return bool(over.update(state=PushState.SKIPPED, closed_at=now, lease="", body=""))


def skipped_for_refusal() -> QuerySet[Push]:
    return Push.objects.filter(state=PushState.SKIPPED, refused__gte=REFUSED)


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
