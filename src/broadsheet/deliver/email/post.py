"""How a mail leaves: as a file in the outbox, or in a dialogue with a mail server.

smtplib directly: Django's backend tells neither the answer's code nor whether the text had been handed over,
and both decide whether a mail may be tried again.
"""

import os
import re
import secrets
import smtplib
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from broadsheet.deliver.email import faults
from broadsheet.domain.subscription import DeliveryState
from broadsheet.lib.smtp_server import SmtpServer, Tls
from broadsheet.lib.text import plain_line, shortened

DEADLINE_S = 30.0  # for one answer, and for all answers to one mail together
LETTERS_A_LINE = 100  # then a new connection: some servers count
LONGEST_ANSWER = 500
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)


class PostDown(Exception):
    """No mail can leave now, whoever it is for; the message says why and what to do. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class Letter:
    name: str  # of its file in the outbox, without ending
    sender: str  # of the envelope
    to: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """SENT, WAITING (not now), REFUSED (never) or UNKNOWN (handed over, and no answer came)."""

    state: DeliveryState
    text: str = ""
    code: int = 0  # of SMTP; 0: the server said nothing


class Post(Protocol):
    def send(self, letter: Letter) -> Answer: ...  # raises PostDown

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder of .eml files, for their owner alone."""

    folder: Path

    def send(self, letter: Letter) -> Answer:
        path = self.folder / f"{letter.name}.eml"
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(letter.data)
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise PostDown(f"{self.folder} cannot be written to: {error.strerror}") from error
        return Answer(DeliveryState.SENT, f"written to {path.name}")

    def close(self) -> None:
        """Nothing is held open."""


class _Timed(smtplib.SMTP):
    """Waits for no answer beyond a deadline, however many answers there are."""

    deadline = float("inf")
    _host: str

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None and self.deadline != float("inf"):
            self.sock.settimeout(max(0.05, self.deadline - time.monotonic()))
        return super().getreply()


class _TimedTls(_Timed, smtplib.SMTP_SSL):
    pass


@dataclass
class SmtpPost:
    """One connection, kept for many mails and opened again when the server has left it."""

    server: SmtpServer
    own_name: str  # said in EHLO
    deadline_s: float = DEADLINE_S
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _line: _Timed | None = None
    _letters: int = 0

    def send(self, letter: Letter) -> Answer:
        if self._letters >= LETTERS_A_LINE:
            self.close()
        was_open = self._line is not None
        line = self._opened()
        self._letters += 1
        line.deadline = time.monotonic() + self.deadline_s
        try:
            answer = _handed_over(line, letter)
        except _Left as left:
            self._drop()
            if was_open and left.at_once:
                return self.send(letter)  # it had left between two mails, and has heard nothing of this one
            return Answer(left.state, left.text)
        if answer.code == faults.CLOSING:
            self._drop()
        return answer

    def greet(self) -> None:
        """Connect, encrypt and log in, and send nothing. Raises PostDown."""
        self._opened()
        self.close()

    def close(self) -> None:
        """Say goodbye; nothing depends on it."""
        line, self._line = self._line, None
        if line is None:
            return
        line.deadline = time.monotonic() + 1.0
        try:
            line.quit()
        except OSError:
            line.close()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _opened(self) -> _Timed:
        if self._line is None:
            self._line, self._letters = self._open(), 0
        return self._line

    def _open(self) -> _Timed:
        server, line = self.server, self._unconnected()
        try:
            code, text = line.connect(server.host, server.port)
            if code != faults.READY:
                raise smtplib.SMTPConnectError(code, text)
            line.ehlo_or_helo_if_needed()
            if server.tls is Tls.STARTTLS:
                line.starttls(context=self.context)
                line.ehlo_or_helo_if_needed()
            if server.user:
                line.login(server.user, server.password)
        except (OSError, ValueError) as error:  # SMTPException is an OSError too
            line.close()
            raise PostDown(faults.in_words(server, error)) from error
        return line

    def _unconnected(self) -> _Timed:
        line: _Timed
        if self.server.tls is Tls.IMPLICIT:
            line = _TimedTls(local_hostname=self.own_name, timeout=self.deadline_s, context=self.context)
        else:
            line = _Timed(local_hostname=self.own_name, timeout=self.deadline_s)
        line._host = self.server.host  # what TLS compares the certificate with
        return line


class _Left(Exception):
    """The connection broke, or no answer came in time."""

    def __init__(self, state: DeliveryState, text: str, *, at_once: bool = False) -> None:
        super().__init__(text)
        self.state, self.text, self.at_once = state, text, at_once


def _handed_over(line: _Timed, letter: Letter) -> Answer:
    """The dialogue of one mail. Raises _Left, and PostDown when the server will not have our sender."""
    place, is_over = "it was told of the sender", False
    try:
        code, text = line.mail(letter.sender, _options(line, letter))
        if code >= faults.NEVER:
            line.rset()
            raise PostDown(f"The mail server refuses the sender {letter.sender}: {_said(code, text)}")
        if code != faults.DONE:
            return _ended(line, code, text)
        place = "it was told of the address"
        code, text = line.rcpt(letter.to)
        if code not in (faults.DONE, faults.FORWARDED):
            return _ended(line, code, text)
        place = "the mail was handed over"
        code, text = line.docmd("data")
        if code != faults.GO_ON:
            return _ended(line, code, text)
        line.send(_dotted(letter.data))
        is_over = True  # only now can the server have all of it, and only its answer tells
        code, text = line.getreply()
        return _ended(line, code, text)
    except (smtplib.SMTPNotSupportedError, UnicodeError):
        line.rset()
        return Answer(DeliveryState.REFUSED, "The mail server cannot take addresses in other scripts.")
    except PostDown:
        raise
    except OSError as error:
        state = DeliveryState.UNKNOWN if is_over else DeliveryState.WAITING
        how = "gave no answer in time" if faults.is_timeout(error) else "closed the connection"
        when = "after it had all of the mail" if is_over else f"when {place}"
        at_once = place.endswith("sender") and not faults.is_timeout(error)
        raise _Left(state, f"The mail server {how}, {when}.", at_once=at_once) from error


def _ended(line: _Timed, code: int, text: bytes) -> Answer:
    if code == faults.DONE:
        return Answer(DeliveryState.SENT, _said(code, text), code)
    state = DeliveryState.REFUSED if code >= faults.NEVER else DeliveryState.WAITING
    if code != faults.CLOSING:
        try:
            line.rset()
        except OSError:
            line.close()  # the next mail finds it so, and opens another
    return Answer(state, _said(code, text), code)


def _options(line: smtplib.SMTP, letter: Letter) -> list[str]:
    options = ["BODY=8BITMIME"] if line.has_extn("8bitmime") else []
    return options if letter.to.isascii() else [*options, "SMTPUTF8"]


def _dotted(data: bytes) -> bytes:
    """As it goes over the line: CRLF, a dot before each dot that begins a line, one alone at the end."""
    lines = _LINE_END.sub(b"\r\n", data)
    return _DOT.sub(b"..", lines.removesuffix(b"\r\n")) + b"\r\n.\r\n"


def _said(code: int, text: bytes) -> str:
    return shortened(plain_line(f"{code} {text.decode(errors='replace')}"), LONGEST_ANSWER)
