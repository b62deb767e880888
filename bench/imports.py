"""How fast papers come in: python -m bench.imports SNAPSHOT.jsonl.gz [--records 2800000] [--no-peer]

Runs `broadsheet import` twice on an empty data folder (the second time nothing is new), and a plain SQLite
loader on the same file in the same run, because only the ratio means something on another machine.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from bench.records import made_file
from bench.watch import Run, run

OUT = Path(__file__).parent / "out"


def main() -> None:
    arguments = _arguments()
    source = made_file(arguments.snapshot, arguments.records, arguments.out)
    data = arguments.out / "data"
    shutil.rmtree(data, ignore_errors=True)
    first = _import(source, data)
    _show("import", first, arguments.records)
    _show("again", _import(source, data), arguments.records)
    print(f"on disk: {_size_mb(data):,.0f} MB in {data} (bench.pages uses it)")
    if arguments.peer:
        peer = _load_plainly(source, arguments.out)
        _show("plain SQLite + FTS5", peer, arguments.records)
        print(f"ratio: {peer.seconds / first.seconds:.2f} times the speed of the plain loader")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast papers come in.")
    parser.add_argument("snapshot", type=Path, help="papers as JSON Lines, gzipped or not")
    parser.add_argument("--records", type=int, default=150_000, help="how many papers to make of it")
    parser.add_argument("--out", type=Path, default=OUT, help="where files are made")
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="leave out the plain loader")
    return parser.parse_args()


def _import(source: Path, data: Path) -> Run:
    alone = {"BROADSHEET_DATA": str(data), "BROADSHEET_SAMPLE": "no", "BROADSHEET_OFFLINE": "yes"}
    command = [str(Path(sys.executable).parent / "broadsheet"), "import", str(source)]
    return run(command, {**os.environ, **alone})


def _load_plainly(source: Path, out: Path) -> Run:
    for path in out.glob("peer.sqlite3*"):
        path.unlink()
    return run([sys.executable, "-m", "bench.peer", str(source), str(out / "peer.sqlite3")], os.environ)


def _show(name: str, measured: Run, records: int) -> None:
    speed = f"{records / measured.seconds:,.0f} papers/s ({measured.seconds:.1f} s)"
    print(f"{name}: {speed}, peak {measured.peak_mb:,.0f} MB, of it {measured.own_mb:,.0f} MB its own")
    print(f"    {measured.last_line}")


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1_000_000


if __name__ == "__main__":
    main()
