"""A mail server on loopback that answers as the address asks: ok-1@, grey-2@, no-3@, dropafter-4@ …

It keeps what it has taken, and what it has taken without saying so.
"""

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from broadsheet.lib.smtp_server import Tls

BEFORE = {
    "grey": "451 4.7.1 Greylisted, try again",
    "no": "550 5.1.1 No such user",
    "relay": "554 5.7.1 Relay access denied",
}
AFTER = {
    "limit": "550 5.4.5 Daily user sending limit exceeded",
    "full": "452 4.2.2 Over quota",
    "spam": "554 5.7.9 Not wanted here",
}


@dataclass
class MailServer:
    """What it took, by address; `silent`: taken, and then neither `250` nor anything else was said."""

    stall_s: float = 0.5
    slow_s: float = 0.0  # between having all of a mail and saying so
    port: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    mails: dict[str, bytes] = field(default_factory=dict)
    senders: dict[str, str] = field(default_factory=dict)  # of the envelope, by address
    connections: int = 0
    keeps: bool = True  # False: only counts what it takes
    pipelines: bool = False  # offers RFC 2920
    is_open: bool = True  # False: every greeting is a 421

    servers: list[SMTP] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def hang_up(self) -> None:
        """Leave all who are connected."""
        assert self.loop is not None
        done = Event()
        for server in self.servers:
            if server.transport is not None:
                self.loop.call_soon_threadsafe(_hang_up, server)
        self.loop.call_soon_threadsafe(done.set)
        done.wait(10)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=no"

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelines else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.is_open:
            return "550 5.7.1 Sender not allowed"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        kind, is_first = _kind(address), not self.asked[address]
        self.asked[address] += 1
        if kind in BEFORE and (is_first or kind != "grey"):
            return BEFORE[kind]
        if kind == "busy" and is_first:
            assert self.loop is not None
            self.loop.call_later(0.01, _hang_up, server)
            return "421 4.3.2 Too much to do"
        if kind == "drop" and is_first:
            _hang_up(server)
        if kind == "stall" and is_first:
            await asyncio.sleep(self.stall_s)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        kind, is_first = _kind(address), self.asked[address] == 1
        if kind in AFTER and (is_first or kind != "full"):
            return AFTER[kind]
        self.taken[address] += 1
        assert isinstance(envelope.content, bytes)
        if self.keeps:
            self.mails[address] = envelope.content
        self.senders[address] = envelope.mail_from or ""
        await asyncio.sleep(self.slow_s)
        if kind == "dropafter":
            self.silent[address] += 1
            _hang_up(server)
        if kind == "stallafter":
            self.silent[address] += 1
            await asyncio.sleep(self.stall_s)
        return "250 OK"


def _kind(address: str) -> str:
    return address.partition("-")[0]


def _password(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"right", handled=False)


def _hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.WriteTransport):  # else the other side was first
        server.transport.abort()


@contextmanager
def run_mail_server(
    stall_s: float = 0.5, slow_s: float = 0.0, tls: Tls = Tls.NO, certificate: Path | None = None
) -> Iterator[MailServer]:
    """With STARTTLS it wants a login first. The password of every user is "right"."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every word
    mail = MailServer(stall_s, slow_s)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if certificate else None
    if context and certificate:
        context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def made() -> SMTP:
        server = SMTP(
            mail,
            hostname="127.0.0.1",
            loop=loop,
            tls_context=context if tls is Tls.STARTTLS else None,
            authenticator=_password,
            auth_required=tls is Tls.STARTTLS,
            auth_require_tls=tls is Tls.STARTTLS,
        )
        mail.servers.append(server)
        return server

    async def start() -> asyncio.Server:
        return await loop.create_server(made, "127.0.0.1", 0, ssl=context if tls is Tls.IMPLICIT else None)

    async def end(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    mail.loop, mail.port = loop, server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        asyncio.run_coroutine_threadsafe(end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
