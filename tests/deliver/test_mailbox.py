"""The way into a mailbox: over TLS, with patience that ends, and faults in words without the password."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest

from broadsheet.deliver.email import mailbox
from broadsheet.deliver.email.mailbox import MailboxDown
from broadsheet.lib import imap_server
from broadsheet.lib.imap_server import ImapServer
from tests.fakes.imap import PASSWORD, PROGRAM, ImapFake, run_imap_server

needs_dovecot = pytest.mark.skipif(
    not PROGRAM and not os.environ.get("CI"), reason="there is no dovecot here"
)


@contextmanager
def says(greeting: bytes) -> Iterator[ImapServer]:
    """A server that says one thing and then nothing more."""
    with create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                line.sendall(greeting)
                while line.recv(1_000):  # until the other end leaves
                    pass

        Thread(target=answer, daemon=True).start()
        yield ImapServer("127.0.0.1", listening.getsockname()[1], False, "me", "s3cret", "INBOX")


def fault(server: ImapServer, patience_s: float = 0.3) -> str:
    with pytest.raises(MailboxDown) as raised, mailbox.opened(server, patience_s=patience_s):
        pass
    assert "s3cret" not in str(raised.value)
    return str(raised.value)


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    with says(b"") as server:
        assert fault(server) == f"{server} did not answer in time."
    with says(b"* OK ready\r\n") as server:
        assert "did not answer in time" in fault(server)


def test_a_server_that_is_not_there_or_speaks_otherwise_is_told_in_words() -> None:
    with says(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        told = fault(server)
    assert told.startswith(f"{server}")
    assert "cannot be reached" in fault(server)


@pytest.mark.parametrize(
    "url",
    [
        "http://me:secret@h",
        "imaps://h/INBOX",
        "imaps://me@h",
        "imaps://me:secret@h:port",
        "imaps://me:sec#ret@h",
        "imaps://me:secret@h/INBOX?tls=no",
        "imap://me:secret@mail.example.org",
        "imaps://me:secret%0a@h",
        "imaps://me:secret@[::1",
    ],
)
def test_an_address_that_cannot_be_used_says_so_without_its_password(url: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        imap_server.read(url)

    assert "secret" not in str(raised.value)


@pytest.fixture(scope="module")
def dovecot(certificate: Path) -> Iterator[ImapFake]:
    with run_imap_server(certificate) as fake:
        yield fake


@pytest.mark.slow
@needs_dovecot
def test_the_password_goes_over_tls_and_the_certificate_must_hold(
    dovecot: ImapFake, certificate: Path
) -> None:
    context = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    server = ImapServer("localhost", dovecot.tls_port, True, dovecot.user, PASSWORD, "INBOX")

    with mailbox.opened(server, context=context) as box:
        assert box.validity > 0
    assert "a certificate that does not hold" in fault(server, 5)
    missing = ImapServer("localhost", dovecot.port, False, dovecot.user, PASSWORD, "Not there")
    assert "doesn't exist" in fault(missing, 5)


@pytest.mark.slow
@needs_dovecot
@pytest.mark.parametrize("can", [(), ("UIDPLUS",)])
def test_a_server_that_cannot_move_is_helped_and_throws_nothing_else_away(
    dovecot: ImapFake, can: tuple[str, ...]
) -> None:
    dovecot.empty()
    dovecot.put(b"Subject: thrown away\r\n\r\n", flags=r"\Deleted")
    dovecot.put(b"Subject: ours\r\n\r\n", b"Subject: another\r\n\r\n")

    with mailbox.opened(imap_server.read(dovecot.url), done="Read") as box:
        box.line.client.capabilities = can
        box.put_away(box.unread(0)[1])

    left = {(): [r"\Deleted", r"\Deleted \Seen", ""], ("UIDPLUS",): [r"\Deleted", ""]}
    assert [set(one.split()) for one in dovecot.flags()] == [set(one.split()) for one in left[can]]
    assert dovecot.flags("Read")[-1] == r"\Seen"
