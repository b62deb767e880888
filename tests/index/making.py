"""Small words indexes for tests, filled with papers made in one line each."""

from datetime import date
from pathlib import Path
from typing import Any

from broadsheet.domain.entry import Changes, Entry
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.query import read


def entry(paper_id: int, title: str, **said: Any) -> Entry:
    columns = {
        "key": f"arxiv:2605.{paper_id:05}",
        "text": "",
        "authors": (),
        "categories": ("cs.LG",),
        "dated_on": date(2026, 5, 1),
        "has_code": False,
    }
    return Entry(paper_id=paper_id, title=title, **{**columns, **said})


def index_of(folder: Path, *entries: Entry) -> EmbeddedIndex:
    index = EmbeddedIndex(folder / "words", "database one")
    with index.rebuilding() as writer:
        writer.add(Changes(list(entries), [], max((one.paper_id for one in entries), default=1), True))
    return index


def found(index: EmbeddedIndex, query: str, **how: Any) -> list[int]:
    return [hit.paper_id for hit in index.search(read(query), limit=10, **how).hits]
