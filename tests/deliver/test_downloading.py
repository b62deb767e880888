"""Downloads of claims: what they hold, one at a time in each process, and none held open for ever."""

import csv
import json
import socket
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from broadsheet.deliver import tables
from broadsheet.deliver.web import downloads, slot
from broadsheet.lib.text import without_controls
from broadsheet.store import claims
from tests.connections import staying_open
from tests.deliver.claiming import claim, hostile, take_claims

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
def connections_stay_open() -> Iterator[None]:
    with staying_open():
        yield


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


def body(path: str) -> str:
    _, parts = asked(path)
    told = b"".join(parts).decode()
    parts.close()
    return told


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


def test_all_claims_are_told_as_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "AT_ONCE", 3)
    for number in range(1, 6):
        take_claims(claim(), claim("runs 3.3x faster", metric="pace"), number=number)

    told = [json.loads(line) for line in body("/claims.jsonl").splitlines()]

    assert [(one["paper"], one["metric"]) for one in told] == [
        (f"2605.{number:05}", metric) for number in range(1, 6) for metric in ("pace", "faster")
    ]
    assert told[0]["value"] == 3.3
    assert told[1]["baseline"] == "SlowNet"


@pytest.mark.parametrize(
    "sign",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\tx", " =1", "＝1", "＋1", "－1", "＠x", "﹦1"),
        *("\u00a0=1", "\u3000=1", "\u2003\u00a0＝1", "\u200b=1", "\ufeff@x", "\r\n=1", "\x00=1"),
    ],
)
def test_a_spreadsheet_finds_no_formula(sign: str) -> None:
    assert tables._cell(f"{sign} and more") == f"'{without_controls(sign)} and more"
    take_claims(*hostile(sign))

    header, row = csv.reader(StringIO(body("/claims.csv")))

    told = dict(zip(header, row, strict=True))
    assert not told["subject"].lstrip().startswith(("=", "+", "-", "@", "\t"))
    assert told["value"] == "3.3"
    assert told["is_corrected"] == "no"


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "QuickNet", "a = b", "深度＝1", "1.5", "‐x"])
def test_other_text_stays_as_it_is_in_a_spreadsheet(text: str) -> None:
    assert tables._cell(text) == text


@pytest.mark.parametrize("path", ["/claims.jsonl", "/claims.csv"])
def test_a_download_asked_for_its_head_alone_reads_nothing(
    path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert Client().head(path).status_code == 200
    assert Client().post(path).status_code == 405
