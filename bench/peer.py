"""What one would write in an evening: papers into one SQLite table with a full-text index. The line to beat.

python -m bench.peer FILE.jsonl.gz DATABASE
"""

import gzip
import sqlite3
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson

COLUMNS = ("id", "title", "abstract", "authors", "categories")
TABLES = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE paper (id TEXT PRIMARY KEY, title TEXT, abstract TEXT, authors TEXT, categories TEXT);
CREATE VIRTUAL TABLE words USING fts5(title, abstract, authors, tokenize='porter unicode61');
"""
Row = tuple[str, ...]  # in the order of COLUMNS


def load(source: Path, database: Path) -> int:
    """How many papers the new table holds afterwards."""
    with sqlite3.connect(database) as connection:
        connection.executescript(TABLES)
        rows = _rows(source)
        while batch := list(islice(rows, 1_000)):
            connection.executemany("INSERT OR IGNORE INTO paper VALUES (?, ?, ?, ?, ?)", batch)
            connection.executemany("INSERT INTO words VALUES (?, ?, ?)", [row[1:4] for row in batch])
            connection.commit()
        return int(connection.execute("SELECT count(*) FROM paper").fetchone()[0])


def _rows(source: Path) -> Iterator[Row]:
    with gzip.open(source, "rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            yield tuple(record.get(name) or "" for name in COLUMNS)


if __name__ == "__main__":
    print(f"{load(Path(sys.argv[1]), Path(sys.argv[2])):,} papers")
