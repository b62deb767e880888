"""Looks through the mailbox that bounces come to, and takes in what it understands; the rest stays unread.

What a mail says is written down before the mail is marked, and under a key of its own: whatever is
interrupted is done again, and counts once.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import DataError, IntegrityError

from broadsheet.deliver import tokens
from broadsheet.deliver.email import returned, verp
from broadsheet.deliver.email.mailbox import Mailbox
from broadsheet.deliver.email.returned import Kind, Returned
from broadsheet.deliver.tokens import BadToken, Purpose
from broadsheet.domain.returned import ReturnKind
from broadsheet.lib.clock import Clock
from broadsheet.store import returns, subscriptions
from broadsheet.store.returns import About, Told

log = logging.getLogger(__name__)

MOST = 500  # mails a round
LONGEST_S = 120.0  # of a round; the rest waits for the next
WAY = "mailbox"
_KINDS = {Kind.HARD: ReturnKind.HARD, Kind.SOFT: ReturnKind.SOFT, Kind.COMPLAINT: ReturnKind.COMPLAINT}

# What one mail can cause. A database or mailbox that is away is not among them: then the mail is read again.
_OF_THIS_MAIL = (
    DataError,
    IntegrityError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass
class Report:
    taken: Counter[str] = field(default_factory=Counter)
    left: int = 0  # unread, for the owner
    failed: int = 0  # of those, what could not be dealt with

    def __str__(self) -> str:
        told = [f"{count:,} {kind}" for kind, count in sorted(self.taken.items())]
        told += [f"{self.left:,} left unread"] if self.left else []
        told += [f"{self.failed:,} of them failed, see the log"] if self.failed else []
        return ", ".join(told) or "nothing new"


def look(mailbox: Mailbox, name: str, clock: Clock, goes_on: Callable[[], bool]) -> Report:
    """One round; `name` tells this mailbox from another. Mails that were left unread are not read again."""
    name = f"{name} {mailbox.validity}"
    report, ends = Report(), time.monotonic() + LONGEST_S
    for number in mailbox.unread(returns.looked_until(name))[:MOST]:
        if not goes_on() or time.monotonic() > ends:
            break
        raw = mailbox.beginning(number)
        if raw is not None and (kind := _tried(number, raw, clock, report)):
            report.taken[kind] += 1
            mailbox.put_away(number)
        elif raw is not None:
            report.left += 1
        returns.look_on_after(name, number)
    returns.tidy(clock.now())
    return report


def _tried(number: int, raw: bytes, clock: Clock, report: Report) -> str:
    """A mail that nobody thought of is looked past: it must not keep back all that come after it."""
    try:
        return _take(raw, clock)
    except _OF_THIS_MAIL:
        log.exception("Mail %d of the mailbox could not be dealt with, and is left unread", number)
        report.failed += 1
        return ""


def _take(raw: bytes, clock: Clock) -> str:
    """What it was; "" for what is none of ours."""
    found = returned.read(raw)
    key = sha256(raw).hexdigest()
    if found.kind is Kind.LEAVE:
        return _leave(found, key, clock)
    about = _about(found)
    if found.kind is Kind.ASKS:
        _note_wish(found, key, clock)
        return ""
    if found.kind is Kind.OTHER or not returns.is_known(about):
        return ""
    if found.kind is not Kind.AUTOMATIC:
        returns.take(Told(key, _KINDS[found.kind], WAY, found.words), about, clock.now())
    return found.kind


def _about(found: Returned) -> About:
    """Only marks that were made here count."""
    meant = [one for mark in found.marks if (one := verp.read(mark, returns.made_at))]
    return About(
        deliveries=tuple(one.delivery for one in meant if one.delivery is not None),
        handles=tuple(one.handle for one in meant if one.handle is not None),
        message_ids=found.message_ids,
    )


def _leave(found: Returned, key: str, clock: Clock) -> str:
    try:
        held = subscriptions.find_to_end(tokens.read(Purpose.UNSUBSCRIBE, found.token))
    except BadToken:
        _note_wish(found, key, clock)
        return ""
    if held is None:
        return ""
    about = About(handles=(held.handle,))
    returns.take(Told(key, ReturnKind.LEFT, WAY, "Unsubscribed by mail."), about, clock.now())
    return ReturnKind.LEFT


def _note_wish(found: Returned, key: str, clock: Clock) -> None:
    """Anybody may have written the address it comes from, so that nothing is done but to tell the owner."""
    about = About(recipient=found.sender)
    if returns.is_known(about):
        words = "Asks by mail to be unsubscribed, without the link of a digest."
        returns.take(Told(key, ReturnKind.ASKED, WAY, words), about, clock.now())
