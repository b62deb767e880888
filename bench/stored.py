"""Papers in one plain SQLite table, as many as one likes: what bench.scale builds its indexes from."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path

from bench.records import Record, records
from broadsheet.domain.entry import Entry

TABLE = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
CREATE TABLE paper (
  id INTEGER PRIMARY KEY, key TEXT, title TEXT, text TEXT, authors TEXT, categories TEXT, day TEXT
);
"""
COLUMNS = "id, key, title, text, authors, categories, day"
AT_ONCE = 10_000
SENTENCE_EVERY = 5  # one query in so many is a sentence, the others are words of titles
Row = tuple[int, str, str, str, str, str, str]


def made_table(snapshot: Path, count: int, folder: Path) -> Path:
    """A database of `count` papers; one made before is used again."""
    target = folder / f"papers-{count}.sqlite3"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.executescript(TABLE)
        rows = (_row(number, record) for number, record in enumerate(records(snapshot, count), 1))
        while batch := list(islice(rows, AT_ONCE)):
            connection.executemany("INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?, ?)", batch)
            connection.commit()
    return unfinished.rename(target)


def _row(number: int, record: Record) -> Row:
    told = {name: " ".join((record.get(name) or "").split()) for name in ("title", "abstract", "authors")}
    day = record.get("announced") or record.get("update_date") or ""
    key = f"arxiv:{record['id']}"
    return (
        number,
        key,
        told["title"],
        told["abstract"],
        told["authors"],
        record.get("categories") or "",
        day,
    )


def entries(table: Path, most: int | None = None) -> Iterator[Entry]:
    """The papers, or the first of them."""
    found = f"SELECT {COLUMNS} FROM paper ORDER BY id LIMIT ?"
    with closing(sqlite3.connect(f"file:{table}?mode=ro", uri=True)) as connection:
        for row in connection.execute(found, (-1 if most is None else most,)):
            yield _entry(row)


def _entry(row: Row) -> Entry:
    number, key, title, text, authors, categories, day = row
    dated_on = date.fromisoformat(day) if day else None
    return Entry(number, key, title, text, authors.split(", "), categories.split(), dated_on, False)


def newer_than_nine_tenths(table: Path) -> str:
    """A day as ISO text, on or after which the newest tenth of the papers lies."""
    with closing(sqlite3.connect(table)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM paper").fetchone()
        place = (count * 9 // 10,)
        (day,) = connection.execute("SELECT day FROM paper ORDER BY day LIMIT 1 OFFSET ?", place).fetchone()
    return str(day)


def queries(table: Path, count: int, *, within: int) -> list[str]:
    """Two to eight words of a title in their order, and sentences; of the first papers, always the same."""
    chance = random.Random(7)
    made: list[str] = []
    with closing(sqlite3.connect(table)) as connection:
        while len(made) < count:
            found = "SELECT title, text FROM paper WHERE id = ?"
            title, text = connection.execute(found, (chance.randint(1, within),)).fetchone()
            is_sentence = len(made) % SENTENCE_EVERY == 0
            words = _sentence(text) if is_sentence else _some(title.split(), chance)
            if len(words) > 1:
                made.append(" ".join(words))
    return made


def _some(words: Sequence[str], chance: random.Random) -> list[str]:
    count = min(len(words), chance.randint(2, 8))
    return [words[place] for place in sorted(chance.sample(range(len(words)), count))]


def _sentence(text: str) -> list[str]:
    return text.partition(". ")[0].split()[:40]
