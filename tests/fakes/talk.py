"""A mail server of a few lines that answers as it is told, and counts how often it had to wait for us."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

USUAL = {"EHLO": "250 2.0.0 hello", "MAIL": "250 OK", "RCPT": "250 OK", "DATA": "354 Go on", ".": "250 Taken"}


@dataclass
class Talk:
    """`answers`: of each command the next ones, then the usual; "" leaves without a word."""

    offers: tuple[str, ...] = ("PIPELINING", "8BITMIME")
    answers: dict[str, list[str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)  # commands, without what is in mails
    mails: list[list[str]] = field(default_factory=list)  # ended by their dot, whatever was answered
    wait_s: float = 0.0  # before it listens again, as if it were far away
    turns: int = 0  # how often it had answered all it knew, and then heard more
    calls: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=no"

    def answer(self, command: str) -> str:
        told = self.answers.get(command)
        if told:
            return told.pop(0)
        if command == "EHLO":
            return "\r\n".join(["250-here", *(f"250-{name}" for name in self.offers), "250 HELP"])
        return USUAL.get(command, "250 OK")


def _serve(talk: Talk, listener: socket.socket) -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        talk.calls += 1
        with line, suppress(OSError):  # who has hung up hears no answer
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.sendall(b"220 here\r\n")
            _converse(talk, line)


def _converse(talk: Talk, line: socket.socket) -> None:
    mail: list[str] | None = None  # what has come of it
    rest = b""
    while True:
        time.sleep(talk.wait_s)
        heard = line.recv(1 << 20)
        if not heard:
            return
        talk.turns += 1
        *lines, rest = (rest + heard).split(b"\r\n")
        for raw in lines:
            text = raw.decode()
            if mail is not None and text != ".":
                mail.append(text)
                continue
            command = "." if mail is not None else text.partition(" ")[0].upper()
            if mail is not None:
                talk.mails.append(mail)
            answer = talk.answer(command)
            mail = [] if answer.startswith("354") else None
            talk.heard.append(command)
            if not answer:
                return
            line.sendall(f"{answer}\r\n".encode())


@contextmanager
def run_talk(talk: Talk) -> Iterator[Talk]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        talk.port = listener.getsockname()[1]
        Thread(target=_serve, args=(talk, listener), daemon=True).start()
        yield talk
        listener.shutdown(socket.SHUT_RDWR)
