"""What every list costs a program that asks for it: python -m bench.feeds [--data FOLDER] [--beside SMALLER]

Starts `broadsheet web` on a filled data folder (bench.imports leaves one) and asks one after another for
every kind of feed, export and list of the API: whole, and once more with the ETag that came. Then eight
clients ask 500 times a second with the limit as shipped. Each time is told beside that of a page
of two lines, for the speed of a machine varies.
"""

import argparse
import http.client
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.lists import lists_in
from bench.pages import OUT, served
from bench.watch import memory_mb

TRIVIAL = "/robots.txt"
WHOLE_MS, KNOWN_MS = 30.0, 5.0  # what a feed and a 304 may take at the median
CLIENTS, PER_S = 8, 500
STORM = (
    "/api/v1/papers?limit=20",
    "/api/v1/trending?window=week",
    "/api/daily_papers",
    "/api/query?id_list=2401.01234",
)
REFUSED = (429, 503)


@dataclass(frozen=True, slots=True)
class Cost:
    kb: float
    first_ms: float  # of each address when it is asked for the first time
    whole_ms: float
    whole_p90_ms: float
    known_ms: float | None  # None: it has no ETag
    known_p90_ms: float


def main(words: Sequence[str] | None = None) -> int:
    arguments = _arguments(words)
    lists = lists_in(arguments.data)
    with served(arguments.data, arguments.processes, API_RATE="0") as (port, _):
        bar, costs = _measured(port, lists, arguments.times)
    smaller: dict[str, Cost] = {}
    if arguments.beside:
        with served(arguments.beside, arguments.processes, API_RATE="0") as (port, _):
            smaller = _measured(port, lists_in(arguments.beside), arguments.times)[1]
    _show(bar, costs, smaller)
    _storm(arguments.data, arguments.seconds)
    return 0


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What every list costs a program that asks for it.")
    usual = OUT / "data"
    parser.add_argument("--data", type=Path, default=usual, help="a data folder with papers, on SQLite")
    parser.add_argument("--beside", type=Path, help="one with fewer papers, to see how the costs grow")
    parser.add_argument("--times", type=int, default=100, help="for each kind of list")
    parser.add_argument("--seconds", type=int, default=20, help="of 500 requests each")
    parser.add_argument("--processes", type=int, default=2, help="how many processes serve")
    return parser.parse_args(words)


class Asking:
    """One connection that is kept open, as programs do."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, etag: str = "") -> tuple[int, str, int, float]:
        """Status, ETag, bytes and milliseconds of one answer."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
        reply = self._connection.getresponse()
        size = len(reply.read())
        return reply.status, reply.headers.get("ETag", ""), size, (time.perf_counter() - began) * 1_000

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _asking(port: int) -> Iterator[Asking]:
    asking = Asking(port)
    try:
        yield asking
    finally:
        asking.close()


def _measured(port: int, lists: dict[str, list[str]], times: int) -> tuple[float, dict[str, Cost]]:
    with _asking(port) as asking:
        bars = sorted(asking.get(TRIVIAL)[3] for _ in range(2 * times))
        costs = {name: _cost(asking, paths, times) for name, paths in lists.items()}
        bars += sorted(asking.get(TRIVIAL)[3] for _ in range(2 * times))
    return _middle(bars), costs


def _cost(asking: Asking, paths: Sequence[str], times: int) -> Cost:
    """Each path is asked for whole, and once more with what came; the last of a kind loads its code."""
    asking.get(paths[-1])
    whole, known, sizes = [], [], []
    for number in range(times):
        path = paths[number % len(paths)]
        status, etag, size, took_ms = asking.get(path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        whole.append(took_ms)
        sizes.append(size)
        if etag:
            status, _, _, took_ms = asking.get(path, etag)
            if status != 304:
                raise SystemExit(f"{path} answered {status} to its own ETag")
            known.append(took_ms)
    known_ms, first_ms = _middle(known) if known else None, _middle(whole[: len(paths)])
    late_ms = _late(known) if known else 0.0
    return Cost(_middle(sizes) / 1e3, first_ms, _middle(whole), _late(whole), known_ms, late_ms)


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _late(values: Sequence[float]) -> float:
    return sorted(values)[len(values) * 9 // 10]


def _show(bar_ms: float, costs: dict[str, Cost], smaller: dict[str, Cost]) -> None:
    print(f"bar: {TRIVIAL} takes {bar_ms:.2f} ms at the median; × says how many of it")
    print(
        f"{'':27}{'KB':>6} {'first':>6} {'p50':>6} {'p90':>6} {'×':>5}   {'304 p50':>7} {'p90':>6} {'×':>5}"
    )
    for name, cost in costs.items():
        line = f"{name:27}{cost.kb:6.0f} {cost.first_ms:6.1f} {cost.whole_ms:6.1f} {cost.whole_p90_ms:6.1f} "
        line += f"{cost.whole_ms / bar_ms:5.0f}   {_known(cost, bar_ms)}"
        if name in smaller:
            line += f"   beside: {smaller[name].whole_ms:5.1f}, {smaller[name].known_ms or 0.0:4.1f}"
        print(line + _over(name, cost), flush=True)


def _known(cost: Cost, bar_ms: float) -> str:
    if cost.known_ms is None:
        return f"{'no ETag':>20}"
    return f"{cost.known_ms:7.1f} {cost.known_p90_ms:6.1f} {cost.known_ms / bar_ms:5.1f}"


def _over(name: str, cost: Cost) -> str:
    is_slow = name.startswith("feed") and cost.whole_ms > WHOLE_MS
    is_slow_304 = cost.known_ms is not None and cost.known_ms > KNOWN_MS
    return "  OVER" * is_slow + "  OVER 304" * is_slow_304


def _storm(data: Path, seconds: int) -> None:
    """Half of the time to see what an answer costs in memory, the other half to see that it stays so."""
    with served(data, 2) as (port, pid):
        first = _stormed(port, seconds / 2)
        before = memory_mb(pid)[1]
        second = _stormed(port, seconds / 2)
        after = memory_mb(pid)[1]
    told = first + second
    refused = sum(told[status] for status in REFUSED)
    print(f"{PER_S} requests/s asked for, {sum(told.values()) / seconds:.0f}/s answered, {dict(told)}")
    print(
        f"  refused {refused / sum(told.values()):.0%}; its own memory {before:.0f} MB, then {after:.0f} MB"
    )


def _stormed(port: int, seconds: float) -> Counter[int]:
    with ThreadPoolExecutor(CLIENTS) as clients:
        shares = clients.map(lambda number: _one_client(port, number, seconds), range(CLIENTS))
        return sum(shares, Counter())


def _one_client(port: int, number: int, seconds: float) -> Counter[int]:
    """At its own pace, whatever the answers take; who is late does not make up for it."""
    statuses: Counter[int] = Counter()
    began, gap_s = time.monotonic(), CLIENTS / PER_S
    with _asking(port) as asking:
        due = began
        while (now := time.monotonic()) < began + seconds:
            time.sleep(max(0.0, due - now))
            due = max(due + gap_s, now)
            path = STORM[(number + sum(statuses.values())) % len(STORM)]
            statuses[asking.get(path)[0]] += 1
    return statuses


if __name__ == "__main__":
    sys.exit(main())
