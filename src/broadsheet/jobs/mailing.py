"""Sends what is due: makes deliveries, composes each choice once, and hands the mails to the post."""

import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache

from django.db import InterfaceError, OperationalError

from broadsheet.deliver import outbox
from broadsheet.deliver.email import confirmation, verp
from broadsheet.deliver.email.chosen import chosen_for
from broadsheet.deliver.email.compose import Composed, Envelope, composed, mail_of
from broadsheet.deliver.email.leaving import ways_to_leave
from broadsheet.deliver.email.own import own_of
from broadsheet.deliver.email.post import Letter, Post, PostDown
from broadsheet.deliver.email.reading import Sheet, personal_digest, sheet_of
from broadsheet.domain.edition import Window
from broadsheet.domain.interest import Interest, MailForm, Often
from broadsheet.domain.likes import Likes
from broadsheet.domain.subscription import DeliveryState
from broadsheet.jobs.steps import StepFailed
from broadsheet.lib.clock import Clock
from broadsheet.lib.text import plain_line, shortened
from broadsheet.rank.found import Engines
from broadsheet.store import deliveries, emptied
from broadsheet.store.deliveries import Claimed, Closing

log = logging.getLogger(__name__)

ROUND = timedelta(minutes=1)
BATCH = 50  # deliveries leased at a time
MOST_COMPOSED = 200  # choices kept in memory, of up to 200 KB each
LONGEST_TROUBLE = 500  # characters
MOST_DOWN = 3  # mails in a row that could not leave at all, before a round gives up


@dataclass(frozen=True, slots=True)
class Room:
    """How digests leave a site."""

    post: Callable[[], Post]
    clock: Clock
    site_url: str
    domain: str
    sender: str
    rate: int  # mails a minute to one domain, by all processes together
    engines: Callable[[], Engines] | None = None  # for saved searches and likes
    bounces: str = ""  # the mailbox that bounces come to; "": the sender's


@dataclass
class Report:
    made: int = 0
    lost: int = 0
    states: Counter[DeliveryState] = field(default_factory=Counter)
    has_more: bool = False  # their domains have had enough for this minute
    is_cut: bool = False  # the round was long enough: the next goes on at once

    def add(self, other: "Report") -> None:
        """What a round after this one did."""
        self.made += other.made
        self.lost += other.lost
        self.states += other.states
        self.has_more, self.is_cut = other.has_more, other.is_cut

    def __str__(self) -> str:
        told = [f"{count:,} {state}" for state, count in sorted(self.states.items())]
        told += [f"{self.lost:,} lost"] if self.lost else []
        told += ["more later"] if self.has_more else []
        return ", ".join([f"{self.made:,} made", *told])


def send_due(room: Room, goes_on: Callable[[], bool]) -> Report:
    """One round, until nothing is due or it is told to stop. Raises StepFailed when no mail can leave.

    It ends after a minute, so that new letters, hours that come meanwhile and lost ones wait no longer.
    """
    now = room.clock.now()
    report = Report()
    report.lost, expired = deliveries.settle_lost(now)
    report.states[DeliveryState.EXPIRED] += expired
    if report.lost:
        log.warning("%d digests were lost in a dialogue; see: broadsheet digest status", report.lost)
    report.made = deliveries.make_due(now)
    sending = _Sending(room, goes_on, report)
    with deliveries.durably():
        sending.run()
    report.states += Counter()  # leaves out what is 0
    return report


def send_letters(room: Room, goes_on: Callable[[], bool]) -> confirmation.Sent:
    """The mails that ask for confirmation, some of them a round. Raises StepFailed when no mail can leave."""
    post, now = room.post(), room.clock.now()

    def hand(mail: confirmation.LetterMail) -> None:
        name = outbox.letter_name(now, mail.subscription_id, secrets.token_hex(4))
        answer = post.send(Letter(name, parseaddr(mail.from_email)[1], mail.to[0], mail.as_bytes()))
        if answer.state is DeliveryState.WAITING:
            raise OSError(answer.text)
        if answer.state is not DeliveryState.SENT:
            raise confirmation.NotTaken(answer.state, answer.text)

    try:
        return confirmation.send_waiting(
            hand,
            sender=room.sender,
            site_url=room.site_url,
            now=now,
            bounces=room.bounces,
            goes_on=goes_on,
        )
    except PostDown as error:
        raise StepFailed(str(error)) from error
    finally:
        post.close()


