"""Asks a server on this machine for pages, with several clients at once, and tells how long answers took."""

import http.client
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

CLIENTS = 8
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}


@dataclass(frozen=True, slots=True)
class Speed:
    p50_ms: float
    p99_ms: float
    per_s: float
    failed: str  # what did not answer 2xx, in words; "" when all did


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def measure(port: int, paths: Sequence[str], seconds: int) -> Speed:
    return _with_wrk(port, paths, seconds) if has_wrk() else _with_python(port, paths, seconds)


def ask(port: int, path: str) -> int:
    """The status of the answer, once all of it has come."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        reply.read()
        return reply.status
    finally:
        connection.close()


def _with_wrk(port: int, paths: Sequence[str], seconds: int) -> Speed:
    script = Path(__file__).parent / "addresses.lua"
    command = ["wrk", "--latency", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(script)]
    with NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(paths) + "\n")
        listed.flush()
        command += [f"http://127.0.0.1:{port}", "--", listed.name]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    problems = (line.strip() for line in told.splitlines() if "Non-2xx" in line or "Socket errors" in line)
    rate = _figure(r"Requests/sec: +([\d.]+)()", told)
    return Speed(_percentile(told, 50), _percentile(told, 99), rate, "; ".join(problems))


def _percentile(told: str, percent: int) -> float:
    return _figure(rf"^ +{percent}% +([\d.]+)(us|ms|s)$", told)


def _figure(pattern: str, told: str) -> float:
    found = re.search(pattern, told, re.MULTILINE)
    if found is None:
        raise SystemExit(f"wrk said something else than expected:\n{told}")
    return float(found[1]) * UNITS_MS.get(found[2], 1.0)


def _with_python(port: int, paths: Sequence[str], seconds: int) -> Speed:
    ends_at = time.perf_counter() + seconds

    def client(start: int) -> list[tuple[float, int]]:
        asked: list[tuple[float, int]] = []
        while time.perf_counter() < ends_at:
            began = time.perf_counter()
            status = ask(port, paths[(start + len(asked)) % len(paths)])
            asked.append(((time.perf_counter() - began) * 1_000, status))
        return asked

    with ThreadPoolExecutor(CLIENTS) as clients:
        starts = range(0, CLIENTS * 97, 97)
        asked = [one for part in clients.map(client, starts) for one in part]
    times = sorted(took for took, _ in asked)
    bad = sum(not 200 <= status < 300 for _, status in asked)
    middle, slow = times[len(times) // 2], times[len(times) * 99 // 100]
    return Speed(middle, slow, len(times) / seconds, f"{bad} failed" if bad else "")
