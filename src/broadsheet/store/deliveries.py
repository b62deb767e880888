"""Deliveries: made once per subscription and edition, leased, and closed by the mail server's answer.

Every write names its columns and the lease. A row is SENDING, and committed so, before the mail server hears
of it; what a crash leaves in SENDING is never tried again: better one lost than two sent.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Exists, F, Q, QuerySet

from broadsheet.domain.edition import ONE_DAY, View, Window, WindowKind
from broadsheet.domain.interest import Interest, Often, interest_of
from broadsheet.domain.likes import Likes
from broadsheet.domain.news import is_for, kind_for, last_day, passed_over
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store import bounces, changes, jobs
from broadsheet.store.likes import likes_of
from broadsheet.store.models import Delivery, Edition, Subscription
from broadsheet.store.printing import closes_at
from broadsheet.store.subscriptions import Handle
from broadsheet.store.turns import WAITED_FOR, Turns, turns_at

AT_ONCE = 500  # subscriptions whose deliveries are made in one transaction
LONGEST_TURN = timedelta(days=9)  # from one weekly digest to the next, and a day more
LEASE = timedelta(minutes=5)  # longer than the longest dialogue
EDITION_DAY = timedelta(days=1)  # after that a digest is no news
FIRST_GAP = timedelta(minutes=2)
LONGEST_GAP = timedelta(hours=4)
KEPT = timedelta(days=180)  # twice as long as what can come back of them, and more than bounces look at
FORGOTTEN_AT_ONCE = 500
A_MINUTE = timedelta(minutes=1)
_OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)
PASSED_OVER = "Passed over: a newer edition was there before this one could be sent."
LOST = "The worker stopped while it spoke to the mail server. It may have arrived; it is not sent again."


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until the lease runs out."""

    pk: int
    token: str
    handle: Handle
    address: str
    interest: Interest
    likes: Likes
    window: Window
    tries: int  # before this one
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """What became of a delivery. WAITING: not now; it is tried again while the edition's day lasts."""

    state: DeliveryState
    answer: str = ""  # one line


