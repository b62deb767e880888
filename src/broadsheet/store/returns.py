"""Takes in what came back of mails, each thing once: what was told before, or is over, changes nothing.

Who it is about comes as an `About`, by names that only a reader of the mail can know, or, where a mail
service tells, by the address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from broadsheet.domain.returned import ReturnKind
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.lib.address import BadAddress
from broadsheet.lib.address import read as read_address
from broadsheet.store import bounces
from broadsheet.store.models import Delivery, Fact, Returned, Subscription
from broadsheet.store.subscriptions import Handle

KEPT = timedelta(days=90)
MOST_SHOWN = 50
SHORTEST_NAME = 12  # of a mail at a mail service
_LOOKED = "mailbox_looked"
_WENT_OUT = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN)
_ENDS = (ReturnKind.COMPLAINT, ReturnKind.LEFT)


@dataclass(frozen=True, slots=True)
class About:
    """Whom something is about; the first of these that is known here counts."""

    deliveries: tuple[int, ...] = ()
    handles: tuple[Handle, ...] = ()  # of letters that ask for confirmation, or of a token
    message_ids: tuple[str, ...] = ()
    recipient: str = ""  # its newest digest; only where who tells it can be believed


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that somebody told."""

    key: str  # the same when it is told again
    kind: ReturnKind
    way: str
    words: str = ""
    told_at: datetime | None = None  # when it happened, where that is known


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """For the owner's eyes."""

    kind: ReturnKind
    way: str
    told_at: datetime
    address: str  # "" where nobody of ours is meant
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class _Found:
    subscription: Subscription
    delivery: Delivery | None


def is_known(about: About) -> bool:
    return _find(about, None) is not None


def made_at(delivery_id: int) -> datetime | None:
    """When a delivery was made; None where there is none of that number."""
    return Delivery.objects.filter(pk=delivery_id).values_list("made_at", flat=True).first()


def take(told: Told, about: About, now: datetime) -> ReturnKind | None:
    """What it counts as: UNKNOWN when nobody of ours is meant; None when it was told before."""
    with transaction.atomic():
        found = _locked(_find(about, told.told_at))
        if found is None:
            _count_unknown(told, now)
            return ReturnKind.UNKNOWN
        if Returned.objects.filter(key=told.key).exists():
            return None
        Returned.objects.create(
            key=told.key,
            kind=told.kind,
            way=told.way,
            told_at=now,
            subscription=found.subscription,
            delivery=found.delivery,
            words=told.words,
        )
        _act(told, found, now)
    return told.kind


def _locked(found: _Found | None) -> _Found | None:
    """Of one subscription one thing is taken in at a time. The delivery first, as `deliveries.close` does."""
    if found is None:
        return None
    if found.delivery is not None:
        Delivery.objects.select_for_update().filter(pk=found.delivery.pk).first()
    row = Subscription.objects.select_for_update().filter(pk=found.subscription.pk).first()
    return _Found(row, found.delivery) if row else None


def _act(told: Told, found: _Found, now: datetime) -> None:
    if told.kind is ReturnKind.HARD:
        _refuse(told, found, now)
    elif told.kind in _ENDS and _is_of_now(told, found):
        going = Subscription.objects.filter(pk=found.subscription.pk).exclude(state=SubscriptionState.ENDED)
        going.update(state=SubscriptionState.ENDED, ended_at=now, due_at=None, trouble=told.words)


def _refuse(told: Told, found: _Found, now: datetime) -> None:
    """A delivery is refused once, however many bounces come of it."""
    if found.delivery is None:
        asked = Subscription.objects.filter(pk=found.subscription.pk, state=SubscriptionState.ASKED)
        asked.update(trouble=f"The letter came back: {told.words}")
        return
    out = Delivery.objects.filter(pk=found.delivery.pk, state__in=_WENT_OUT)
    if out.update(state=DeliveryState.REFUSED, closed_at=now, answer=told.words) and _is_of_now(told, found):
        bounces.refused(found.subscription.pk, found.delivery.pk, told.words)


def _is_of_now(told: Told, found: _Found) -> bool:
    """Not of a time before the reader ended the subscription and began it anew."""
    confirmed_at = found.subscription.confirmed_at
    began = (found.delivery.made_at if found.delivery else None, told.told_at)
    return confirmed_at is None or all(at is None or at >= confirmed_at for at in began)


def _count_unknown(told: Told, now: datetime) -> None:
    """One row a day and way, however much is told."""
    row, _ = Returned.objects.get_or_create(
        key=f"{ReturnKind.UNKNOWN} {told.way} {now.date()}",
        defaults={"kind": ReturnKind.UNKNOWN, "way": told.way, "told_at": now, "count": 0},
    )
    Returned.objects.filter(pk=row.pk).update(count=F("count") + 1)


def _find(about: About, told_at: datetime | None) -> _Found | None:
    by_name = Q(pk__in=about.deliveries) | Q(message_id__in=[name for name in about.message_ids if name])
    delivery = _newest(Delivery.objects.filter(by_name))
    if delivery is not None:
        return _Found(delivery.subscription, delivery)
    for handle in about.handles:
        row = Subscription.objects.filter(pk=handle.id, generation=handle.generation).first()
        if row is not None:
            return _Found(row, None)
    return _find_recipient(about, told_at) if about.recipient else None


def _find_recipient(about: About, told_at: datetime | None) -> _Found | None:
    """A mail service may have given the mail a name of its own, and told it when it took the mail."""
    try:
        mailbox = read_address(about.recipient).mailbox
    except BadAddress:
        return None
    row = Subscription.objects.filter(address=mailbox).first()
    if row is None:
        return None
    out = row.deliveries.filter(state__in=(*_WENT_OUT, DeliveryState.REFUSED))
    for name in about.message_ids:
        bare = name.strip("<>").partition("@")[0]
        if len(bare) >= SHORTEST_NAME and (delivery := _newest(out.filter(answer__contains=bare))):
            return _Found(row, delivery)
    return _Found(row, _newest(out.filter(made_at__lte=told_at) if told_at else out))


def _newest(rows: QuerySet[Delivery]) -> Delivery | None:
    return rows.select_related("subscription").order_by("-made_at", "-pk").first()


def recent(now: datetime, within: timedelta) -> list[ReturnLine]:
    """What came back lately, newest first."""
    rows = Returned.objects.filter(told_at__gt=now - within).select_related("subscription")
    return [
        ReturnLine(
            ReturnKind(row.kind),
            row.way,
            row.told_at,
            row.subscription.shown_address if row.subscription else "",
            row.words,
            row.count,
        )
        for row in rows.order_by("-told_at", "-pk")[:MOST_SHOWN]
    ]


def tidy(now: datetime) -> None:
    Returned.objects.filter(told_at__lt=now - KEPT).delete()


def looked_until(mailbox: str) -> int:
    """The number of the last mail that was looked at; 0 for another mailbox than the last time."""
    value = Fact.objects.filter(name=_LOOKED).values_list("value", flat=True).first() or ""
    name, _, number = value.rpartition(" ")
    return int(number) if name == mailbox else 0


def look_on_after(mailbox: str, number: int) -> None:
    Fact.objects.update_or_create(name=_LOOKED, defaults={"value": f"{mailbox} {number}"})
