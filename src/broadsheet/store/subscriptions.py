"""Who gets digests. Every write is one conditional update that names its columns.

A subscription is held by a `Handle`: the row and its generation. What was handed out for an earlier
generation finds no row, and so changes nothing, but that it can still end the subscription. A generation
begins at a random number, because a database that was restored gives the numbers of rows anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet

from broadsheet.domain.interest import Interest, interest_of, next_due
from broadsheet.domain.news import kind_for
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.lib.address import Address
from broadsheet.store import jobs, letter_limits
from broadsheet.store.models import Delivery, Letter, Returned, Subscription

MOST_PER_ADDRESS = 3  # letters a day to one way of writing it
MOST_PER_MAILBOX = 12  # to all ways, so that who makes up others takes no letter from its owner
A_DAY = timedelta(days=1)
CONFIRMED_WITHIN = timedelta(days=3)
UNCONFIRMED_KEPT = timedelta(days=7)
ENDED_KEPT = timedelta(days=90)  # with choices and likes, for who comes back
MOST_FORGOTTEN = 500  # at a time
MOST_BEGUN = 1_000  # times that one subscription begins anew; two rows hardly ever begin so close together
_GETS_MAIL = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


class TooManyAsked(Exception):
    """Too many letters were asked for, by one network or by all; tells nothing of any address."""


@dataclass(frozen=True, slots=True)
class Handle:
    id: int
    generation: int
    letter: int = 0  # that is answered by a confirmation; 0: none


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
    for too often is left alone. Two that ask at the same instant may both pass the limit of a network.
    """
    with transaction.atomic():
        if letter_limits.are_reached(network, now):
            raise TooManyAsked
        chosen = {"shown_address": address.shown, "interest": interest.as_json(), "asked_at": now}
        rows = Subscription.objects.select_for_update()
        row, _ = rows.get_or_create(address=address.mailbox, defaults=chosen)
        to = row.shown_address if row.state in _GETS_MAIL else address.shown
        if _has_enough(row, to, now):
            return
        _ask_again(row, chosen)
        jobs.run_now(jobs.MAIL, now)  # somebody waits for it
        row.letters.create(**chosen | {"shown_address": to}, network=network, run_at=now)


def _has_enough(row: Subscription, to: str, now: datetime) -> bool:
    today = row.letters.filter(asked_at__gt=now - A_DAY)
    return today.count() >= MOST_PER_MAILBOX or today.filter(shown_address=to).count() >= MOST_PER_ADDRESS


def _ask_again(row: Subscription, chosen: dict[str, Any]) -> None:
    """Links of letters that wait for an answer stay good; another beginning voids those of the former one."""
    same = Subscription.objects.filter(pk=row.pk)
    anew = {"state": SubscriptionState.ASKED, "generation": F("generation") + 1, "confirmed_at": None}
    same.filter(state=SubscriptionState.ASKED).update(**chosen) or same.filter(
        state=SubscriptionState.ENDED
    ).update(**chosen, **anew, ended_at=None, hard_bounces=0, trouble="")


def find(handle: Handle) -> Held | None:
    row = _as_asked(_row(handle).first(), handle)
    if row is None:
        return None
    interest, trouble = _read(row)
    return Held(
        handle, row.shown_address, SubscriptionState(row.state), interest, row.due_at, row.trouble or trouble
    )


def find_to_end(handle: Handle) -> Held | None:
    """Also by what was handed out before it began anew: whoever has an old mail can still leave."""
    within = (handle.generation, handle.generation + MOST_BEGUN)
    same = Subscription.objects.filter(pk=handle.id, generation__range=within)
    now = same.values_list("generation", flat=True).first()
    return None if now is None else find(Handle(handle.id, now))


def confirm(handle: Handle, now: datetime) -> bool:
    """False when it was confirmed or ended before: the link works once."""
    with _locked(handle) as locked:
        row = _as_asked(locked, handle)
        if row is None:
            return False
        interest, _ = _read(row)
        asked = _row(handle).filter(state=SubscriptionState.ASKED)
        began: dict[str, Any] = {"confirmed_at": now, "waits_since": now, "due_at": next_due(interest, now)}
        began |= {"shown_address": row.shown_address, "interest": interest.as_json()}  # as the page showed it
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
        before = _read(row)[0].often
        is_same_turn = before == interest.often
        if row.due_at is not None and row.due_at > now:
            due_at = next_due(interest, now)
            changed["due_at"] = min(due_at, row.due_at) if is_same_turn else due_at
        if kind_for(before) is not kind_for(interest.often):  # else what is owed stays owed
            changed["waits_since"] = now
        return bool(_row(handle).update(**changed))


def pause(handle: Handle) -> bool:
    active = _row(handle).filter(state=SubscriptionState.ACTIVE)
    return bool(active.update(state=SubscriptionState.PAUSED, due_at=None))


