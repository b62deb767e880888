"""The engines of the site's search over papers of one's own, in a folder of one's own.

These are the classes and functions that the pages use, so that a figure is that of the product.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from broadsheet.domain.entry import Changes, Entry
from broadsheet.domain.gist import Gist
from broadsheet.enrich.embed.base import Embedder
from broadsheet.enrich.embed.papers import embedded
from broadsheet.enrich.embed.static import StaticEmbedder, shipped_table
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.vector_state import Made
from broadsheet.index.vectors import EmbeddedVectors
from broadsheet.rank.search import Engines, search

AT_ONCE = 10_000  # papers per commit, as jobs.indexing has it
DATABASE = "evaluated"


def opened(folder: Path, embedder: Embedder | None = None) -> Engines:
    """Engines that `build_engines` has built in this folder, by this process or another."""
    return Engines(*_indexes(folder), embedder or StaticEmbedder(), shipped_table())


def build_engines(entries: Iterable[Entry], folder: Path, embedder: Embedder | None = None) -> Engines:
    """With the static table, unless another embedder is given."""
    words, vectors = _indexes(folder)
    embedder = embedder or StaticEmbedder()
    with words.rebuilding() as words_writer, vectors.rebuilding(_made(embedder), began_at=0) as writer:
        for number, batch in enumerate(_batches(entries), 1):
            words_writer.add(Changes(batch, [], number, False))
            writer.add(embedded([_gist(entry) for entry in batch], embedder), up_to=number)
    return opened(folder, embedder)


def add(folder: Path, entries: Iterable[Entry], embedder: Embedder | None = None) -> None:
    """Take more papers in; they are found when it returns."""
    words, vectors = _indexes(folder)
    embedder = embedder or StaticEmbedder()
    with words.writing() as words_writer, vectors.writing(_made(embedder), began_at=0) as writer:
        for batch in _batches(entries):
            words_writer.add(Changes(batch, [], words_writer.seen + 1, True))
            writer.add(embedded([_gist(entry) for entry in batch], embedder), up_to=writer.seen + 1)


def answer(engines: Engines, query: str, limit: int) -> list[int]:
    """Ids of papers, the best first."""
    return [found.paper_id for found in search(engines, query, limit=limit).found]


def _indexes(folder: Path) -> tuple[EmbeddedIndex, EmbeddedVectors]:
    return EmbeddedIndex(folder / "words", DATABASE), EmbeddedVectors(folder / "meaning", DATABASE)


def _made(embedder: Embedder) -> Made:
    return Made(embedder.model, embedder.dimensions, table=shipped_table().name)


def _gist(entry: Entry) -> Gist:
    text = f"{entry.title}\n{entry.text}"
    return Gist(entry.paper_id, text, list(entry.categories), entry.dated_on, entry.has_code)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    left = iter(entries)
    while batch := list(islice(left, AT_ONCE)):
        yield batch
