"""How a mail leaves: as a file in the outbox, or in a dialogue with a mail server.

smtplib directly: Django's backend tells neither the answer's code nor whether the text had been handed over,
and both decide whether a mail may be tried again.

Where the server offers it (RFC 2920), the three commands of an envelope go in one write, and those of the
next mail right behind the end of the one before: a mail then costs one round trip instead of four. Nothing is
risked: a server that has an envelope has no mail yet, and forgets it when the connection ends.
"""

import os
import re
import secrets
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from broadsheet.deliver.email import faults
from broadsheet.domain.refusal import is_ours
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
    def send(self, letter: Letter, then: Letter | None = None) -> Answer:
        """Hand over one mail; `then`: the one that probably follows. Raises PostDown."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder of .eml files, for their owner alone."""

    folder: Path

    def send(self, letter: Letter, then: Letter | None = None) -> Answer:
        path = self.folder / f"{letter.name}.eml"
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(letter.data)
                file.flush()
                os.fsync(file.fileno())  # what is said to be sent outlives a power cut
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise PostDown(f"{self.folder} cannot be written to: {error.strerror}") from error
        return Answer(DeliveryState.SENT, f"written to {path.name}")

    def close(self) -> None:
        """Nothing is held open."""


class _Line(smtplib.SMTP):
    """A connection that waits for no answer beyond a deadline, however many answers there are."""

    deadline = float("inf")
    ahead: Letter | None = None  # its envelope was said, and the answers to it wait to be read
    is_stale = False  # the last mail was refused: RSET goes before the next
    is_broken = False  # something was said in part: no more can be
    _host: str

    @property
    def is_grouping(self) -> bool:
        return bool(self.has_extn("pipelining"))

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None and self.deadline != float("inf"):
            self.sock.settimeout(max(0.05, self.deadline - time.monotonic()))
        return super().getreply()

    def close(self) -> None:
        self.ahead = None
        super().close()

    def say_ahead(self, letter: Letter) -> None:
        """Never raises: what cannot be said now fails in words when its own turn comes."""
        try:
            said = b"".join(_envelope(self, letter))
        except (smtplib.SMTPNotSupportedError, ValueError):
            return
        if self.sock is None:
            return
        try:
            self.sock.sendall(said)  # send() would close, and there is an answer to be read
            self.ahead = letter
        except OSError:
            self.is_broken = True


class _TlsLine(_Line, smtplib.SMTP_SSL):
    pass


@dataclass
class SmtpPost:
    """One connection, kept for many mails and opened again when the server has left it."""

    server: SmtpServer
    own_name: str  # said in EHLO
    deadline_s: float = DEADLINE_S
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _line: _Line | None = None
    _letters: int = 0

    def send(self, letter: Letter, then: Letter | None = None) -> Answer:
        if self._waits_for_another(letter):
            self._drop()  # nothing but a broken line takes that back
        if self._letters >= LETTERS_A_LINE:
            self.close()
        was_open = self._line is not None
        line = self._opened()
        self._letters += 1
        line.deadline = time.monotonic() + self.deadline_s
        try:
            answer = _handed_over(line, letter, then if self._letters < LETTERS_A_LINE else None)
        except _Left as left:
            self._drop()
            if was_open and left.at_once:
                return self.send(letter, then)  # it left between two mails, and has heard nothing of this one
            return Answer(left.state, left.text)
        if answer.code == faults.CLOSING or line.is_broken:
            self._drop()
        if answer.state is DeliveryState.REFUSED and is_ours(answer.text):
            meaning = faults.explained(answer.code, answer.text)
            raise PostDown(
                f"{self.server.host} does not carry our mail: {answer.text.rstrip('.')}. {meaning}"
            )
        return answer

    def _waits_for_another(self, letter: Letter) -> bool:
        ahead = self._line.ahead if self._line is not None else None
        return ahead is not None and ahead is not letter

    def greet(self) -> None:
        """Connect, encrypt and log in, and send nothing. Raises PostDown."""
        self._opened()
        self.close()

    def close(self) -> None:
        """Say goodbye; nothing depends on it."""
        line = self._line
        if line is None or line.ahead is not None:  # who waits for a text would take QUIT for its first line
            self._drop()
            return
        self._line = None
        line.deadline = time.monotonic() + 1.0
        try:
            line.quit()
        except OSError:
            line.close()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _opened(self) -> _Line:
        if self._line is None:
            self._line, self._letters = self._open(), 0
        return self._line

    def _open(self) -> _Line:
        server, line = self.server, self._unconnected()
        try:
            code, text = line.connect(server.host, server.port)
            if code != faults.READY:
                raise smtplib.SMTPConnectError(code, text)
            if line.sock is not None:  # or an envelope would wait until the mail before it is acknowledged
                line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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

    def _unconnected(self) -> _Line:
        line: _Line
        if self.server.tls is Tls.IMPLICIT:
            line = _TlsLine(local_hostname=self.own_name, timeout=self.deadline_s, context=self.context)
        else:
            line = _Line(local_hostname=self.own_name, timeout=self.deadline_s)
        line._host = self.server.host  # what TLS compares the certificate with
        return line


class _Left(Exception):
    """The connection broke, or no answer came in time."""

    def __init__(self, state: DeliveryState, text: str, *, at_once: bool = False) -> None:
        super().__init__(text)
        self.state, self.text, self.at_once = state, text, at_once


@dataclass
class _Stage:
    """How far one mail has come, for the words of what goes wrong."""

    place: str = "it was told of the sender"
    is_over: bool = False  # only then can the server have all of it, and only its answer tells


