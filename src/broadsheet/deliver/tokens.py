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
    FEED = "feed"  # also names the key of the feed, which its owner can change


_GOOD_FOR: dict[Purpose, timedelta | None] = {
    Purpose.CONFIRM: CONFIRMED_WITHIN,
    Purpose.MANAGE: timedelta(days=365),
    Purpose.UNSUBSCRIBE: None,  # an old mail must do, whenever it is found
    Purpose.FEEDBACK: timedelta(days=365),
    Purpose.FEED: None,
}
_WHAT_NOW = {
    Purpose.CONFIRM: "Give your address again, and a new link is sent to it.",
    Purpose.MANAGE: "The newest mail from here has a link that works. Without one, give your address again.",
    Purpose.UNSUBSCRIBE: "The newest mail from here has a link that works.",
    Purpose.FEEDBACK: "The newest mail from here has links that work.",
    Purpose.FEED: "The page of your choices has the address that works.",
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
    return _handle(_signed(purpose, token))


def make_feed(handle: Handle, key: int) -> str:
    return signing.dumps([handle.id, handle.generation, key], salt=_salt(Purpose.FEED))


def read_feed(token: str) -> tuple[Handle, int]:
    """Whose feed it is, and the key that it had then. Raises BadToken."""
    found = _handle(_signed(Purpose.FEED, token))
    return Handle(found.id, found.generation), found.letter


def _signed(purpose: Purpose, token: str) -> Any:
    if not token:
        raise BadToken("The link is not whole: perhaps a mail program has broken its line.", purpose)
    try:
        if len(token) > LONGEST:
            raise signing.BadSignature
        return signing.loads(token, salt=_salt(purpose), max_age=_GOOD_FOR[purpose])
    except signing.SignatureExpired:
        raise BadToken("The link is too old.", purpose) from None
    except signing.BadSignature:
        why = "The link was not made here for this purpose, or was changed on its way."
        raise BadToken(why, purpose) from None


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