@contextmanager
def durably() -> Iterator[None]:
    """Let each commit wait for the disk: a SENDING that a power cut takes back would be sent twice."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def together() -> AbstractContextManager[None]:
    """What is written in it is on the disk as one: one wait for the disk instead of several."""
    return transaction.atomic()


def make_due(now: datetime) -> int:
    """Deliveries for all subscriptions whose hour has come; how many were made. Repeats safely."""
    turns, made, after = turns_at(now), 0, 0
    while _put_right(turns):
        pass
    due = Subscription.objects.filter(state=SubscriptionState.ACTIVE, due_at__lte=now)
    waiting = Q(interest__often__in=list(turns.late_for), due_at__gt=now - WAITED_FOR)
    while True:
        with transaction.atomic():
            free = due.exclude(waiting).select_for_update(skip_locked=True)
            rows = list(free.filter(pk__gt=after).order_by("pk")[:AT_ONCE])
            made += _make(rows, turns)
        if len(rows) < AT_ONCE:
            return made
        after = rows[-1].pk


def _put_right(turns: Turns) -> int:
    """Undo what a clock that was ahead did to some subscriptions, which would wait until that day comes."""
    now = turns.now
    newest = Delivery.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    if newest is not None and newest > now + A_MINUTE:  # it is this clock that is wrong, and behind
        return 0
    far = Subscription.objects.filter(state=SubscriptionState.ACTIVE, due_at__gt=now + LONGEST_TURN)
    with transaction.atomic():
        rows = list(far.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
        for row in rows:
            if (interest := _interest(row)) is not None:
                Subscription.objects.filter(pk=row.pk).update(
                    due_at=turns.next_due(interest),
                    waits_since=row.waits_since and min(row.waits_since, now),
                    covered_until=row.covered_until and min(row.covered_until, now.date() - ONE_DAY),
                )
    return len(rows)


def make_now(handle: Handle, now: datetime) -> bool:
    """The newest edition, however old, for who asks for it; False: it was made before, or there is none."""
    same = Subscription.objects.filter(pk=handle.id, generation=handle.generation)
    with transaction.atomic():
        row = same.select_for_update().filter(state=SubscriptionState.ACTIVE).first()
        interest = _interest(row) if row else None
        window = _newest(interest.often, now) if interest else None
        if row is None or interest is None or window is None:
            return False
        if Delivery.objects.filter(subscription=row, kind=window.kind, start=window.start).exists():
            return False
        _delivery(row, window, now).save(force_insert=True)
        jobs.run_now(jobs.MAIL, now)
        same.update(covered_until=_covered_by(row, interest, window, turns_at(now)))
        return True


def _covered_by(row: Subscription, interest: Interest, window: Window, turns: Turns) -> date | None:
    """Up to a window out of turn, but none that is still owed."""
    covered, editions = row.covered_until, turns.unhad(_had([row], turns), row.pk)
    owed = passed_over(editions, interest.often, covered, window, row.waits_since)
    reached = min(map(last_day, owed), default=window.end) - ONE_DAY
    return max(reached, covered or date.min)


def _newest(often: Often, now: datetime) -> Window | None:
    rows = Edition.objects.filter(
        kind=kind_for(often), view=View.PRINTED, start__lte=now.date(), paper_count__gt=0
    )
    windows = (
        Window(kind_for(often), start) for start in rows.order_by("-start").values_list("start", flat=True)
    )
    return next((one for one in windows if is_for(often, one) and closes_at(one) <= now), None)


def _make(rows: Sequence[Subscription], turns: Turns) -> int:
    """Also a row for each edition that is passed over, so that none is missing without a word."""
    going: list[Delivery] = []
    passed: list[Delivery] = []
    moved: dict[tuple[datetime, date | None], list[int]] = {}
    had = _had(rows, turns)
    for row in rows:
        if (interest := _interest(row)) is None or turns.is_late(interest, row.due_at):
            continue
        covered, editions = row.covered_until, turns.unhad(had, row.pk)
        if (window := turns.window(editions, interest, covered)) is not None:
            going.append(_delivery(row, window, turns.now))
            former = passed_over(editions, interest.often, covered, window, row.waits_since)
            passed += [_passed_over(row, one, turns.now) for one in former]
            covered = last_day(window)
        moved.setdefault((turns.next_due(interest), covered), []).append(row.pk)
    Delivery.objects.bulk_create(going + passed, ignore_conflicts=True)
    for (due_at, covered), pks in moved.items():
        Subscription.objects.filter(pk__in=pks).update(due_at=due_at, covered_until=covered)
    return len(going)


def _had(rows: Sequence[Subscription], turns: Turns) -> set[tuple[int, Window]]:
    """Which fresh editions were made for whom already, in or out of turn."""
    if not turns.printed:
        return set()
    since = min(window.start for window in turns.printed)
    made = Delivery.objects.filter(subscription__in=[row.pk for row in rows], start__gte=since)
    keys = made.values_list("subscription_id", "kind", "start")
    return {(pk, Window(WindowKind(kind), start)) for pk, kind, start in keys}


def _passed_over(row: Subscription, window: Window, now: datetime) -> Delivery:
    delivery = _delivery(row, window, now)
    delivery.state, delivery.closed_at, delivery.answer = DeliveryState.EXPIRED, now, PASSED_OVER
    return delivery


def _delivery(row: Subscription, window: Window, now: datetime) -> Delivery:
    return Delivery(
        subscription_id=row.pk,
        domain=row.address.rpartition("@")[2],
        kind=window.kind,
        start=window.start,
        run_at=now,
        made_at=now,
    )


def claim(now: datetime, most: int, rate: int) -> list[Claimed]:
    """Lease deliveries that are due. They stay WAITING until `begin`, so that a crash loses one at most.

    `rate`: how many a minute may go to one domain, by all workers together. What is over it stays due.
    Workers claim one after the other, and each counts what the others began in the last minute or still
    may begin, so that the rate holds however many there are.
    """
    token = secrets.token_hex(16)
    with transaction.atomic():
        changes.lock(changes.POST)
        pks = _within_rate(now, most, rate)
        free = Delivery.objects.filter(pk__in=pks, state=DeliveryState.WAITING, run_at__lte=now)
        free.update(lease=token, run_at=now + LEASE)
    mine = Delivery.objects.filter(lease=token).select_related("subscription").order_by("pk")
    return [one for row in mine if (one := _claimed(row)) is not None]


def _within_rate(now: datetime, most: int, rate: int) -> list[int]:
    used = _used(now)
    full = [domain for domain, count in used.items() if count >= rate]
    due = _due(now).exclude(domain__in=full).order_by("run_at", "pk")
    pks = []
    for pk, domain in due.values_list("pk", "domain")[:most]:
        if used[domain] < rate:
            used[domain] += 1
            pks.append(pk)
    return pks


def _used(now: datetime) -> Counter[str]:
    """How many mails each domain has got in the last minute, or may get within it from other workers."""
    begun = Q(begun_at__gt=now - A_MINUTE, begun_at__lte=now + A_MINUTE)  # clocks differ
    leased = Q(state=DeliveryState.WAITING, run_at__gt=now, run_at__lte=now + LEASE + A_MINUTE) & ~Q(lease="")
    used: Counter[str] = Counter()
    for which in (begun, leased):
        rows = Delivery.objects.filter(which).order_by().values_list("domain").annotate(count=Count("pk"))
        used.update(dict(rows))
    return used


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=DeliveryState.WAITING, run_at__lte=now, subscription__state=SubscriptionState.ACTIVE
    )


def is_any_due(now: datetime) -> bool:
    return _due(now).exists()


def _claimed(row: Delivery) -> Claimed | None:
    interest = _interest(row.subscription)
    if interest is None:
        return None
    window, address = Window(WindowKind(row.kind), row.start), row.subscription.shown_address
    handle = Handle(row.subscription_id, row.subscription.generation)
    likes = likes_of(row.subscription)
    return Claimed(row.pk, row.lease, handle, address, interest, likes, window, row.tries, row.made_at)


def _interest(row: Subscription) -> Interest | None:
    """None, and the subscription paused, when it cannot be read: the others go on."""
    try:
        return interest_of(row.interest)
    except (TypeError, ValueError, AttributeError) as error:
        bounces.pause(row.pk, f"What it asks for cannot be read: {error}")
        return None


def begin(one: Claimed, message_id: str, now: datetime) -> bool:
    """Write SENDING, before the dialogue; False when it is no longer ours or no longer wanted."""
    wanted = Subscription.objects.filter(
        pk=one.handle.id, generation=one.handle.generation, state=SubscriptionState.ACTIVE
    )
    mine = Delivery.objects.filter(
        Exists(wanted), pk=one.pk, lease=one.token, state=DeliveryState.WAITING, run_at__gt=now
    )
    return bool(
        mine.update(
            state=DeliveryState.SENDING,
            message_id=message_id,
            begun_at=now,
            run_at=now + LEASE,
            tries=F("tries") + 1,
        )
    )


def put_back(ones: Sequence[Claimed], until: datetime) -> None:
    """Undo a claim: these were not tried, through no fault of theirs."""
    for token in {one.token for one in ones}:
        pks = [one.pk for one in ones if one.token == token]
        Delivery.objects.filter(pk__in=pks, lease=token, state=DeliveryState.WAITING).update(
            run_at=until, lease=""
        )


def close(one: Claimed, closing: Closing, now: datetime) -> bool:
    """Write the answer; False when the row is no longer ours.

    An answer that comes after the lease ran out still tells what `settle_lost` could not know.
    """
    values: dict[str, object] = {"state": closing.state, "closed_at": now, "answer": closing.answer}
    if closing.state is DeliveryState.WAITING:
        values |= _later(one, now)
    held = Delivery.objects.filter(
        pk=one.pk,
        lease=one.token,
        state__in=(DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNKNOWN),
    )
    with transaction.atomic():
        if not held.update(**values):
            return False
        if closing.state is DeliveryState.SENT:
            bounces.taken(one.handle.id, now)
        if closing.state is DeliveryState.REFUSED:
            bounces.refused(one.handle.id, one.pk, closing.answer)
    return True


def _later(one: Claimed, now: datetime) -> dict[str, object]:
    """Growing gaps while the edition's day lasts."""
    run_at = now + gap_after(one.tries + 1)
    if run_at >= one.made_at + EDITION_DAY:
        return {"state": DeliveryState.EXPIRED}
    return {"run_at": run_at, "lease": "", "closed_at": None, "tries": one.tries + 1}