def resume(handle: Handle, now: datetime) -> bool:
    with _locked(handle) as row:
        if row is None:
            return False
        interest, _ = _read(row)
        paused = _row(handle).filter(state=SubscriptionState.PAUSED)
        anew: dict[str, Any] = {
            "due_at": next_due(interest, now),
            "waits_since": now,
            "hard_bounces": 0,
            "trouble": "",
        }
        anew["interest"] = interest.as_json()  # as the page showed it
        return bool(paused.update(state=SubscriptionState.ACTIVE, **anew))


def resume_refused(now: datetime, address: str = "") -> int:
    """Undo pauses that no reader asked for, of one mailbox or of all; how many go on.

    What cannot be read stays paused: its reader has to choose again.
    """
    paused = Subscription.objects.filter(state=SubscriptionState.PAUSED).exclude(trouble="")
    rows = paused.filter(address=address) if address else paused
    handles = [Handle(row.pk, row.generation) for row in rows.order_by("pk") if not _read(row)[1]]
    return sum(resume(handle, now) for handle in handles)


def end(handle: Handle, now: datetime) -> bool:
    """Also one that was never confirmed, and again: False only where there is no such subscription."""
    going = _row(handle).exclude(state=SubscriptionState.ENDED)
    return (
        bool(going.update(state=SubscriptionState.ENDED, ended_at=now, due_at=None)) or _row(handle).exists()
    )


def delete(handle: Handle) -> bool:
    """Everything that is stored for the address, at once."""
    with _locked(handle) as row:  # or a digest that is made meanwhile would be of nobody
        if row is None:
            return False
        row.delete()
    return True


def export(handle: Handle) -> dict[str, Any] | None:
    """All that is stored for the address, as plain values for JSON."""
    stored = _row(handle).values(*_columns(Subscription, "id")).first()
    if stored is None:
        return None
    of_it = {
        "deliveries": Delivery.objects.order_by("made_at", "id").values(*_columns(Delivery, "subscription")),
        "letters": Letter.objects.order_by("asked_at", "id").values(*_columns(Letter, "id", "subscription")),
        "returned": Returned.objects.order_by("id").values(*_columns(Returned, "id", "subscription")),
    }
    return {"subscription": stored} | {
        name: list(rows.filter(subscription=handle.id)) for name, rows in of_it.items()
    }


def _columns(kind: type[Model], *left_out: str) -> list[str]:
    """All that there are but numbers that say nothing, so that a new column is told too."""
    return [field.name for field in kind._meta.concrete_fields if field.name not in left_out]


def tidy(now: datetime) -> int:
    """Forget letters when their links are too old, addresses that nobody confirmed after a week, and those
    that have ended after three months; how many addresses."""
    Letter.objects.filter(asked_at__lt=now - CONFIRMED_WITHIN, run_at=None).delete()
    Letter.objects.filter(asked_at__lt=now - A_DAY).exclude(network="").update(network="")
    with transaction.atomic():
        over = Subscription.objects.select_for_update(skip_locked=True).filter(_is_over(now))
        pks = list(over.values_list("pk", flat=True)[:MOST_FORGOTTEN])
        Subscription.objects.filter(pk__in=pks).delete()
    return len(pks)


def _is_over(now: datetime) -> Q:
    a_week_ago = now - UNCONFIRMED_KEPT
    ended = Q(state=SubscriptionState.ENDED)
    return (
        Q(state=SubscriptionState.ASKED, asked_at__lt=a_week_ago)
        | ended & Q(ended_at__lt=a_week_ago, confirmed_at=None)
        | ended & Q(ended_at__lt=now - ENDED_KEPT)
    )


def _as_asked(row: Subscription | None, handle: Handle) -> Subscription | None:
    """With the address and the choices of the letter that is answered: somebody else may have asked since.
    Not to be saved."""
    if row is None or not handle.letter or row.state != SubscriptionState.ASKED:
        return row
    letter = row.letters.filter(pk=handle.letter).first()
    if letter is None:
        return None
    row.shown_address, row.interest = letter.shown_address, letter.interest
    return row


def _read(row: Subscription) -> tuple[Interest, str]:
    """The choices; the usual ones, and why, where they cannot be read: that keeps nobody from leaving."""
    try:
        return interest_of(row.interest), ""
    except (AttributeError, TypeError, ValueError) as error:
        return (
            Interest(),
            f"The choices that are stored cannot be read, and these are the usual ones: {error}",
        )


def _row(handle: Handle) -> QuerySet[Subscription]:
    return Subscription.objects.filter(pk=handle.id, generation=handle.generation)


@contextmanager
def _locked(handle: Handle) -> Iterator[Subscription | None]:
    """What is decided from the row still holds when it is written."""
    with transaction.atomic():
        yield _row(handle).select_for_update().first()
