"""Pushes editions and matches to webhooks: several at a time, of each webhook one after the other.

A worker runs it in a thread beside its other jobs. Whatever it is killed in is sent again, under the same id.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from broadsheet.deliver.push.forms import written
from broadsheet.deliver.push.trying import tried
from broadsheet.jobs.composing import Composing, NotNow
from broadsheet.jobs.matching import Asking, match_due
from broadsheet.lib.clock import Clock
from broadsheet.lib.outgoing import Sender
from broadsheet.lib.text import plain_line
from broadsheet.rank.found import Engines
from broadsheet.store import matches, pushes
from broadsheet.store.pushes import Claimed, Closed, Tried

log = logging.getLogger(__name__)

ROUND = timedelta(minutes=1)
AT_ONCE = 8  # webhooks that are tried side by side
LOOK_EVERY_S = 0.5  # whether the worker is to end
LONGEST_TRY_S = 120.0  # a resolver of names may hang, and no deadline cuts it
LONGEST_LEFT_S = 2.0  # for those under way when it is

_WORTH_TELLING = {
    Closed.PAUSED: "is paused",
    Closed.SKIPPED: "refused a message again and again, which is skipped",
}

GoesOn = Callable[[], bool]
Ended = tuple[Claimed, Tried]


@dataclass(frozen=True, slots=True)
class Room:
    """How pushes leave a site."""

    sender: Sender
    clock: Clock
    site_url: str
    engines: Callable[[], Engines] | None = None  # for saved searches
    followed: Callable[[datetime], int] | None = None  # how far these know the papers


@dataclass
class Report:
    made: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        told = [f"{count:,} {state}" for state, count in sorted(self.states.items())]
        return ", ".join([f"{self.made:,} made", *told])


def push_due(room: Room, goes_on: GoesOn) -> Report:
    """One round: what is new is written, then sent until nothing is due, or for a minute."""
    now = room.clock.now()
    report = Report(made=_made(room, now, goes_on))
    until = room.clock.now() + ROUND  # to ask the searches may have taken longer
    composing = Composing(room.site_url, room.clock, room.engines)
    while goes_on() and (batch := pushes.claim(room.clock.now(), AT_ONCE)):
        _push(batch, room, composing, report, goes_on)
        if room.clock.now() >= until:
            break
    if report.made:
        pushes.tidy(now)
        matches.tidy(now)
    return report


def _made(room: Room, now: datetime, goes_on: GoesOn) -> int:
    made = pushes.make_due(now) + pushes.make_later(now)
    if room.engines and room.followed:
        made += match_due(Asking(room.engines, room.followed, room.clock, room.site_url), goes_on)
    return made


def _push(batch: list[Claimed], room: Room, composing: Composing, report: Report, goes_on: GoesOn) -> None:
    bodies = {}
    for one in batch:
        body = one.body or _composed(one, room, composing, report)
        if body:
            bodies[one] = body
    for one, how in _tried(bodies, room, goes_on):
        closed = pushes.close(one, how, room.clock.now())
        report.states["delivered" if how.is_delivered else "failed"] += 1
        if closed in _WORTH_TELLING:
            report.states[closed] += 1
            words = _WORTH_TELLING[closed]
            log.warning("Webhook %d %s: %s See /owner/webhooks.", one.webhook_id, words, how.answer)


def _tried(bodies: dict[Claimed, str], room: Room, goes_on: GoesOn) -> Iterator[Ended]:
    """As they end. What takes too long is left alone: its lease runs out, and it is sent again."""
    ended: queue.Queue[Ended] = queue.Queue()

    def run(one: Claimed, body: str) -> None:
        try:
            how = tried(room.sender, one.target, one.message_id, body, room.clock.now())
        except Exception as error:  # noqa: BLE001  (one that cannot be sent keeps no other back)
            # Not its words, which may hold the address.
            log.error("Push %d could not be sent: %s", one.pk, type(error).__name__)
            how = Tried(False, f"It could not be sent: {type(error).__name__}")
        ended.put((one, how))

    for one, body in bodies.items():
        threading.Thread(target=run, args=(one, body), daemon=True).start()
    left, over_s = len(bodies), time.monotonic() + LONGEST_TRY_S
    while left and time.monotonic() < over_s:
        try:
            yield ended.get(timeout=LOOK_EVERY_S)
            left -= 1
        except queue.Empty:
            if not goes_on():
                over_s = min(over_s, time.monotonic() + LONGEST_LEFT_S)


def _composed(one: Claimed, room: Room, composing: Composing, report: Report) -> str:
    """Kept before it is sent; "" when there is nothing to send, or not now."""
    now = room.clock.now()
    try:
        composed = composing.of(one)
        body = written(composed.news, one.target) if composed.news else ""
    except (OperationalError, InterfaceError):  # the database is away, and for all of them
        raise
    except NotNow as error:
        pushes.put_off(one, str(error), now)
        report.states["put off"] += 1
        return ""
    except Exception as error:
        log.error("Push %d could not be composed.", one.pk, exc_info=error)
        pushes.put_off(one, f"It could not be composed: {plain_line(str(error))}", now)
        report.states["put off"] += 1
        return ""
    if not body:
        pushes.close_empty(one, composed.papers, now)
        report.states["empty"] += 1
    return body if body and pushes.keep_body(one, body, composed.papers) else ""