def gap_after(tries: int) -> timedelta:
    """
    >>> [str(gap_after(tries)) for tries in (1, 2, 5, 30)]
    ['0:02:00', '0:04:00', '0:32:00', '4:00:00']
    """
    doubled: int = 2 ** min(tries - 1, 10)
    return min(FIRST_GAP * doubled, LONGEST_GAP)


def tidy(now: datetime) -> int:
    """Forget what is long over, some at a time; how many. `covered_until` keeps them from being sent anew."""
    old = Delivery.objects.filter(made_at__lt=now - KEPT).exclude(state__in=_OPEN).order_by("made_at")
    pks = list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    count, _ = Delivery.objects.filter(pk__in=pks).delete()
    return count


def settle_lost(now: datetime) -> tuple[int, int]:
    """How many were lost in a dialogue, and how many waited until the edition's day had passed."""
    Delivery.objects.filter(state__in=_OPEN, run_at__gt=now + EDITION_DAY).update(
        run_at=now
    )  # by a clock ahead
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, run_at__lte=now).update(
        state=DeliveryState.UNKNOWN, closed_at=now, answer=LOST
    )
    too_old = Delivery.objects.filter(
        state=DeliveryState.WAITING, run_at__lte=now, made_at__lte=now - EDITION_DAY
    )
    expired = too_old.update(state=DeliveryState.EXPIRED, closed_at=now)
    return lost, expired
