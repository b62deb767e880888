"""When mails that come back pause a subscription: three in a row, whenever each of them came back.

A mail server may take a digest today and send it back tomorrow, so that one that was taken proves nothing by
itself. What counts is the row of deliveries as it stands in the end: refused in the dialogue or come back
later is the same, and one that was taken and stayed away ends the row. A refusal that tells nothing of the
address neither lengthens the row nor ends it.
"""

from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Exists, F, OuterRef

from broadsheet.domain.refusal import is_of_address
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store.models import Delivery, Subscription

MOST = 3  # in a row
SETTLED = timedelta(days=5)  # so long do mail servers try; what has not come back by then has arrived
LOOKED_AT = 60  # deliveries, the newest
_TOLD = (DeliveryState.SENT, DeliveryState.REFUSED)  # the others tell nothing of the address


def refused(subscription_id: int, delivery_id: int, answer: str) -> None:
    """Count a delivery that has just become REFUSED. Call it within the transaction that made it so.

    Those from before the reader went on again do not count: `resume` begins at 0.
    """
    if not is_of_address(answer):
        return
    row = Subscription.objects.filter(pk=subscription_id)
    row.update(hard_bounces=F("hard_bounces") + 1)
    if not row.filter(hard_bounces__gte=MOST, state=SubscriptionState.ACTIVE).exists():
        return
    if (count := _in_a_row(subscription_id, delivery_id)) >= MOST:
        pause(subscription_id, f"Refused {count} times in a row, last with: {answer}")


def taken(subscription_id: int, now: datetime) -> None:
    """A mail was taken. It ends the row only when one before it was taken too, and has stayed away."""
    of_it = Delivery.objects.filter(subscription_id=subscription_id)
    refused_since = of_it.filter(state=DeliveryState.REFUSED, made_at__gt=OuterRef("made_at"))
    stayed = of_it.filter(~Exists(refused_since), state=DeliveryState.SENT, closed_at__lte=now - SETTLED)
    Subscription.objects.filter(Exists(stayed), pk=subscription_id, hard_bounces__gt=0).update(hard_bounces=0)


def pause(subscription_id: int, trouble: str) -> None:
    Subscription.objects.filter(pk=subscription_id, state=SubscriptionState.ACTIVE).update(
        state=SubscriptionState.PAUSED, trouble=trouble, due_at=None
    )


def _in_a_row(subscription_id: int, delivery_id: int) -> int:
    """How many refused ones stand side by side around this one, among those that tell something."""
    told = Delivery.objects.filter(subscription_id=subscription_id, state__in=_TOLD)
    newest = told.order_by("-made_at", "-pk").values_list("pk", "state", "answer")[:LOOKED_AT]
    counted = (one for one in newest if one[1] == DeliveryState.SENT or is_of_address(one[2]))
    for state, run in groupby(counted, key=lambda one: one[1]):
        pks = [pk for pk, *_ in run]
        if state == DeliveryState.REFUSED and delivery_id in pks:
            return len(pks)
    return 0
