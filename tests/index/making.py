"""Small words indexes for tests, filled with papers made in one line each."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.domain.entry import Changes, Entry
from broadsheet.index.base import MOST_TOKENS, NO_TOKEN
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


def no_words(count: int) -> dict[str, Any]:
    """Columns of papers whose texts nobody reads closely."""
    tokens = np.full((count, MOST_TOKENS), NO_TOKEN, np.uint16)
    return {"tokens": tokens, "title_lengths": np.zeros(count, np.uint8)}
