"""The steps of bench.scale, each a process, so that its memory is its own. Prints one JSON line.

python -m bench.scale_parts build|serve|add|peer …
"""

import argparse
import json
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench import stored
from bench.engines import WORDS_PEERS
from bench.watch import memory_mb
from broadsheet.cli.evaluate.engines import add, answer, build_engines, opened
from broadsheet.deliver.web.passages import passage
from broadsheet.index.query import read
from broadsheet.rank.hits import words_of
from broadsheet.rank.measures import latency

SHOWN = 10  # papers of a page, each with a snippet
WARM_UP = 50  # queries
LONGEST_S = 90  # a slow engine is asked fewer queries, and that is told
NEW_PAPERS = 2_000
Ask = Callable[[str], object]
Told = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    print(json.dumps(STEPS[arguments.step](arguments)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="One step of bench.scale.")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("table", type=Path)
    parser.add_argument("folder", type=Path, help="where the index is, or is made")
    parser.add_argument("--papers", type=int, required=True, help="how many of the table")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--ending", default="", help="added to each query")
    parser.add_argument("--peer", choices=[peer.name for peer in WORDS_PEERS])
    return parser.parse_args()


def build(arguments: argparse.Namespace) -> Told:
    build_engines(stored.entries(arguments.table, arguments.papers), arguments.folder)
    return {"disk_mb": _size_mb(arguments.folder)}


def serve(arguments: argparse.Namespace) -> Told:
    """Whole answers: the search, then ten papers out of the database with a snippet of each."""
    engines = opened(arguments.folder)
    papers = sqlite3.connect(f"file:{arguments.table}?mode=ro", uri=True)

    def ask(query: str) -> list[str]:
        ids = answer(engines, query, SHOWN)
        found = f"SELECT id, text FROM paper WHERE id IN ({','.join('?' * len(ids))})"
        texts = dict(papers.execute(found, ids))
        words = words_of(read(query))
        return [passage(texts[paper_id], words) for paper_id in ids if paper_id in texts]

    return _timed(ask, _queries(arguments))


def add_papers(arguments: argparse.Namespace) -> Told:
    """From the call that hands new papers over until the last of them is found."""
    engines = opened(arguments.folder)
    mark = f"unheardof{time.time_ns():x}"
    some = stored.entries(arguments.table, NEW_PAPERS)
    new = [
        replace(entry, paper_id=arguments.papers + number, title=f"{entry.title} {mark}")
        for number, entry in enumerate(some, 1)
    ]
    answer(engines, "graph", SHOWN)  # the reader is open, as that of a site is
    began = time.perf_counter()
    add(arguments.folder, new)
    found = answer(engines, f"{mark} {new[-1].title}", SHOWN)
    took_s = time.perf_counter() - began
    if new[-1].paper_id not in found:
        raise SystemExit("a new paper is not found by its own title")
    return {"papers": len(new), "found_after_s": took_s}


def peer(arguments: argparse.Namespace) -> Told:
    """Built and asked in one process; ids only, without snippets."""
    (engine,) = (peer() for peer in WORDS_PEERS if peer.name == arguments.peer)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    engine.build(stored.entries(arguments.table, arguments.papers), arguments.folder)
    build_s = time.perf_counter() - began
    told = _timed(lambda query: engine.answer(query, SHOWN), _queries(arguments))
    return {"build_s": build_s, "disk_mb": _size_mb(arguments.folder), **told}


def _queries(arguments: argparse.Namespace) -> list[str]:
    made = stored.queries(arguments.table, arguments.queries, within=arguments.papers)
    return [f"{query}{arguments.ending}" for query in made]


def _timed(ask: Ask, queries: Sequence[str]) -> Told:
    ends_at = time.perf_counter() + LONGEST_S
    for query in queries[:WARM_UP]:
        ask(query)
        if time.perf_counter() > ends_at:
            break
    began, ends_at, times_ms = time.perf_counter(), time.perf_counter() + LONGEST_S, []
    for query in queries:
        asked_at = time.perf_counter()
        ask(query)
        times_ms.append((time.perf_counter() - asked_at) * 1_000)
        if time.perf_counter() > ends_at:
            break
    per_s = len(times_ms) / (time.perf_counter() - began)
    resident, own = memory_mb(os.getpid())
    memory = {"resident_mb": resident, "own_mb": own}
    return {**asdict(latency(times_ms)), "asked": len(times_ms), "per_s": per_s, **memory}


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


STEPS: dict[str, Callable[[argparse.Namespace], Told]] = {
    "build": build,
    "serve": serve,
    "add": add_papers,
    "peer": peer,
}


if __name__ == "__main__":
    main()
