"""Pushes printed editions to webhooks: several at a time, of each webhook one after the other.

A worker runs it in a thread beside its other jobs. Whatever it is killed in is sent again, under the same id.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache, partial

from django.db import InterfaceError, OperationalError

from broadsheet.deliver.email.chosen import chosen_for
from broadsheet.deliver.email.reading import Sheet, sheet_of
from broadsheet.deliver.personal import Turn, picked
from broadsheet.deliver.push.forms import written
from broadsheet.deliver.push.news import LONGEST_LINE, Kind, News, told
from broadsheet.deliver.push.trying import tried
from broadsheet.domain.edition import Window
from broadsheet.domain.likes import Likes
from broadsheet.lib.clock import Clock
from broadsheet.lib.outgoing import Sender
from broadsheet.lib.text import plain_line, shortened
from broadsheet.rank.found import Engines
from broadsheet.store import pages, pushes
from broadsheet.store.page_values import Placed
from broadsheet.store.pushes import Claimed, Tried

log = logging.getLogger(__name__)

ROUND = timedelta(minutes=1)
AT_ONCE = 8  # webhooks that are tried side by side
LOOK_EVERY_S = 0.5  # whether the worker is to end
LONGEST_TRY_S = 120.0  # a resolver of names may hang, and no deadline cuts it
LONGEST_LEFT_S = 2.0  # for those under way when it is

GoesOn = Callable[[], bool]
Ended = tuple[Claimed, Tried]


class NotNow(Exception):
    """What a push holds cannot be told now; the message says why."""


@dataclass(frozen=True, slots=True)
class Room:
    """How pushes leave a site."""

    sender: Sender
    clock: Clock
    site_url: str
    engines: Callable[[], Engines] | None = None  # for saved searches


@dataclass
class Report:
    made: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        told = [f"{count:,} {state}" for state, count in sorted(self.states.items())]
        return ", ".join([f"{self.made:,} made", *told])


def push_due(room: Room, goes_on: GoesOn) -> Report:
    """One round: until nothing is due, or for a minute."""
    now = room.clock.now()
    report = Report(made=pushes.make_due(now))
    until = now + ROUND
    composing = Composing(room)
    while goes_on() and (batch := pushes.claim(room.clock.now(), AT_ONCE)):
        _push(batch, room, composing, report, goes_on)
        if room.clock.now() >= until:
            break
    if report.made:
        pushes.tidy(now)
    return report


def _push(batch: list[Claimed], room: Room, composing: "Composing", report: Report, goes_on: GoesOn) -> None:
    bodies = {}
    for one in batch:
        body = one.body or _composed(one, room, composing, report)
        if body:
            bodies[one] = body
    for one, how in _tried(bodies, room, goes_on):
        was_paused = pushes.close(one, how, room.clock.now())
        report.states["delivered" if how.is_delivered else "failed"] += 1
        if was_paused:
            report.states["paused"] += 1
            log.warning("Webhook %d is paused: %s See /owner/webhooks.", one.webhook_id, how.answer)


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


def _composed(one: Claimed, room: Room, composing: "Composing", report: Report) -> str:
    """Kept before it is sent; "" when there is nothing to send, or not now."""
    now = room.clock.now()
    try:
        news = composing.news(one)
        body = written(news, one.target) if news else ""
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
        pushes.close_empty(one, now)
        report.states["empty"] += 1
    return body if body and pushes.keep_body(one, body) else ""


class Composing:
    """Reads each edition once a round."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._sheet = lru_cache(2)(partial(_sheet, room))

    def news(self, one: Claimed) -> News | None:
        """None when the edition has nothing for this webhook. Raises NotNow."""
        chosen = chosen_for(one.interest, Likes())
        return self._chosen(one, chosen) if chosen else self._whole(one)

    def _whole(self, one: Claimed) -> News | None:
        head, site_url = pages.edition_head(one.window), self._room.site_url
        papers = told(pages.first_places(head, one.interest.most), site_url)
        count = head.paper_count
        made_at = one.made_at
        return News(Kind.PRINTED, made_at, one.window, site_url, count, count, "", papers) if papers else None

    def _chosen(self, one: Claimed, chosen: str) -> News | None:
        sheet, site_url = self._sheet(one.window), self._room.site_url
        found = picked(sheet.pool, one.interest, Likes(), sheet.seeks)
        if found.lacks_search:
            raise NotNow("The index cannot be asked just now.")
        if not found.places:
            return None
        return News(
            kind=Kind.MATCHED,
            at=one.made_at,
            window=one.window,
            site_url=site_url,
            paper_count=sheet.head.paper_count,
            matching=len(found.places),
            chosen_for=shortened(chosen, LONGEST_LINE),
            papers=told([_reasoned(*place) for place in found.places[: one.interest.most]], site_url),
        )


def _reasoned(place: Placed, turn: Turn) -> Placed:
    return replace(place, reason=f"{turn} {place.reason}".strip())


def _sheet(room: Room, window: Window) -> Sheet:
    return sheet_of(window, site_url=room.site_url, now=room.clock.now(), engines=room.engines)
