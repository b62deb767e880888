"""The server beside clients that send half of a request, or a byte a second, or ten megabytes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.sites import own_site

BROADSHEET = str(Path(sys.executable).with_name("broadsheet"))
FORM = "application/x-www-form-urlencoded"
HEAD = f"Host: 127.0.0.1\r\nContent-Type: {FORM}\r\n"
HALVES = {
    "api": f"PATCH /api/v1/subscription HTTP/1.1\r\n{HEAD}Content-Length: 1000\r\n\r\n",
    "api, too long": f"PATCH /api/v1/subscription HTTP/1.1\r\n{HEAD}Content-Length: 90000000\r\n\r\n",
    "oai": f"POST /oai HTTP/1.1\r\n{HEAD}Content-Length: 1000\r\n\r\nverb=",
    "page": f"POST /subscribe HTTP/1.1\r\n{HEAD}Content-Length: 200000\r\n\r\naddress=",
    "chunks": f"POST /oai HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nverb",
    "head": f"GET / HTTP/1.1\r\n{HEAD}X-",
    "nothing": "",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    with own_site(tmp_path_factory.mktemp("site")) as site:
        env = {**site, "BROADSHEET_SAMPLE": "no", "BROADSHEET_WEB_PROCESSES": "2"}
        command = [BROADSHEET, "web", "--port", str(number)]
        with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as process:
            try:
                _wait_for(number)
                yield number
            finally:
                process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            return _get(port, "/")
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _get(port: int, path: str = "/about/ranking") -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    assert connection.getresponse().status == 200
    connection.close()


@contextmanager
def _connected(port: int, count: int, text: str) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        made = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=40))
            for _ in range(count)
        ]
        for one in made:
            one.sendall(text.encode())
        time.sleep(0.5)
        yield made


def _slowest(port: int, times: int = 5) -> float:
    found = []
    for _ in range(times):
        begun = time.monotonic()
        _get(port)
        found.append(time.monotonic() - begun)
    return max(found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", HALVES)
def test_half_requests_keep_nobody_waiting(port: int, kind: str) -> None:
    with _connected(port, 60, HALVES[kind]):
        assert _slowest(port) < 2.0
    assert _slowest(port) < 2.0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["api", "page", "head"])
def test_a_byte_a_second_keeps_nobody_waiting_and_is_told_when_it_is_too_late(port: int, kind: str) -> None:
    with _connected(port, 60, HALVES[kind]) as dripping:
        until = time.monotonic() + 28
        while time.monotonic() < until:
            for one in dripping:
                one.sendall(b"x")
            assert _slowest(port, 1) < 2.0
            time.sleep(1)
        assert dripping[0].recv(100).startswith(b"HTTP/1.1 408 Request Timeout\r\nConnection: close")


@pytest.mark.slow
def test_connections_without_end_make_way_for_new_ones(port: int) -> None:
    with _connected(port, 900, HALVES["head"]), _connected(port, 900, HALVES["head"]):
        assert _slowest(port) < 2.0


@pytest.mark.slow
def test_who_asks_on_and_reads_nothing_keeps_nobody_waiting(port: int) -> None:
    """What they are answered stays with the system, and their next requests with the loop."""
    pipelined = "GET /static/web/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 1_000
    with ExitStack() as stack:
        for _ in range(24):
            one = stack.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            one.connect(("127.0.0.1", port))
            one.sendall(pipelined.encode())
        time.sleep(3)
        assert _slowest(port) < 2.0
        time.sleep(3)
        assert _slowest(port) < 2.0


def test_requests_whose_answers_are_read_late_are_all_answered(port: int) -> None:
    with _connected(port, 1, "GET /static/web/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 30) as (line,):
        found = b""
        while found.count(b"HTTP/1.1 200 OK") < 30:
            found += line.recv(20_000)
            time.sleep(0.005)


def test_a_slow_but_honest_form_is_answered(port: int) -> None:
    with _connected(port, 1, f"POST /oai HTTP/1.1\r\n{HEAD}Content-Length: 2013\r\n\r\n") as (phone,):
        phone.sendall(b"verb=Identify")
        for _ in range(20):
            time.sleep(0.1)
            phone.sendall(b" " * 100)
        reply = phone.recv(100_000)

    assert reply.startswith(b"HTTP/1.1 200 OK")


def test_requests_on_one_connection_are_all_answered(port: int) -> None:
    one = f"POST /oai HTTP/1.1\r\n{HEAD}Content-Length: 13\r\n\r\nverb=Identify"
    with _connected(port, 1, one + one + "GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") as (line,):
        found = b""
        while b"404 Not Found" not in found:
            found += line.recv(100_000)

    assert found.count(b"HTTP/1.1 200 OK") == 2


def test_who_asks_before_sending_is_told_to_go_on_or_why_not(port: int) -> None:
    start = f"PATCH /api/v1/subscription HTTP/1.1\r\n{HEAD}Expect: 100-continue\r\nContent-Length: "
    with _connected(port, 1, f"{start}5\r\n\r\n") as (line,):
        assert line.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"hello")
        assert line.recv(1000).startswith(b"HTTP/1.1 401 ")
    with _connected(port, 1, f"{start}10000000\r\n\r\n") as (line,):
        assert line.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(("mebibytes", "path"), [(10, "/api/v1/subscription"), (10, "/oai"), (30, "/mcp")])
def test_who_sends_far_too_much_reads_why_it_is_not_taken(port: int, mebibytes: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, os.urandom(mebibytes << 20), {"Content-Type": FORM})

    assert 400 <= connection.getresponse().status < 500
    connection.close()


def test_a_head_without_end_is_refused(port: int) -> None:
    with _connected(port, 1, "GET / HTTP/1.1\r\nX: " + "x" * 70_000) as (line,):
        assert line.recv(1000).startswith(b"HTTP/1.1 431 ")


def test_a_body_that_its_head_hides_is_no_second_request(port: int) -> None:
    hidden = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for lengths in (f"Transfer-Encoding: chunked\r\nContent-Length: {len(hidden)}", "Content-Length : 5"):
        with _connected(port, 1, f"POST /oai HTTP/1.1\r\n{HEAD}{lengths}\r\n\r\n{hidden}") as (line,):
            found = b""
            while piece := line.recv(100_000):
                found += piece

        assert found.count(b"HTTP/1.1 ") == 1
