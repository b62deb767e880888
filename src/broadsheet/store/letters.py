"""Letters that wait for the worker, claimed by one conditional update: two workers send none twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store.models import Letter
from broadsheet.store.subscriptions import Handle

MOST_SHOWN = 50
MOST_TRIES = 5
FIRST_GAP = timedelta(minutes=2)  # then four times as long each time: the last try is some three hours later


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    handle: Handle
    to: str
    state: SubscriptionState
    tries: int  # this one counted


@dataclass(frozen=True, slots=True)
class LetterLine:
    """For the owner's eyes: a letter that did not arrive, or is tried again."""

    address: str
    asked_at: datetime
    state: DeliveryState  # SENDING: the worker died, or speaks to the mail server just now
    answer: str
    tries: int


def claim_next(now: datetime) -> Claimed | None:
    """Take the letter that has waited longest. Better one lost than two sent: if the worker dies now,
    it is not sent again, and whoever wanted it asks again."""
    due = Letter.objects.filter(run_at__lte=now).select_related("subscription").order_by("run_at", "id")
    while letter := due.first():
        mine = Letter.objects.filter(pk=letter.pk, run_at=letter.run_at)
        if mine.update(run_at=None, tries=F("tries") + 1, state=DeliveryState.SENDING):
            row = letter.subscription
            state = SubscriptionState(row.state)
            handle = Handle(row.pk, row.generation)
            to = letter.shown_address if state is SubscriptionState.ASKED else row.shown_address
            return Claimed(letter.pk, handle, to, state, letter.tries + 1)
    return None


def put_off(claimed: Claimed, now: datetime, answer: str) -> bool:
    """Try again later; False when it has been tried often enough."""
    if claimed.tries >= MOST_TRIES:
        close(claimed, DeliveryState.EXPIRED, answer)
        return False
    run_at = now + FIRST_GAP * 4 ** (claimed.tries - 1)
    mine = Letter.objects.filter(pk=claimed.id, run_at=None)
    return bool(mine.update(run_at=run_at, state=DeliveryState.WAITING, answer=answer))


def close(claimed: Claimed, state: DeliveryState, answer: str) -> None:
    Letter.objects.filter(pk=claimed.id, run_at=None).update(state=state, answer=answer)


def failed() -> list[LetterLine]:
    """The newest letters that did not arrive or have to be tried again; all are forgotten in three days."""
    over = Q(state__in=(DeliveryState.SENT, DeliveryState.EMPTY))
    rows = Letter.objects.exclude(over | Q(tries=0))
    return [
        LetterLine(row.shown_address, row.asked_at, DeliveryState(row.state), row.answer, row.tries)
        for row in rows.order_by("-asked_at", "-pk")[:MOST_SHOWN]
    ]
