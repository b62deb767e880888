"""Envelope senders of which each stands for one mail, so that a bounce says by its address what came back.

    bounces+d123-k3jf6qm2zt5wpa7x@example.org      delivery 123
    bounces+s12.3-…                                a letter to subscription 12, in its generation 3

The last word is signed: who has not had the mail cannot make it, and so cannot bounce the mail of another.
With a delivery the time when it was made is signed too, because a database that was restored gives its number
once more. The word is in lower case without signs, because odd servers change both.
"""

import re
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from broadsheet.store.subscriptions import Handle

_SALT = "broadsheet.returns.1"
_SIGNED = 10  # bytes: sixteen letters
_MARK = re.compile(r"([ds])(\d{1,19})(?:\.(\d{1,10}))?-([a-z2-7]{16})")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a mark stands for: a delivery, or a letter to a subscription."""

    delivery: int | None = None
    handle: Handle | None = None


def of_delivery(address: str, delivery_id: int, made_at: datetime) -> str:
    """The envelope sender of a digest; `address` is the mailbox that bounces come to."""
    return _with_mark(address, f"d{delivery_id}", _second(made_at))


def of_letter(address: str, handle: Handle) -> str:
    return _with_mark(address, f"s{handle.id}.{handle.generation}")


def read(mark: str, made_at: Callable[[int], datetime | None]) -> Meant | None:
    """What stands between the plus and the @; None when it was not made here.

    `made_at` tells when a delivery was made, and None where there is none.
    """
    found = _MARK.fullmatch(mark.lower())
    if found is None:
        return None
    kind, number, generation, signed = found.groups()
    if (kind == "s") != (generation is not None):
        return None
    moment = made_at(int(number)) if kind == "d" else None
    if kind == "d" and moment is None:
        return None
    unseen = _second(moment) if moment else ""
    if not constant_time_compare(signed, _signed(mark.lower().rpartition("-")[0] + unseen)):
        return None
    if kind == "d":
        return Meant(delivery=int(number))
    return Meant(handle=Handle(int(number), int(generation)))


def _with_mark(address: str, name: str, unseen: str = "") -> str:
    """`unseen` is signed with it."""
    local, _, domain = address.partition("@")
    return f"{local}+{name}-{_signed(name + unseen)}@{domain}"


def _second(moment: datetime) -> str:
    return f" {int(moment.timestamp())}"


def _signed(name: str) -> str:
    digest = salted_hmac(_SALT, name, algorithm="sha256").digest()
    return b32encode(digest[:_SIGNED]).decode().lower()
