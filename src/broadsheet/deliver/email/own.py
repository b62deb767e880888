"""What in a mail is one reader's own. Readers of the same choice share a mail that has marks in its place.

A mark is drawn anew by each process and told to nobody, so that nothing that somebody wrote can hold one.
"""

import secrets
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import Purpose
from broadsheet.store.subscriptions import Handle

LONGEST_TOKEN = 96  # characters; marks are as long, so that a mail can only become shorter


@dataclass(frozen=True, slots=True)
class Marks:
    address: str
    manage: str
    leave: str
    feedback: str


@dataclass(frozen=True, slots=True)
class Own:
    address: str
    manage: str  # tokens, as they stand in links
    leave: str
    feedback: str


def _mark() -> str:
    return secrets.token_hex(LONGEST_TOKEN // 2)


MARKS = Marks(_mark(), _mark(), _mark(), _mark())


def own_of(handle: Handle, address: str) -> Own:
    made = (
        quote(tokens.make(purpose, handle), safe=":")
        for purpose in (Purpose.MANAGE, Purpose.UNSUBSCRIBE, Purpose.FEEDBACK)
    )
    return Own(address, *made)


def example(address: str) -> Own:
    """For a mail that goes to nobody: its links lead to a page that says so."""
    return Own(address, "example", "example", "example")


def filled(text: str, own: Own) -> str:
    text = text.replace(MARKS.feedback, own.feedback).replace(MARKS.manage, own.manage)
    return text.replace(MARKS.leave, own.leave).replace(MARKS.address, own.address)


def filled_html(html: str, own: Own) -> str:
    return filled(html, Own(escape(own.address), own.manage, own.leave, own.feedback))
