"""Downloads of claims: one at a time in each process, and none that a client holds open for ever."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from broadsheet.deliver.web import downloads, slot
from tests.deliver.claiming import claim, take_claims

pytestmark = pytest.mark.django_db

PATHS = ("/claims.jsonl", "/claims.csv")
Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """The server's end of a connection, and the client's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture(autouse=True)
def nothing_stays_taken() -> Iterator[None]:
    yield
    assert not slot._taken.locked()


def asked(path: str, **environ: Any) -> tuple[str, Any]:
    """As a WSGI server asks: the status, and what is to be read and closed."""
    told: list[str] = []

    def start(status: str, *_: Any) -> Any:
        told.append(status)

    parts = WSGIHandler()(RequestFactory().get(path, **environ).environ, start)
    return told[0], parts


def send(parts: Iterator[bytes], end: socket.socket) -> None:
    for part in parts:
        end.sendall(part)


@pytest.mark.parametrize("path", PATHS)
def test_a_second_download_is_asked_to_come_again(path: str) -> None:
    _, first = asked("/claims.csv")

    reply = Client().get(path)
    first.close()

    assert reply.status_code == 503
    assert reply["Retry-After"] == "60"
    assert "one download at a time" in reply.content.decode()
    assert not reply.has_header("Content-Disposition")


@pytest.mark.parametrize("taken", [0, 1, 99])
def test_however_a_download_ends_the_next_one_begins(taken: int) -> None:
    take_claims(claim())
    status, first = asked("/claims.csv")
    for _ in zip(range(taken), first, strict=False):
        pass

    first.close()
    first.close()

    status_then, then = asked("/claims.csv")
    assert (status, status_then) == ("200 OK", "200 OK")
    assert len(b"".join(then).splitlines()) == 2
    then.close()


def test_a_download_that_breaks_frees_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield {}
        raise OSError("The disk is gone")

    monkeypatch.setattr(downloads, "all_claims", broken)
    _, parts = asked("/claims.jsonl")

    with pytest.raises(OSError, match="disk"):
        list(parts)
    parts.close()


def test_a_download_that_is_thrown_away_frees_its_place() -> None:
    parts = slot.take(lambda: iter([b"x"]), None)

    del parts


def test_a_head_and_other_pages_take_no_place() -> None:
    _, first = asked("/claims.csv")

    assert Client().head("/claims.jsonl").status_code == 200
    assert Client().get("/healthz").status_code in (200, 503)
    assert Client().get("/").status_code == 200
    first.close()


def test_a_client_that_does_not_read_is_dropped(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = ends
    monkeypatch.setattr(slot, "STALLED_S", 0.05)
    monkeypatch.setattr(downloads, "all_claims", lambda: iter([{"quote": "x" * 10_000}] * 2_000))
    _, parts = asked("/claims.jsonl", **{"gunicorn.socket": ours})

    with pytest.raises(TimeoutError):
        send(parts, ours)
    parts.close()

    assert ours.recv(1) == b""  # shut, so that nobody waits for its last words
    assert theirs.recv(1) == b"{"


def test_a_connection_that_took_all_goes_on_as_before(ends: Ends) -> None:
    ours, theirs = ends
    take_claims(claim())
    _, parts = asked("/claims.jsonl", **{"gunicorn.socket": ours})
    assert ours.gettimeout() == slot.STALLED_S

    send(parts, ours)
    parts.close()
    ours.sendall(b"more")

    assert ours.gettimeout() is None
    assert theirs.recv(100_000).endswith(b"more")
