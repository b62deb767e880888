"""Who gets digests. Every write is one conditional update that names its columns.

A subscription is held by a `Handle`: the row and its generation. What was handed out for an earlier
generation finds no row, and so changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from broadsheet.domain.interest import Interest, interest_of, next_due
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.lib.address import Address
from broadsheet.store import jobs
from broadsheet.store.models import Letter, Subscription

MOST_PER_ADDRESS = 3  # letters a day
MOST_PER_NETWORK = 20  # letters an hour
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
UNCONFIRMED_KEPT = timedelta(days=7)
_GETS_MAIL = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


class TooManyAsked(Exception):
    """One network has asked for too many letters; tells nothing of any address."""


@dataclass(frozen=True, slots=True)
class Handle:
    id: int
    generation: int


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription as its owner sees it."""

    handle: Handle
    address: str
    state: SubscriptionState
    interest: Interest
    due_at: datetime | None
    trouble: str


def ask(address: Address, interest: Interest, *, network: str, now: datetime) -> None:
    """Note that somebody wants digests sent to an address, and that a letter is to be sent there.

    Never tells whether the address was known. One that gets digests keeps its choices; one that was asked
    for too often is left alone. Two that ask at the same instant may both pass a limit.
    """
    with transaction.atomic():
        if Letter.objects.filter(network=network, asked_at__gt=now - AN_HOUR).count() >= MOST_PER_NETWORK:
            raise TooManyAsked
        chosen = {"shown_address": address.shown, "interest": interest.as_json(), "asked_at": now}
        row, _ = Subscription.objects.get_or_create(address=address.mailbox, defaults=chosen)
        if row.letters.filter(asked_at__gt=now - A_DAY).count() >= MOST_PER_ADDRESS:
            return
        _ask_again(row, chosen)
        jobs.run_now(jobs.MAIL, now)  # somebody waits for it
        Letter.objects.create(subscription=row, network=network, asked_at=now, run_at=now)


def _ask_again(row: Subscription, chosen: dict[str, Any]) -> None:
    """Another way of writing the address, or another beginning, voids the links of the former one."""
    same = Subscription.objects.filter(pk=row.pk)
    asked = same.filter(state=SubscriptionState.ASKED)
    if asked.filter(shown_address=chosen["shown_address"]).update(**chosen):
        return
    anew = {"state": SubscriptionState.ASKED, "generation": F("generation") + 1, "confirmed_at": None}
    asked.update(**chosen, **anew) or same.filter(state=SubscriptionState.ENDED).update(
        **chosen, **anew, ended_at=None, hard_bounces=0, trouble=""
    )


def find(handle: Handle) -> Held | None:
    row = _row(handle).first()
    if row is None:
        return None
    state, interest = SubscriptionState(row.state), interest_of(row.interest)
    return Held(handle, row.shown_address, state, interest, row.due_at, row.trouble)


def confirm(handle: Handle, now: datetime) -> bool:
    """False when it was confirmed or ended before: the link works once."""
    with _locked(handle) as row:
        if row is None:
            return False
        due_at = next_due(interest_of(row.interest), now)
        asked = _row(handle).filter(state=SubscriptionState.ASKED)
        began = {"confirmed_at": now, "waits_since": now, "due_at": due_at}
        return bool(asked.update(state=SubscriptionState.ACTIVE, **began))


def change(handle: Handle, interest: Interest, now: datetime) -> bool:
    """Other choices; False where there is nothing to change any more.

    A digest that is due now still goes. Where only its hour changes, the next one still comes at the former
    hour if that is sooner: who moves from evening to morning in the afternoon misses none.
    """
    with _locked(handle) as row:
        if row is None or row.state not in _GETS_MAIL:
            return False
        changed: dict[str, Any] = {"interest": interest.as_json()}
        is_same_turn = row.interest.get("often") == interest.often
        if row.due_at is not None and row.due_at > now:
            due_at = next_due(interest, now)
            changed["due_at"] = min(due_at, row.due_at) if is_same_turn else due_at
        if not is_same_turn:
            changed["waits_since"] = now
        return bool(_row(handle).update(**changed))


def pause(handle: Handle) -> bool:
    active = _row(handle).filter(state=SubscriptionState.ACTIVE)
    return bool(active.update(state=SubscriptionState.PAUSED, due_at=None))


def resume(handle: Handle, now: datetime) -> bool:
    with _locked(handle) as row:
        if row is None:
            return False
        due_at = next_due(interest_of(row.interest), now)
        paused = _row(handle).filter(state=SubscriptionState.PAUSED)
        anew = {"due_at": due_at, "waits_since": now, "hard_bounces": 0, "trouble": ""}
        return bool(paused.update(state=SubscriptionState.ACTIVE, **anew))


def resume_refused(now: datetime, address: str = "") -> int:
    """Undo pauses that no reader asked for, of one mailbox or of all; how many go on."""
    paused = Subscription.objects.filter(state=SubscriptionState.PAUSED).exclude(trouble="")
    rows = paused.filter(address=address) if address else paused
    handles = [Handle(*key) for key in rows.order_by("pk").values_list("pk", "generation")]
    return sum(_resumed(handle, now) for handle in handles)


def _resumed(handle: Handle, now: datetime) -> bool:
    try:
        return resume(handle, now)
    except (TypeError, ValueError):  # what it asks for cannot be read: its trouble stays
        return False


def end(handle: Handle, now: datetime) -> bool:
    """Also one that was never confirmed, and again: False only where there is no such subscription."""
    going = _row(handle).exclude(state=SubscriptionState.ENDED)
    return (
        bool(going.update(state=SubscriptionState.ENDED, ended_at=now, due_at=None)) or _row(handle).exists()
    )


def delete(handle: Handle) -> bool:
    """Everything that is stored for the address, at once."""
    with transaction.atomic():
        deleted, _ = _row(handle).delete()
    return bool(deleted)


def export(handle: Handle) -> dict[str, Any] | None:
    """All that is stored for the address, as plain values for JSON."""
    columns = [field.name for field in Subscription._meta.concrete_fields if field.name != "id"]
    stored = _row(handle).values(*columns).first()
    if stored is None:
        return None
    deliveries = _row(handle).get().deliveries.order_by("made_at", "id")
    kept = (
        "kind",
        "start",
        "state",
        "run_at",
        "tries",
        "made_at",
        "begun_at",
        "closed_at",
        "message_id",
        "answer",
    )
    letters = Letter.objects.filter(subscription=handle.id).order_by("asked_at", "id")
    return {
        "subscription": stored,
        "deliveries": list(deliveries.values(*kept)),
        "letters": list(letters.values("asked_at", "run_at", "tries", "network")),
        "returned": list(
            _row(handle).get().returned.order_by("pk").values("kind", "way", "told_at", "words")
        ),
    }


def tidy(now: datetime) -> int:
    """Forget letters after a day, and addresses that nobody confirmed after a week."""
    Letter.objects.filter(asked_at__lt=now - A_DAY, run_at=None).delete()
    never = Subscription.objects.filter(state=SubscriptionState.ASKED, asked_at__lt=now - UNCONFIRMED_KEPT)
    count = never.count()
    never.delete()
    return count


def _row(handle: Handle) -> QuerySet[Subscription]:
    return Subscription.objects.filter(pk=handle.id, generation=handle.generation)


@contextmanager
def _locked(handle: Handle) -> Iterator[Subscription | None]:
    """What is decided from the row still holds when it is written."""
    with transaction.atomic():
        yield _row(handle).select_for_update().first()