def _uncomposed(error: Exception) -> str:
    said = plain_line(f"{type(error).__name__}: {error}")
    return shortened(f"It could not be composed: {said}", LONGEST_TROUBLE)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A mail that can go: nothing but the dialogue is left to be done."""

    one: Claimed
    message_id: str
    letter: Letter


@dataclass
class _Sending:
    room: Room
    goes_on: Callable[[], bool]
    report: Report
    down: int = 0  # mails in a row that could not leave
    trouble: str = ""  # why
    _composing: "Composing" = field(init=False)

    def __post_init__(self) -> None:
        self._composing = Composing(self.room)

    def run(self) -> None:
        post: Post | None = None
        clock, rate = self.room.clock, self.room.rate
        until = clock.now() + ROUND
        try:
            while self.goes_on() and (batch := deliveries.claim(clock.now(), BATCH, rate)):
                post = post or self.room.post()
                self._send_batch(batch, post)
                if clock.now() >= until:
                    self.report.is_cut = True
                    break
            self.report.has_more = self.goes_on() and deliveries.is_any_due(clock.now())
        finally:
            if post is not None:
                post.close()

    def _send_batch(self, batch: list[Claimed], post: Post) -> None:
        """Composed first, so that a kill meets one in its dialogue and none in the making."""
        left: deque[_Ready] = deque()
        done: tuple[Claimed, Closing] | None = None  # the one before, whose answer is not written yet
        is_over = False
        try:
            left.extend(self._ready(batch))
            while left and self.goes_on() and self.down < MOST_DOWN:
                ready = left.popleft()
                with deliveries.together():
                    self._close(done)
                    is_begun = deliveries.begin(ready.one, ready.message_id, self.room.clock.now())
                done = None
                if is_begun:
                    done = ready.one, self._handed_over(ready, left[0] if left else None, post)
            is_over = not left
        finally:
            self._close(done)
            if not is_over:
                deliveries.put_back(batch, self.room.clock.now())
        if self.down >= MOST_DOWN:
            raise StepFailed(self.trouble)

    def _ready(self, batch: list[Claimed]) -> Iterator[_Ready]:
        now = self.room.clock.now()
        for one in batch:
            message_id = new_message_id(self.room.domain)
            try:
                made = self._composing.made(one, now)
                letter = letter_of(self.room, one, made, message_id, now) if made else None
            except (OperationalError, InterfaceError):  # the database is away, and for all of them
                raise
            except Exception as error:  # one reader's choices must not keep all others waiting
                log.error("%s could not be composed.", one.pk, exc_info=error)
                self._close((one, Closing(DeliveryState.WAITING, _uncomposed(error))))
                continue
            if letter is None:
                self._close((one, Closing(DeliveryState.EMPTY, "Nothing in it for this reader.")))
            else:
                yield _Ready(one, message_id, letter)

    def _handed_over(self, ready: _Ready, then: _Ready | None, post: Post) -> Closing:
        try:
            answer = post.send(ready.letter, then.letter if then else None)
        except PostDown as error:
            self.down, self.trouble = self.down + 1, str(error)
            return Closing(DeliveryState.WAITING, self.trouble)
        self.down = 0
        return Closing(answer.state, answer.text)

    def _close(self, done: tuple[Claimed, Closing] | None) -> None:
        if done is not None and deliveries.close(*done, self.room.clock.now()):
            self.report.states[done[1].state] += 1


class Composing:
    """Composes each choice once a round, and reads each edition once."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._sheet = lru_cache(4)(self._read)
        self._composed = lru_cache(MOST_COMPOSED)(self._compose)
        self._now: datetime = room.clock.now()

    def made(self, one: Claimed, now: datetime) -> Composed | None:
        """The same for all who chose the same, whatever their hour. None: nothing for this reader."""
        self._now = now
        choice = replace(one.interest, often=Often.DAILY, hour=0, zone="UTC")
        empty = emptied.before(one.handle.id, one.window) if chosen_for(choice, one.likes) else ()
        return self._composed(one.window, choice, one.likes, empty)

    def _compose(
        self, window: Window, choice: Interest, likes: Likes, empty: tuple[date, ...]
    ) -> Composed | None:
        digest = personal_digest(self._sheet(window), choice, likes, empty)
        return composed(digest, has_html=choice.form is MailForm.HTML) if digest else None

    def _read(self, window: Window) -> Sheet:
        room = self._room
        return sheet_of(window, site_url=room.site_url, now=self._now, engines=room.engines)


def letter_of(room: Room, one: Claimed, made: Composed, message_id: str, now: datetime) -> Letter:
    envelope = Envelope(room.sender, message_id, now, room.domain)
    ways = ways_to_leave(room.site_url, room.bounces or room.sender, one.handle)
    data = mail_of(made, own_of(one.handle, one.address), envelope, ways)
    return Letter(outbox.name_of(one.window, one.pk), sender=_sender_of(room, one), to=one.address, data=data)


def _sender_of(room: Room, one: Claimed) -> str:
    """Of the envelope."""
    if not room.bounces:
        return parseaddr(room.sender)[1]
    return verp.of_delivery(room.bounces, one.pk, one.made_at)


def new_message_id(domain: str) -> str:
    """Short, so that no line of a header needs folding."""
    return f"<{secrets.token_hex(12)}@{domain}>"
