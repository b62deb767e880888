"""Letters that wait for the worker, claimed by one conditional update: two workers send none twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from broadsheet.domain.subscription import SubscriptionState
from broadsheet.store.models import Letter
from broadsheet.store.subscriptions import Handle

MOST_TRIES = 5
FIRST_GAP = timedelta(minutes=2)  # then four times as long each time: the last try is some three hours later


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    handle: Handle
    to: str
    state: SubscriptionState
    tries: int  # this one counted


def claim_next(now: datetime) -> Claimed | None:
    """Take the letter that has waited longest. Better one lost than two sent: if the worker dies now,
    it is not sent again, and whoever wanted it asks again."""
    due = Letter.objects.filter(run_at__lte=now).select_related("subscription").order_by("run_at", "id")
    while letter := due.first():
        mine = Letter.objects.filter(pk=letter.pk, run_at=letter.run_at)
        if mine.update(run_at=None, tries=F("tries") + 1):
            row = letter.subscription
            state = SubscriptionState(row.state)
            handle = Handle(row.pk, row.generation)
            to = letter.shown_address if state is SubscriptionState.ASKED else row.shown_address
            return Claimed(letter.pk, handle, to, state, letter.tries + 1)
    return None


def put_off(claimed: Claimed, now: datetime) -> bool:
    """Try again later; False when it has been tried often enough."""
    if claimed.tries >= MOST_TRIES:
        return False
    run_at = now + FIRST_GAP * 4 ** (claimed.tries - 1)
    return bool(Letter.objects.filter(pk=claimed.id, run_at=None).update(run_at=run_at))
