"""`broadsheet up` as a real process: it serves, it tends its children, and it leaves none behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

import httpx
import pytest

from tests.sites import ROOT, own_site

pytestmark = pytest.mark.slow
PATIENCE_S = 60.0  # on a busy machine; the usual is 5
STOPS_WITHIN_S = 15.0


@dataclass
class Site:
    process: subprocess.Popen[str]
    url: str
    lines: "Queue[str]"

    def line_with(self, part: str) -> str:
        """The next line that holds a text, from either output."""
        deadline = time.monotonic() + PATIENCE_S
        seen: list[str] = []
        while time.monotonic() < deadline:
            try:
                seen.append(self.lines.get(timeout=1))
            except Empty:
                continue
            if part in seen[-1]:
                return seen[-1]
        raise AssertionError(f"no line with {part!r} in {seen}")

    def children(self, name: str) -> list[int]:
        """The processes that `up` started under a name; not those that gunicorn forked."""
        asked = ["pgrep", "-P", str(self.process.pid), "-f", f"cli.main {name}"]
        return [
            int(pid)
            for pid in subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
        ]

    def family(self) -> list[int]:
        asked = ["pgrep", "-f", f"follow {self.process.pid}$"]
        return [
            int(pid)
            for pid in subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
        ]


@contextmanager
def running(env: dict[str, str]) -> Iterator[Site]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "broadsheet.cli.main", "up", "--port", str(port)],
        env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    lines: Queue[str] = Queue()
    assert process.stdout is not None
    reader = Thread(target=_pass_on, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        yield Site(process, f"http://127.0.0.1:{port}", lines)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join(timeout=10)
        process.stdout.close()


def _pass_on(output: IO[str], lines: "Queue[str]") -> None:
    for line in output:
        lines.put(line)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def eventually(is_so: Callable[[], object], within_s: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    with own_site(tmp_path) as env:
        yield env


def test_the_first_start_serves_the_sample_and_makes_its_owner(env: dict[str, str], tmp_path: Path) -> None:
    with running(env) as site:
        link = site.line_with("/owner/claim?token=").strip()
        last = site.line_with("The front page is at")

        front = httpx.get(site.url)

        assert front.status_code == 200
        assert len(set(re.findall(r'href="(/paper/[^"?#]+)"', front.text))) >= 30
        assert site.url in last
        assert httpx.get(link).status_code == 200
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_processes_within_seconds(env: dict[str, str], number: signal.Signals) -> None:
    with running(env) as site:
        site.line_with("The front page is at")
        assert eventually(lambda: site.children("web") and site.children("worker"))

        site.process.send_signal(number)

        assert site.process.wait(timeout=STOPS_WITHIN_S) == 0
        assert site.family() == []


@pytest.mark.parametrize(
    ("name", "command"), [("worker", "worker --without digest"), ("post", "worker --only digest")]
)
def test_a_killed_worker_is_started_again(env: dict[str, str], name: str, command: str) -> None:
    with running(env) as site:
        site.line_with("The front page is at")
        (killed,) = site.children(command)

        os.kill(killed, signal.SIGKILL)

        assert "by SIGKILL" in site.line_with(f"The {name} process ended")
        assert eventually(lambda: site.children(command) not in ([], [killed]))
        assert httpx.get(f"{site.url}/").status_code == 200


def test_children_do_not_outlive_a_killed_parent(env: dict[str, str]) -> None:
    with running(env) as site:
        site.line_with("The front page is at")
        assert eventually(site.family)

        site.process.kill()

        assert eventually(lambda: not site.family(), within_s=STOPS_WITHIN_S)


def test_a_taken_port_is_told_in_one_line(env: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = subprocess.run(
            [sys.executable, "-m", "broadsheet.cli.main", "up", "--port", str(port)],
            env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr == (
        f"broadsheet: 127.0.0.1:{port} is in use by another program;"
        " stop that one, or choose another port with --port\n"
    )
