"""Which editions of late had nothing in them for a reader, so that a later mail can say so."""

from datetime import date, timedelta
from itertools import takewhile

from broadsheet.domain.edition import Window
from broadsheet.domain.subscription import DeliveryState
from broadsheet.store.models import Delivery

LOOKED_AT = 14  # deliveries, the newest
LATELY = timedelta(days=60)


def before(subscription_id: int, window: Window) -> tuple[date, ...]:
    """The first days of the empty ones since the last mail that was sent, oldest first."""
    rows = Delivery.objects.filter(
        subscription_id=subscription_id,
        kind=window.kind,
        start__lt=window.start,
        start__gt=window.start - LATELY,
        state__in=(DeliveryState.EMPTY, DeliveryState.SENT),
    )
    newest = rows.order_by("-start").values_list("start", "state")[:LOOKED_AT]
    empty = takewhile(lambda row: row[1] == DeliveryState.EMPTY, newest)
    return tuple(start for start, _ in reversed(list(empty)))
