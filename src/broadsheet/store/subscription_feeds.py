"""The feed of one subscription: its key, which its owner can change, and what it holds. Nothing is sent."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from broadsheet.domain.interest import Interest, interest_of
from broadsheet.domain.likes import Likes
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.store.likes import likes_of
from broadsheet.store.models import Subscription
from broadsheet.store.models.readers import first_generation
from broadsheet.store.subscriptions import Handle

_GOING = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)  # who wants no mail may want the feed


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """What one reader has chosen."""

    subscription_id: int
    interest: Interest
    likes: Likes
    began_on: date | None


def own_feed(handle: Handle, key: int) -> OwnFeed | None:
    """None when it has ended, or has another key by now."""
    row = _going(handle).filter(feed_key=key).first()
    if row is None:
        return None
    try:
        interest = interest_of(row.interest)
    except (AttributeError, TypeError, ValueError):
        interest = Interest()  # as for digests: the usual choices, where they cannot be read
    return OwnFeed(row.pk, interest, likes_of(row), row.confirmed_at.date() if row.confirmed_at else None)


def key_of(handle: Handle) -> int | None:
    return _going(handle).values_list("feed_key", flat=True).first()


def renew_key(handle: Handle) -> bool:
    """Another address from now on; the former one is gone."""
    former = key_of(handle)
    key = first_generation()
    while key == former:
        key = first_generation()
    return bool(_going(handle).update(feed_key=key))


def _going(handle: Handle) -> QuerySet[Subscription]:
    return Subscription.objects.filter(pk=handle.id, generation=handle.generation, state__in=_GOING)
