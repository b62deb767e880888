"""The API of a real server under load: limits hold over all processes, and nobody grows."""

import http.client
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.test_up import Site, running
from tests.sites import own_site

pytestmark = pytest.mark.slow
RATE, CALLERS, FOR_S = 100, 8, 6.0
ADDRESS = "/api/v1/papers?limit=20"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with own_site(tmp_path) as env, running(env | {"BROADSHEET_API_RATE": str(RATE)}) as site:
        site.line_with("The front page is at")
        yield site


def memory_mb(site: Site) -> int:
    """Resident, of the processes that answer; the worker reads and embeds meanwhile."""
    web = [pid for pid in site.family() if b"\0web\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(web) > 1
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in web]
    lines = [line for text in statuses for line in text.splitlines() if line.startswith("VmRSS")]
    return sum(int(line.split()[1]) for line in lines) // 1_000


def call(site: Site, until: float) -> Counter[int]:
    """As often as it can, over one connection."""
    statuses: Counter[int] = Counter()
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc)
    while time.monotonic() < until:
        connection.request("GET", ADDRESS)
        reply = connection.getresponse()
        reply.read()
        statuses[reply.status] += 1
    connection.close()
    return statuses


def storm(site: Site) -> Counter[int]:
    until = time.monotonic() + FOR_S
    with ThreadPoolExecutor(CALLERS) as threads:
        return sum(threads.map(lambda _: call(site, until), range(CALLERS)), Counter())


def test_limits_hold_and_nobody_grows_however_many_come(site: Site) -> None:
    first = storm(site)
    before = memory_mb(site)
    second = storm(site)
    after = memory_mb(site)

    a_second = RATE / 60
    assert first[200] <= RATE + a_second * (FOR_S + 2)
    assert second[200] <= a_second * (FOR_S + 4) + 2
    assert set(first + second) == {200, 429}
    assert sum(second.values()) > 50 * FOR_S  # far more than are allowed, on the slowest machine
    assert after - before < 30


def test_large_bodies_are_refused_and_kept_nowhere(site: Site) -> None:
    call(site, time.monotonic() + 0.05)  # well within the allowance
    before = memory_mb(site)
    for _ in range(5):
        connection = http.client.HTTPConnection(urlsplit(site.url).netloc)
        connection.request(
            "PATCH", "/api/v1/subscription", b"x" * 10_000_000, {"Content-Type": "application/json"}
        )
        reply = connection.getresponse()
        assert (reply.status, reply.headers["Content-Type"]) == (413, "application/problem+json")
        reply.read()
        connection.close()

    assert memory_mb(site) - before < 30