_PLACES = (_Stage().place, "it was told of the address", "the mail was handed over")
_WANTED = ((faults.DONE,), (faults.DONE, faults.FORWARDED), (faults.GO_ON,))


def _handed_over(line: _Line, letter: Letter, then: Letter | None) -> Answer:
    """The dialogue of one mail. Raises _Left, and PostDown when the server will not have our sender."""
    try:
        said = _envelope(line, letter)
    except smtplib.SMTPNotSupportedError:
        return Answer(DeliveryState.REFUSED, "The mail server cannot take addresses in other scripts.")
    except ValueError:
        return Answer(DeliveryState.REFUSED, "The address has signs that mail cannot be sent with.")
    stage = _Stage()
    try:
        if (refused := _introduced(line, letter, said, stage)) is not None:
            return refused
        line.send(_dotted(letter.data))
        stage.is_over = True
        if then is not None and line.is_grouping:
            line.say_ahead(then)
        code, text = line.getreply()
    except OSError as error:
        state = DeliveryState.UNKNOWN if stage.is_over else DeliveryState.WAITING
        how = "gave no answer in time" if faults.is_timeout(error) else "closed the connection"
        when = "after it had all of the mail" if stage.is_over else f"when {stage.place}"
        at_once = stage.place == _PLACES[0] and not faults.is_timeout(error)
        raise _Left(state, f"The mail server {how}, {when}.", at_once=at_once) from error
    answer = _answer(code, text)
    if answer.state is DeliveryState.UNKNOWN:
        line.close()
    elif answer.state is not DeliveryState.SENT and line.ahead is None:
        _start_over(line, code)
    return answer


def _envelope(line: _Line, letter: Letter) -> list[bytes]:
    """What is said before the text, and RSET where the server still holds a refused mail."""
    options = ["BODY=8BITMIME"] if line.has_extn("8bitmime") else []
    if not (letter.to + letter.sender).isascii():
        if not line.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError
        options.append("SMTPUTF8")
    sender, to = smtplib.quoteaddr(letter.sender), smtplib.quoteaddr(letter.to)
    commands = [" ".join([f"MAIL FROM:{sender}", *options]), f"RCPT TO:{to}", "DATA"]
    if any(not command.isprintable() for command in commands):
        raise ValueError("a line break in an address")
    return [f"{command}\r\n".encode() for command in commands]


def _introduced(line: _Line, letter: Letter, said: list[bytes], stage: _Stage) -> Answer | None:
    """Why the server will not have this mail; None: it waits for the text."""
    if line.is_grouping:
        _group(line, letter, said)
    codes: list[int] = []
    for place, command, wanted in zip(_PLACES, said, _WANTED, strict=True):
        stage.place = place
        if not line.is_grouping:
            line.send(command)
        code, text = line.getreply()
        codes.append(code)
        if code not in wanted:
            _take_back(line, codes)
            return _refusal(letter, place, code, text)
    return None


def _refusal(letter: Letter, place: str, code: int, text: bytes) -> Answer:
    is_for_good = code >= faults.NEVER
    if is_for_good and place == _PLACES[0]:
        raise PostDown(f"The mail server refuses the sender {letter.sender}: {_said(code, text)}")
    return Answer(DeliveryState.REFUSED if is_for_good else DeliveryState.WAITING, _said(code, text), code)


def _group(line: _Line, letter: Letter, said: list[bytes]) -> None:
    """All of an envelope in one write, unless it has been said."""
    is_said, line.ahead = line.ahead is letter, None
    if is_said:
        return
    if line.is_stale:
        said = [b"RSET\r\n", *said]
    line.send(b"".join(said))
    if line.is_stale:
        line.getreply()
        line.is_stale = False


def _take_back(line: _Line, codes: list[int]) -> None:
    """Read what else the server says of a refused envelope. One that takes DATA all the same gets an empty
    mail (RFC 2920, 3.1), but never where it might have somebody to deliver that to."""
    if codes[-1] < faults.LATER:
        line.close()  # neither yes nor no: no more is said to such a server
        return
    try:
        while line.is_grouping and codes[-1] != faults.CLOSING and len(codes) < len(_WANTED):
            codes.append(line.getreply()[0])
        if len(codes) == len(_WANTED) and codes[-1] == faults.GO_ON:
            if codes[1] < faults.LATER:
                line.close()
                return
            line.send(b".\r\n")
            line.getreply()
    except OSError:
        line.close()  # the next mail finds it so, and opens another
        return
    _start_over(line, codes[-1])


def _start_over(line: _Line, code: int) -> None:
    if code == faults.CLOSING:
        return
    if line.is_grouping:
        line.is_stale = True
        return
    try:
        line.rset()
    except OSError:
        line.close()  # as above


def _answer(code: int, text: bytes) -> Answer:
    """To the whole mail. What is neither yes nor no may have been a yes."""
    state = DeliveryState.UNKNOWN
    if faults.OK <= code < faults.OK + 100:
        state = DeliveryState.SENT
    elif code >= faults.LATER:
        state = DeliveryState.REFUSED if code >= faults.NEVER else DeliveryState.WAITING
    return Answer(state, _said(code, text), code)


def _dotted(data: bytes) -> bytes:
    """As it goes over the line: CRLF, a dot before each dot that begins a line, one alone at the end."""
    lines = _LINE_END.sub(b"\r\n", data)
    return _DOT.sub(b"..", lines.removesuffix(b"\r\n")) + b"\r\n.\r\n"


def _said(code: int, text: bytes) -> str:
    return shortened(plain_line(f"{code} {text.decode(errors='replace')}"), LONGEST_ANSWER)
