"""Search at arXiv's size: python -m bench.scale SNAPSHOT.jsonl.gz [--papers 2800000] [--alone]

Builds words and vectors from stored papers, asks one process and then two at once, takes 2,000 new papers in,
and does what can be done of it with the peers in the same run. Each step is a process (bench.scale_parts).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.engines import Bm25s, Fts5, TantivyAlone
from bench.stored import made_table, newer_than_nine_tenths
from bench.watch import run

OUT = Path(__file__).parent / "out"
Told = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    table = made_table(arguments.snapshot, arguments.papers, arguments.out)
    folder = arguments.out / "scale"
    shutil.rmtree(folder, ignore_errors=True)
    told: Told = {"papers": arguments.papers}
    for name, figures in _steps(arguments, table, folder):
        told[name] = figures
        print(_line(name, figures), flush=True)
    (arguments.out / "scale.json").write_text(json.dumps(told, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Search at arXiv's size.")
    parser.add_argument("snapshot", type=Path, help="papers as JSON Lines, gzipped or not")
    parser.add_argument("--papers", type=int, default=2_800_000, help="how many to make of it")
    parser.add_argument("--subset", type=int, default=300_000, help="papers for peers that take no more")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--alone", action="store_true", help="ours only, without the peers")
    parser.add_argument("--out", type=Path, default=OUT, help="where files are made; 10 GB for 2.8 million")
    return parser.parse_args()


def _steps(arguments: argparse.Namespace, table: Path, folder: Path) -> Iterator[tuple[str, Told]]:
    def words(step: str, within: str, papers: int, *more: str) -> list[str]:
        asked = ["--papers", str(papers), "--queries", str(arguments.queries), *more]
        return [sys.executable, "-m", "bench.scale_parts", step, str(table), str(folder / within), *asked]

    everything, subset = arguments.papers, min(arguments.papers, arguments.subset)
    yield "build", _alone(words("build", "ours", everything))
    yield "search", _alone(words("serve", "ours", everything))
    newest = f" from:{newer_than_nine_tenths(table)}"
    yield f"search{newest}", _alone(words("serve", "ours", everything, "--ending", newest))
    yield "two processes", _both(words("serve", "ours", everything))
    yield "new papers", _alone(words("add", "ours", everything))
    if arguments.alone:
        return
    for peer, papers in ((TantivyAlone, everything), (Bm25s, subset), (Fts5, subset)):
        name = f"{peer.name}, {papers:,} papers, without snippets"
        yield name, _alone(words("peer", peer.name, papers, "--peer", peer.name))
        shutil.rmtree(folder / peer.name)


def _alone(command: Sequence[str]) -> Told:
    watched = run(command, os.environ)
    figures: Told = json.loads(watched.last_line)
    peak = {"took_s": watched.seconds, "peak_own_mb": watched.own_mb}
    return {**peak, **figures}


def _both(command: Sequence[str]) -> Told:
    """Two processes as the web server has them. Their rates add up; the longer times are told."""
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit(f"{' '.join(command)} failed")
    one, other = (json.loads(output) for output in outputs)
    return {
        "per_s": one["per_s"] + other["per_s"],
        **{name: max(one[name], other[name]) for name in ("p50_ms", "p99_ms", "own_mb")},
    }


def _line(name: str, figures: Mapping[str, float]) -> str:
    shown = ("took_s", "build_s", "found_after_s", "p50_ms", "p99_ms", "per_s", "asked")
    sizes = ("own_mb", "peak_own_mb", "disk_mb")
    parts = [f"{what} {figures[what]:,.2f}" for what in shown if what in figures]
    parts += [f"{what} {figures[what]:,.0f}" for what in sizes if what in figures]
    return f"{name}: {', '.join(parts)}"


if __name__ == "__main__":
    main()
