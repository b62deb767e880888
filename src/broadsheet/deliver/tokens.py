"""Signed words in links that let the owner of an address act without an account.

Each is for one purpose and refused for another; it names a subscription and its generation, so that it is
void once that has ended and begun anew; but for UNSUBSCRIBE, which ends that too. Nothing is stored.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.core import signing

from broadsheet.store.subscriptions import CONFIRMED_WITHIN, Handle

LONGEST = 300  # characters that are looked at
_FORMAT = "broadsheet.token.1"  # what another version has signed is not read


class Purpose(StrEnum):
    CONFIRM = "confirm"
    MANAGE = "manage"  # each mail brings a new one
    UNSUBSCRIBE = "unsubscribe"
    FEEDBACK = "feedback"


_GOOD_FOR: dict[Purpose, timedelta | None] = {
    Purpose.CONFIRM: CONFIRMED_WITHIN,
    Purpose.MANAGE: timedelta(days=365),
    Purpose.UNSUBSCRIBE: None,  # an old mail must do, whenever it is found
    Purpose.FEEDBACK: timedelta(days=365),
}
_WHAT_NOW = {
    Purpose.CONFIRM: "Give your address again, and a new link is sent to it.",
    Purpose.MANAGE: "The newest mail from here has a link that works. Without one, give your address again.",
    Purpose.UNSUBSCRIBE: "The newest mail from here has a link that works.",
    Purpose.FEEDBACK: "The newest mail from here has links that work.",
}


class BadToken(ValueError):
    """A link that does nothing; says why, and what to do."""

    def __init__(self, why: str, purpose: Purpose) -> None:
        super().__init__(f"{why} {_WHAT_NOW[purpose]}")
        self.why = why
        self.advice = _WHAT_NOW[purpose]


def make(purpose: Purpose, handle: Handle) -> str:
    """A confirmation also names the letter that it answers."""
    letter = [handle.letter] if handle.letter and purpose is Purpose.CONFIRM else []
    return signing.dumps([handle.id, handle.generation, *letter], salt=_salt(purpose))


def read(purpose: Purpose, token: str) -> Handle:
    """What the token stands for; raises BadToken. Whether that is still there, the store knows."""
    if not token:
        raise BadToken("The link is not whole: perhaps a mail program has broken its line.", purpose)
    try:
        if len(token) > LONGEST:
            raise signing.BadSignature
        found = signing.loads(token, salt=_salt(purpose), max_age=_GOOD_FOR[purpose])
    except signing.SignatureExpired:
        raise BadToken("The link is too old.", purpose) from None
    except signing.BadSignature:
        why = "The link was not made here for this purpose, or was changed on its way."
        raise BadToken(why, purpose) from None
    return _handle(found)


def refused(purpose: Purpose) -> BadToken:
    """For a good token of a subscription that is no longer there, or no longer so."""
    why = {
        Purpose.CONFIRM: "The link has been used, or the address was deleted since.",
        Purpose.MANAGE: "The subscription it belongs to has been deleted, or has begun anew since.",
    }
    return BadToken(why.get(purpose, why[Purpose.MANAGE]), purpose)


def _handle(found: Any) -> Handle:
    return Handle(*map(int, found))


def _salt(purpose: Purpose) -> str:
    return f"{_FORMAT}.{purpose}"
