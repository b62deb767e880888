"""Makes as many papers as one likes from a snapshot file: copies get ids, titles and dates of their own."""

import gzip
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

A_YEAR = timedelta(days=364)  # whole weeks, so that a Monday stays a Monday
PER_MONTH = 50_000
FIRST_YEAR = 15
Record = dict[str, Any]


def made_file(snapshot: Path, count: int, folder: Path) -> Path:
    """A gzipped JSON Lines file of `count` papers; one made before is used again."""
    target = folder / f"{snapshot.name.split('.')[0]}-{count}.jsonl.gz"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with gzip.open(unfinished, "wb", compresslevel=1) as out:
        for record in records(snapshot, count):
            out.write(orjson.dumps(record) + b"\n")
    return unfinished.rename(target)


def records(snapshot: Path, count: int) -> Iterator[Record]:
    """The snapshot's papers, then copies of them round after round, `count` in all."""
    made = copies = 0
    while made < count:
        for record in _read(snapshot):
            if made == count:
                return
            yield _copy(record, copies, made) if copies else record
            made += 1
        copies += 1


def _read(snapshot: Path) -> Iterator[Record]:
    with gzip.open(snapshot, "rb") if snapshot.suffix == ".gz" else snapshot.open("rb") as lines:
        for line in lines:
            yield orjson.loads(line)


def _copy(record: Record, copies: int, number: int) -> Record:
    copy = {**record, "id": _new_id(number), "title": f"{record['title']} (part {copies + 1})"}
    for name in ("announced", "update_date"):
        if copy.get(name):
            copy[name] = str(date.fromisoformat(copy[name]) - copies * A_YEAR)
    copy.pop("doi", None)
    return copy


def _new_id(number: int) -> str:
    """No real month has had 50,000 papers, so numbers above that never meet a real one."""
    month, place = divmod(number, PER_MONTH)
    years, month = divmod(month, 12)
    return f"{FIRST_YEAR + years:02}{month + 1:02}.{PER_MONTH + place:05}"
