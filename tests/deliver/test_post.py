"""The dialogue with a mail server: kept open, encrypted, and told apart answer by answer."""

import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet.deliver.email.post import Letter, Post, PostDown, SmtpPost
from broadsheet.domain.subscription import DeliveryState
from broadsheet.lib import smtp_server
from broadsheet.lib.smtp_server import SmtpServer, Tls
from tests.fakes.mail import MailServer, run_mail_server

TEXT = b"Subject: dots\n\n.one\n..two\n.\nthe end\n"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with run_mail_server(stall_s=1.0) as running:
        yield running


@pytest.fixture
def post(server: MailServer) -> Iterator[SmtpPost]:
    made = SmtpPost(smtp_server.read(server.url), "papers.example.org", deadline_s=0.3)
    yield made
    made.close()


def letter(to: str = "ok-1@example.org", data: bytes = TEXT) -> Letter:
    return Letter("a", "digest@papers.example.org", to, data)


def state_of(post: Post, to: str) -> DeliveryState:
    return post.send(letter(to)).state


def test_dots_and_line_ends_arrive_as_they_were(server: MailServer, post: SmtpPost) -> None:
    post.send(letter())

    assert server.mails["ok-1@example.org"] == TEXT.replace(b"\n", b"\r\n")


def test_one_connection_serves_many_mails_and_their_refusals(server: MailServer, post: SmtpPost) -> None:
    states = [state_of(post, f"{kind}-1@example.org") for kind in ("ok", "no", "ok", "grey", "spam", "ok")]

    assert states == ["sent", "refused", "sent", "waiting", "refused", "sent"]
    assert server.connections == 1


def test_a_server_that_left_between_two_mails_is_called_again(server: MailServer, post: SmtpPost) -> None:
    post.send(letter())
    server.hang_up()

    assert state_of(post, "ok-2@example.org") == DeliveryState.SENT
    assert server.taken == {"ok-1@example.org": 1, "ok-2@example.org": 1}


@pytest.mark.parametrize(
    ("kind", "state"),
    [("stall", "waiting"), ("drop", "waiting"), ("stallafter", "unknown"), ("dropafter", "unknown")],
)
def test_silence_is_told_apart_by_what_the_server_had(post: SmtpPost, kind: str, state: str) -> None:
    assert state_of(post, f"{kind}-1@example.org") == state
    assert state_of(post, "ok-1@example.org") == DeliveryState.SENT


def test_an_address_in_another_script_is_refused_where_the_server_cannot_take_it(
    server: MailServer, post: SmtpPost
) -> None:
    assert state_of(post, "jörg@example.org") == DeliveryState.REFUSED
    assert state_of(post, "ok-1@example.org") == DeliveryState.SENT


def test_a_line_break_in_an_address_reaches_no_server(server: MailServer, post: SmtpPost) -> None:
    with suppress(ValueError):
        post.send(letter("a@example.org>\r\nRCPT TO:<b@example.org"))

    assert "b@example.org" not in server.asked
    assert not any("\n" in address for address in server.asked)


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_a_password_goes_over_tls_alone(tls: Tls, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    with run_mail_server(tls=tls, certificate=certificate) as server:
        at = SmtpServer("localhost", server.port, tls, "me", "right")
        post = SmtpPost(at, "papers.example.org", context=context)
        assert state_of(post, "ok-1@example.org") == DeliveryState.SENT
        post.close()
        with pytest.raises(PostDown, match="refused user and password: 535"):
            SmtpPost(replace(at, password="wrong"), "a", context=context).send(letter())
        with pytest.raises(PostDown, match="a certificate that does not hold"):
            SmtpPost(at, "a").send(letter())


def test_tls_where_none_is_spoken_names_the_other_way(server: MailServer) -> None:
    with pytest.raises(PostDown, match="Try tls=starttls"):
        SmtpPost(SmtpServer("127.0.0.1", server.port, Tls.IMPLICIT), "a").send(letter())


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.org",
        "smtp://",
        "smtp://h:port",
        "smtp://h?tls=maybe",
        "smtp://h?tsl=no",
        "smtp://h/inbox",
        "smtp://me:a#b@h",
        "smtp://me:secret@mail.example.org?tls=no",
    ],
)
def test_an_address_that_cannot_be_used_says_so_without_its_password(url: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        smtp_server.read(url)

    assert "secret" not in str(raised.value)


def test_ports_follow_the_way_of_tls() -> None:
    assert [smtp_server.read(f"smtp://h?tls={tls}").port for tls in Tls] == [587, 465, 25]
