"""What becomes of a subscription, and of a digest on its way."""

from enum import StrEnum


class SubscriptionState(StrEnum):
    ASKED = "asked"  # somebody gave the address; it has not confirmed
    ACTIVE = "active"
    PAUSED = "paused"  # by its owner, or after hard bounces
    ENDED = "ended"  # unsubscribed


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # the mail server is being spoken to
    SENT = "sent"
    REFUSED = "refused"  # for good, by the server's answer
    EXPIRED = "expired"  # put off until the edition's day had passed, or passed over for a newer one
    UNKNOWN = "unknown"  # the worker died while it spoke: better one lost than two sent
    EMPTY = "empty"  # nothing in it for this reader, so nothing was sent
