"""Deliveries: made once per subscription and edition, leased, and closed by the mail server's answer.

Every write names its columns and the lease. A row is SENDING, and committed so, before the mail server hears
of it; what a crash leaves in SENDING is never tried again: better one lost than two sent.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F

from broadsheet.domain.edition import ONE_DAY, View, Window, WindowKind
from broadsheet.domain.interest import Interest, Often, interest_of, next_due
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store import bounces
from broadsheet.store.models import Delivery, Edition, Subscription
from broadsheet.store.printing import closes_at, unprinted
from broadsheet.store.subscriptions import Handle

AT_ONCE = 500  # subscriptions whose deliveries are made in one transaction
LEASE = timedelta(minutes=5)  # longer than the longest dialogue
EDITION_DAY = timedelta(days=1)  # after that a digest is no news
WAITED_FOR = timedelta(hours=1)  # an edition that is not printed yet
FIRST_GAP = timedelta(minutes=2)
LONGEST_GAP = timedelta(hours=4)
FRESH = {WindowKind.DAY: timedelta(days=7), WindowKind.WEEK: timedelta(days=14)}  # older ones are no news
LOST = "The worker stopped while it spoke to the mail server. It may have arrived; it is not sent again."


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until the lease runs out."""

    pk: int
    token: str
    handle: Handle
    address: str
    interest: Interest
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


def make_due(now: datetime) -> int:
    """Deliveries for all subscriptions whose hour has come; how many were made. Repeats safely."""
    newest = {kind: _newest(kind, now) for kind in (WindowKind.DAY, WindowKind.WEEK)}
    late = {window.kind for window in unprinted(now) if _is_newer(window, newest.get(window.kind))}
    made, after = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                Subscription.objects.select_for_update(skip_locked=True)
                .filter(state=SubscriptionState.ACTIVE, due_at__lte=now, pk__gt=after)
                .order_by("pk")[:AT_ONCE]
            )
            made += _make(rows, newest, late, now)
        if len(rows) < AT_ONCE:
            return made
        after = rows[-1].pk


def _make(
    rows: Sequence[Subscription],
    newest: dict[WindowKind, Window | None],
    late: set[WindowKind],
    now: datetime,
) -> int:
    deliveries: list[Delivery] = []
    moved: dict[tuple[datetime, date | None], list[int]] = {}
    for row in rows:
        if (interest := _interest(row)) is None:
            continue
        kind = window_kind(interest)
        if kind in late and row.due_at is not None and now < row.due_at + WAITED_FOR:
            continue  # its edition is printed within the minute
        window, covered = newest[kind], row.covered_until
        if window is not None and (covered is None or window.end - ONE_DAY > covered):
            deliveries.append(
                Delivery(
                    subscription_id=row.pk, kind=window.kind, start=window.start, run_at=now, made_at=now
                )
            )
            covered = window.end - ONE_DAY
        moved.setdefault((next_due(interest, now), covered), []).append(row.pk)
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    for (due_at, covered), pks in moved.items():
        Subscription.objects.filter(pk__in=pks).update(due_at=due_at, covered_until=covered)
    return len(deliveries)


def window_kind(interest: Interest) -> WindowKind:
    return WindowKind.WEEK if interest.often is Often.WEEKLY else WindowKind.DAY


def _newest(kind: WindowKind, now: datetime) -> Window | None:
    """The newest printed edition of a kind, unless it is old news."""
    printed = Edition.objects.filter(kind=kind, view=View.PRINTED, start__lte=now.date())
    start = printed.order_by("-start").values_list("start", flat=True).first()
    window = Window(kind, start) if start else None
    return window if window and closes_at(window) > now - FRESH[kind] else None


def _is_newer(window: Window, than: Window | None) -> bool:
    return than is None or window.start > than.start


def claim(now: datetime, most: int) -> list[Claimed]:
    """Lease deliveries that are due. They stay WAITING until `begin`, so that a crash loses one at most."""
    due = Delivery.objects.filter(
        state=DeliveryState.WAITING, run_at__lte=now, subscription__state=SubscriptionState.ACTIVE
    )
    pks = list(due.order_by("run_at", "pk").values_list("pk", flat=True)[:most])
    token = secrets.token_hex(16)
    # Two workers may see the same rows; the one whose update finds them unchanged has them.
    Delivery.objects.filter(pk__in=pks, state=DeliveryState.WAITING, run_at__lte=now).update(
        lease=token, run_at=now + LEASE
    )
    mine = Delivery.objects.filter(lease=token).select_related("subscription").order_by("pk")
    return [one for row in mine if (one := _claimed(row)) is not None]


def _claimed(row: Delivery) -> Claimed | None:
    interest = _interest(row.subscription)
    if interest is None:
        return None
    window, address = Window(WindowKind(row.kind), row.start), row.subscription.shown_address
    handle = Handle(row.subscription_id, row.subscription.generation)
    return Claimed(row.pk, row.lease, handle, address, interest, window, row.tries, row.made_at)


def _interest(row: Subscription) -> Interest | None:
    """None, and the subscription paused, when it cannot be read: the others go on."""
    try:
        return interest_of(row.interest)
    except (TypeError, ValueError) as error:
        bounces.pause(row.pk, f"What it asks for cannot be read: {error}")
        return None


def begin(one: Claimed, message_id: str, now: datetime) -> bool:
    """Write SENDING, before the dialogue; False when it is no longer ours or no longer wanted."""
    wanted = Subscription.objects.filter(pk=one.handle.id, state=SubscriptionState.ACTIVE)
    mine = Delivery.objects.filter(
        Exists(wanted), pk=one.pk, lease=one.token, state=DeliveryState.WAITING, run_at__gt=now
    )
    return bool(
        mine.update(
            state=DeliveryState.SENDING, message_id=message_id, run_at=now + LEASE, tries=F("tries") + 1
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


def settle_lost(now: datetime) -> tuple[int, int]:
    """How many were lost in a dialogue, and how many waited until the edition's day had passed."""
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, run_at__lte=now).update(
        state=DeliveryState.UNKNOWN, closed_at=now, answer=LOST
    )
    too_old = Delivery.objects.filter(
        state=DeliveryState.WAITING, run_at__lte=now, made_at__lte=now - EDITION_DAY
    )
    expired = too_old.update(state=DeliveryState.EXPIRED, closed_at=now)
    return lost, expired
