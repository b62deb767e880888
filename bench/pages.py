"""How fast pages answer: python -m bench.pages [--data FOLDER] [--seconds 10]

Starts `broadsheet web` on a filled data folder (bench.imports leaves one) and asks from outside with eight
connections: with wrk where it is installed, else with a small loader in Python, whose own slowness is then
part of the figures.
"""

import argparse
import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from bench.load import CLIENTS, ask, has_wrk, measure
from bench.watch import memory_mb

ADDRESSES = 2_000
OUT = Path(__file__).parent / "out"


def main() -> None:
    arguments = _arguments()
    kinds = _addresses(arguments.data)
    loader = "wrk" if has_wrk() else "a loader in Python"
    print(f"{loader}, {CLIENTS} connections, {arguments.processes} processes")
    with served(arguments.data, arguments.processes) as (port, pid):
        for name, paths in kinds.items():
            ask(port, paths[0])  # the first page of a kind loads its templates
            speed = measure(port, paths, arguments.seconds)
            times = f"p50 {speed.p50_ms:7.1f} ms   p99 {speed.p99_ms:7.1f} ms   {speed.per_s:7.0f}/s"
            print(f"{name:8} {times} {speed.failed}")
        resident, own = memory_mb(pid)
        print(f"memory: {resident:,.0f} MB, of it {own:,.0f} MB its own")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast pages answer.")
    parser.add_argument(
        "--data", type=Path, default=OUT / "data", help="a data folder with papers, on SQLite"
    )
    parser.add_argument("--seconds", type=int, default=10, help="for each kind of page")
    parser.add_argument("--processes", type=int, default=2, help="how many processes serve")
    return parser.parse_args()


def _addresses(data: Path) -> dict[str, list[str]]:
    """What to ask for, taken from the database itself, always the same for the same papers."""
    with sqlite3.connect(f"file:{data / 'broadsheet.sqlite3'}?mode=ro", uri=True) as connection:
        last = connection.execute("SELECT max(id) FROM store_paper").fetchone()[0] or 0
        chosen = random.Random(1).choices(range(1, last + 1), k=ADDRESSES) if last else []
        marks = ",".join("?" * len(chosen))
        query = f"SELECT key, title FROM store_paper WHERE id IN ({marks})"
        papers = connection.execute(query, chosen).fetchall()
        days = [row[0] for row in connection.execute("SELECT start FROM store_edition WHERE kind = 'day'")]
    if not papers:
        raise SystemExit(f"{data} holds no papers; run bench.imports first, or say --data FOLDER")
    kinds = {
        "front": ["/"],
        "paper": [f"/paper/{quote(key.removeprefix('arxiv:'))}" for key, _ in papers],
        "search": [f"/search?q={quote(' '.join(title.split()[:3]))}" for _, title in papers],
        "day": [f"/day/{day}" for day in days],
    }
    return {name: paths for name, paths in kinds.items() if paths}


@contextmanager
def served(data: Path, processes: int, **settings: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    alone = {"BROADSHEET_DATA": str(data), "BROADSHEET_OFFLINE": "yes", "BROADSHEET_SAMPLE": "no"}
    more = {f"BROADSHEET_{name}": value for name, value in settings.items()}
    environ = {**os.environ, **alone, "BROADSHEET_WEB_PROCESSES": str(processes), **more}
    command = [str(Path(sys.executable).parent / "broadsheet"), "web", "--port", str(port)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(port, server)
            yield port, server.pid
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit(f"broadsheet web ended with {server.returncode} before it answered")
        try:
            ask(port, "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("broadsheet web did not answer within 30 seconds")


if __name__ == "__main__":
    main()
