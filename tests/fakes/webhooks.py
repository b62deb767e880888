"""Receivers of webhooks on loopback, faults included, and webhooks that lead to them."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import Interest
from broadsheet.domain.webhook import Form, Target
from broadsheet.jobs import pushing
from broadsheet.jobs.pushing import Room
from broadsheet.lib.outgoing import Sender
from broadsheet.lib.standard_webhooks import new_secret
from broadsheet.store import webhooks
from tests.fakes.clock import FakeClock
from tests.fakes.upstream import Answer, Upstream

MADE_AT = datetime(2026, 5, 22, 12, tzinfo=UTC)  # while the edition of the day is open
CLOSED_AT = datetime(2026, 5, 24, 7, tzinfo=UTC)
SITE = "https://papers.example.org"
BOT = "123456:ABCdefGHIjklMNOpqrSTUvwx"
ROOM = "!abc:example.org"
CHAT = "-100123"


@dataclass
class Hooked:
    """A site whose webhooks lead to one receiver."""

    receiver: Upstream
    clock: FakeClock = field(default_factory=lambda: FakeClock(CLOSED_AT))
    secret: str = field(default_factory=new_secret)

    def add(self, name: str = "lab", form: Form = Form.JSON, path: str = "/hook", **chosen: Any) -> int:
        every = chosen.pop("every", WindowKind.DAY)
        made_at = chosen.pop("made_at", MADE_AT)
        return webhooks.make(name, self.target(form, path), every, Interest(**chosen), made_at)

    def target(self, form: Form = Form.JSON, path: str = "/hook") -> Target:
        url = self.receiver.url
        if form is Form.TELEGRAM:
            return Target(form, url, CHAT, BOT)
        if form is Form.MATRIX:
            return Target(form, url, ROOM, "syt_secret")
        return Target(form, url + path, secret=self.secret if form is Form.JSON else "")

    def room(self, **more: Any) -> Room:
        return Room(sender(), self.clock, SITE, **more)

    def push(self, **more: Any) -> pushing.Report:
        return pushing.push_due(self.room(**more), lambda: True)

    def push_after(self, wait: timedelta, **more: Any) -> pushing.Report:
        self.clock.at += wait
        return self.push(**more)

    @property
    def bodies(self) -> list[Any]:
        return [orjson.loads(asked.body) for asked in self.receiver.requests]


CERTIFICATES = ssl.create_default_context()


def sender(**more: Any) -> Sender:
    return Sender(own_hosts=frozenset({"127.0.0.1"}), certificates=CERTIFICATES, **more)


def answers(status: int, body: bytes = b"", **headers: str) -> Answer:
    return Answer(body, status, {name.replace("_", "-"): value for name, value in headers.items()})
