"""Sends what is due: makes deliveries, composes each choice once, and hands the mails to the post."""

import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.core.mail import EmailMultiAlternatives

from broadsheet.deliver.email import confirmation, verp
from broadsheet.deliver.email.compose import Composed, Envelope, composed, mail_of
from broadsheet.deliver.email.leaving import ways_to_leave
from broadsheet.deliver.email.post import Letter, Post, PostDown
from broadsheet.deliver.email.reading import Pool, personal_digest, pool_of
from broadsheet.domain.edition import Window
from broadsheet.domain.interest import Interest, MailForm, Often
from broadsheet.domain.subscription import DeliveryState
from broadsheet.jobs.steps import StepFailed
from broadsheet.lib.clock import Clock
from broadsheet.store import deliveries
from broadsheet.store.deliveries import Claimed, Closing

log = logging.getLogger(__name__)

BATCH = 50  # deliveries leased at a time
MOST_COMPOSED = 2_000  # choices kept in memory
MOST_DOWN = 3  # mails in a row that could not leave at all, before a round gives up
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Room:
    """How digests leave a site."""

    post: Callable[[], Post]
    clock: Clock
    site_url: str
    domain: str
    sender: str
    rate: int  # mails a minute to one domain
    bounces: str = ""  # the mailbox that bounces come to; "": the sender's


@dataclass
class Report:
    made: int = 0
    lost: int = 0
    states: Counter[DeliveryState] = field(default_factory=Counter)
    put_back: int = 0

    def __str__(self) -> str:
        told = [f"{count:,} {state}" for state, count in sorted(self.states.items())]
        told += [f"{self.lost:,} lost"] if self.lost else []
        told += [f"{self.put_back:,} later"] if self.put_back else []
        return ", ".join([f"{self.made:,} made", *told])


def send_due(room: Room, goes_on: Callable[[], bool]) -> Report:
    """One round, until nothing is due or it is told to stop. Raises StepFailed when no mail can leave."""
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


def send_letters(room: Room) -> confirmation.Sent:
    """The mails that ask for confirmation. Raises StepFailed when no mail can leave."""
    post, now = room.post(), room.clock.now()

    def hand(mail: EmailMultiAlternatives) -> None:
        data, name = bytes(mail.message().as_bytes()), f"letter-{now:%Y-%m-%d-%H%M%S}-{secrets.token_hex(4)}"
        answer = post.send(Letter(name, parseaddr(mail.from_email)[1], mail.to[0], data))
        if answer.state is DeliveryState.WAITING:
            raise OSError(answer.text)

    try:
        return confirmation.send_waiting(
            hand, sender=room.sender, site_url=room.site_url, now=now, bounces=room.bounces
        )
    except PostDown as error:
        raise StepFailed(str(error)) from error
    finally:
        post.close()


@dataclass
class _Sending:
    room: Room
    goes_on: Callable[[], bool]
    report: Report
    down: int = 0  # mails in a row
    _pools: dict[Window, Pool] = field(default_factory=dict)
    _composed: dict[tuple[Window, Interest], Composed | None] = field(default_factory=dict)
    _lately: dict[str, deque[datetime]] = field(default_factory=dict)  # of each domain, the last minute

    def run(self) -> None:
        post: Post | None = None
        try:
            while self.goes_on() and (batch := deliveries.claim(self.room.clock.now(), BATCH)):
                post = post or self.room.post()
                self._send_batch(batch, post)
        finally:
            if post is not None:
                post.close()

    def _send_batch(self, batch: list[Claimed], post: Post) -> None:
        left = deque(batch)
        try:
            while left and self.goes_on():
                self._deliver(left.popleft(), post)
        finally:
            if left:
                deliveries.put_back(list(left), self.room.clock.now())

    def _deliver(self, one: Claimed, post: Post) -> None:
        now = self.room.clock.now()
        if (later := self._wait_of(one, now)) is not None:
            deliveries.put_back([one], later)
            self.report.put_back += 1
            return
        message_id = new_message_id(self.room.domain)
        try:
            made = self._made(one, now)
            letter = self._letter(one, made, message_id, now) if made else None
        except ValueError as error:  # of this one alone; the others go on
            log.error("%s could not be composed: %s", one.pk, error)
            self._close(one, Closing(DeliveryState.WAITING, f"It could not be composed: {error}"))
            return
        if letter is None:
            self._close(one, Closing(DeliveryState.EMPTY, "Nothing in it for this reader."))
            return
        if not deliveries.begin(one, message_id, now):
            return
        try:
            answer = post.send(letter)
        except PostDown as error:
            self._close(one, Closing(DeliveryState.WAITING, str(error)))
            self._count_down(error)
            return
        self.down = 0
        self._lately.setdefault(_domain_of(one.address), deque()).append(now)
        self._close(one, Closing(answer.state, answer.text))

    def _count_down(self, error: PostDown) -> None:
        self.down += 1
        if self.down >= MOST_DOWN:
            raise StepFailed(str(error)) from error

    def _close(self, one: Claimed, closing: Closing) -> None:
        if deliveries.close(one, closing, self.room.clock.now()):
            self.report.states[closing.state] += 1

    def _wait_of(self, one: Claimed, now: datetime) -> datetime | None:
        """When its domain may have the next mail; None: now."""
        lately = self._lately.get(_domain_of(one.address))
        while lately and lately[0] <= now - ONE_MINUTE:
            lately.popleft()
        return lately[0] + ONE_MINUTE if lately and len(lately) >= self.room.rate else None

    def _made(self, one: Claimed, now: datetime) -> Composed | None:
        """The same for all who chose the same, whatever their hour."""
        choice = replace(one.interest, often=Often.DAILY, hour=0, zone="UTC")
        key = (one.window, choice)
        if key not in self._composed:
            if len(self._composed) >= MOST_COMPOSED:
                self._composed.clear()
            self._composed[key] = self._compose(one.window, choice, now)
        return self._composed[key]

    def _compose(self, window: Window, choice: Interest, now: datetime) -> Composed | None:
        if window not in self._pools:
            self._pools[window] = pool_of(window)
        # A saved search needs the engine: pass `find`, which answers a query within the pool, here.
        digest = personal_digest(self._pools[window], choice, site_url=self.room.site_url, now=now)
        return composed(digest, has_html=choice.form is MailForm.HTML) if digest else None

    def _letter(self, one: Claimed, made: Composed, message_id: str, now: datetime) -> Letter:
        room = self.room
        envelope = Envelope(room.sender, one.address, message_id, now, room.domain)
        ways = ways_to_leave(room.site_url, room.bounces or room.sender, one.handle)
        mail = mail_of(made, envelope, ways)
        data = bytes(mail.message().as_bytes())
        name = f"{one.window.kind}-{one.window.start}-{one.pk}"
        return Letter(name, sender=self._sender_of(one), to=one.address, data=data)

    def _sender_of(self, one: Claimed) -> str:
        """Of the envelope."""
        bounces = self.room.bounces
        return verp.of_delivery(bounces, one.pk) if bounces else parseaddr(self.room.sender)[1]


def new_message_id(domain: str) -> str:
    """Short, so that no line of a header needs folding."""
    return f"<{secrets.token_hex(12)}@{domain}>"


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
