"""The engines of the site's search over papers of one's own, in a folder of one's own.

These are the classes and functions that the pages use, so that a figure is that of the product.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from broadsheet.domain.entry import Changes, Entry
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.rank.search import search

AT_ONCE = 10_000  # papers per commit, as jobs.indexing has it


@dataclass(frozen=True, slots=True)
class Engines:
    words: EmbeddedIndex


def opened(folder: Path) -> Engines:
    """Engines that `build_engines` has built in this folder, by this process or another."""
    return Engines(EmbeddedIndex(folder / "words", "evaluated"))


def build_engines(entries: Iterable[Entry], folder: Path) -> Engines:
    engines = opened(folder)
    with engines.words.rebuilding() as writer:
        for number, batch in enumerate(_batches(entries), 1):
            writer.add(Changes(batch, [], number, False))
    return engines


def add(engines: Engines, entries: Iterable[Entry]) -> None:
    """Take more papers in; they are found when it returns."""
    with engines.words.writing() as writer:
        for batch in _batches(entries):
            writer.add(Changes(batch, [], writer.seen + 1, True))


def answer(engines: Engines, query: str, limit: int) -> list[int]:
    """Ids of papers, the best first."""
    return [found.paper_id for found in search(engines.words, query, limit=limit).found]


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    left = iter(entries)
    while batch := list(islice(left, AT_ONCE)):
        yield batch
