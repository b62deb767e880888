"""Measures the vectors index alone, on made-up clustered vectors: build, scan, filters, own memory, adding.

    python -m bench.vectors --records 2800000

One thread, one process that searches; the files lie in bench/out and are removed at the end.
"""

import argparse
import gc
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from bench.watch import memory_mb
from broadsheet.index.base import MOST_TOKENS, NO_TOKEN, Filters, Floats, Vectors
from broadsheet.index.vector_state import Made
from broadsheet.index.vectors import EmbeddedVectors

OUT = Path(__file__).parent / "out" / "vectors"
AT_ONCE = 10_000
CLUSTERS = 2_000
FIRST_DAY, DAYS = date(1993, 1, 1), 12_200
QUERIES = 200
SUBJECTS = [
    f"{archive}.{name}" for archive in ("cs", "math", "stat", "physics", "q-bio") for name in "ABCDEFGH"
]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=2_800_000)
    parser.add_argument("--dimensions", type=int, default=256)
    options = parser.parse_args()
    shutil.rmtree(OUT, ignore_errors=True)
    made = Made("made up", options.dimensions)
    try:
        _build(made, options.records)
        told = multiprocessing.get_context("spawn").Process(target=_search, args=(made, options.records))
        told.start()
        told.join()
    finally:
        shutil.rmtree(OUT, ignore_errors=True)


def _build(made: Made, records: int) -> None:
    index, took = EmbeddedVectors(OUT, "bench"), 0.0
    with index.starting(made, began_at=0) as writer:
        for batch in _batches(made.dimensions, records):
            began = time.perf_counter()
            writer.add(batch)
            took += time.perf_counter() - began
    size = sum(path.stat().st_size for path in OUT.rglob("*") if path.is_file())
    print(
        f"{records:,} vectors added in {took:.0f} s ({records / took:,.0f}/s), {size / 1e6:,.0f} MB on disk"
    )


def _search(made: Made, records: int) -> None:
    """In a process of its own, whose memory is that of a server."""
    idle = memory_mb(os.getpid())[1]
    index = EmbeddedVectors(OUT, "bench")
    queries = _values(np.random.default_rng(7), made.dimensions, QUERIES)
    began = time.perf_counter()
    index.nearest(queries[0], limit=100)
    print(f"first search {(time.perf_counter() - began) * 1e3:.0f} ms")
    last = FIRST_DAY + timedelta(days=DAYS)
    for what, filters in {
        "no filter": Filters(),
        "the last year": Filters(since=last - timedelta(days=365)),
        "the last ten years": Filters(since=last - timedelta(days=3650)),
        "one week": Filters(since=last - timedelta(days=7)),
        "one category of 40": Filters(categories=("cs.A",)),
        "all of cs": Filters(categories=("cs",)),
        "with code, all of cs, the last ten years": Filters(
            categories=("cs",), since=last - timedelta(days=3650), has_code=True
        ),
    }.items():
        found = index.nearest(queries[0], limit=1, filters=filters).total
        _timed(f"{what} ({found:,} papers)", partial(index.nearest, limit=100, filters=filters), queries)
    _timed("cosines of 100", lambda q: index.cosines(q, range(0, 100_000, 1_000)), queries)
    gc.collect()
    print(f"own memory {memory_mb(os.getpid())[1]:.0f} MB, of which {idle:.0f} before the index was opened")
    _add(index, made, records)


def _add(index: EmbeddedVectors, made: Made, records: int) -> None:
    rng = np.random.default_rng(11)
    began = time.perf_counter()
    with index.writing(made, began_at=0) as writer:
        opened = time.perf_counter()
        writer.add(_batch(rng, made.dimensions, np.arange(records, records + 2_000), records))
    added = time.perf_counter()
    count = index.count()
    visible = time.perf_counter()
    print(
        f"2,000 more: opened in {opened - began:.2f} s, added in {added - opened:.2f} s,"
        f" seen by a reader {visible - added:.2f} s later ({count:,} papers)"
    )


def _timed(what: str, ask: Callable[[Floats], object], queries: Floats) -> None:
    took = []
    for query in queries:
        began = time.perf_counter()
        ask(query)
        took.append((time.perf_counter() - began) * 1e3)
    p50, p99 = np.percentile(took, [50, 99])
    print(f"{what:60} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms")


def _batches(dimensions: int, records: int) -> Iterator[Vectors]:
    rng = np.random.default_rng(5)
    for start in range(0, records, AT_ONCE):
        yield _batch(rng, dimensions, np.arange(start, min(start + AT_ONCE, records)), records)


def _batch(rng: np.random.Generator, dimensions: int, ids: np.ndarray, records: int) -> Vectors:
    """Papers come roughly by date, as in arXiv's snapshot; their categories at random."""
    first_day = (FIRST_DAY - date(1970, 1, 1)).days
    days = first_day + ids * DAYS // records + rng.integers(-400, 400, len(ids))
    subjects = rng.integers(0, len(SUBJECTS), (len(ids), 2))
    return Vectors(
        paper_ids=ids,
        values=_values(rng, dimensions, len(ids)),
        days=days.astype(np.int32),
        has_code=rng.random(len(ids)) < 0.1,
        categories=[[SUBJECTS[first], SUBJECTS[second]] for first, second in subjects],
        texts=ids.astype(np.uint64),
        tokens=np.full((len(ids), MOST_TOKENS), NO_TOKEN, np.uint16),
        title_lengths=np.zeros(len(ids), np.uint8),
    )


def _values(rng: np.random.Generator, dimensions: int, count: int) -> Floats:
    """Around CLUSTERS centres that share a direction, as the vectors of real papers do."""
    centres = np.random.default_rng(3).standard_normal((CLUSTERS, dimensions)).astype(np.float32) + 0.5
    values = centres[rng.integers(0, CLUSTERS, count)]
    values = values + rng.standard_normal((count, dimensions)).astype(np.float32)
    found: Floats = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)
    return found


if __name__ == "__main__":
    main()
