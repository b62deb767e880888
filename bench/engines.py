"""Search engines to compare on the same papers: ours, and what one would take instead.

All peers get title and text joined, and stemmed terms: to lose for want of stemming would show nothing.
"""

import hashlib
import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import bm25s
import numpy as np
import tantivy
from bm25s.tokenization import Tokenized
from numpy.typing import NDArray

from broadsheet.cli.evaluate.engines import answer, build_engines
from broadsheet.domain.entry import Entry
from broadsheet.enrich.embed.base import Embedder
from broadsheet.index.analysis import STEMMED, register, terms
from broadsheet.rank.search import Engines

HEAP_BYTES = 96_000_000
AT_ONCE = 10_000  # papers per commit


class Engine(Protocol):
    name: str
    earlier_s: float  # what parts kept from an earlier run took then

    def build(self, entries: Iterable[Entry], folder: Path) -> None:
        """Make the papers findable; what an engine keeps on disk goes into the folder."""
        ...

    def answer(self, query: str, limit: int) -> list[int]:
        """Ids of papers, the best first."""
        ...


class Ours:
    name = "ours"
    earlier_s = 0.0
    engines: Engines

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder

    def build(self, entries: Iterable[Entry], folder: Path) -> None:
        self.engines = build_engines(entries, folder, self._embedder)

    def answer(self, query: str, limit: int) -> list[int]:
        return answer(self.engines, query, limit)


class OursWithTransformer(Ours):
    name = "ours with the transformer"


class TantivyAlone:
    """One joined, stemmed field and BM25."""

    name = "tantivy alone"
    earlier_s = 0.0

    def build(self, entries: Iterable[Entry], folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, indexed=True, fast=True)
        builder.add_text_field("text", tokenizer_name=STEMMED)
        self._schema = builder.build()
        self._index = register(tantivy.Index(self._schema, str(folder)))
        writer = self._index.writer(HEAP_BYTES, 2)
        for entry in entries:
            document = tantivy.Document()
            document.add_integer("id", entry.paper_id)
            document.add_text("text", joined(entry))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def answer(self, query: str, limit: int) -> list[int]:
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", term))
            for term in dict.fromkeys(terms(query))
        ]
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
        return [int(searcher.doc(place)["id"][0]) for _, place in found.hits]


class Bm25s:
    """The usual choice in research code: sparse scores made beforehand, all in memory."""

    name = "bm25s"
    earlier_s = 0.0

    def build(self, entries: Iterable[Entry], folder: Path) -> None:
        vocabulary: dict[str, int] = {}
        self._ids, texts = [], []
        for entry in entries:
            self._ids.append(entry.paper_id)
            texts.append([vocabulary.setdefault(term, len(vocabulary)) for term in terms(joined(entry))])
        self._index = bm25s.BM25()
        self._index.index(Tokenized(ids=texts, vocab=vocabulary), show_progress=False)
        self._index.save(str(folder))

    def answer(self, query: str, limit: int) -> list[int]:
        most = min(limit, len(self._ids))
        places, scores = self._index.retrieve([terms(query)], k=most, show_progress=False)
        return [self._ids[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0]


class Fts5:
    """SQLite's own full-text index with Porter stemming."""

    name = "sqlite fts5"
    earlier_s = 0.0

    def build(self, entries: Iterable[Entry], folder: Path) -> None:
        self._database = folder / "words.sqlite3"
        rows = ((entry.paper_id, joined(entry)) for entry in entries)
        with closing(sqlite3.connect(self._database)) as connection, connection:
            connection.execute(
                "CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter unicode61', content='')"
            )
            connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)

    def answer(self, query: str, limit: int) -> list[int]:
        any_of = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", query.lower())))
        found = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        with closing(sqlite3.connect(self._database)) as connection:
            return [row[0] for row in connection.execute(found, (any_of, limit))] if any_of else []


class Transformer:
    """A model of sentences and exact cosines. It makes 30 vectors a second, so they are kept."""

    name = "transformer alone"
    earlier_s = 0.0

    def __init__(self, embedder: Embedder, kept: Path) -> None:
        self._embedder, self._kept = embedder, kept
        self._values: NDArray[np.float32] = np.zeros((0, self._embedder.dimensions), np.float32)

    def build(self, entries: Iterable[Entry], folder: Path) -> None:
        held = list(entries)
        texts = [joined(entry) for entry in held]
        self._ids = [entry.paper_id for entry in held]
        digest = hashlib.sha256("\0".join([self._embedder.model, *texts]).encode()).hexdigest()[:16]
        path = self._kept / f"vectors-{digest}.npz"
        if path.exists():
            kept = np.load(path)
            self._values, self.earlier_s = kept["values"], float(kept["seconds"])
        else:
            began = time.perf_counter()
            self._values = self._embedder.embed(texts)
            unfinished = path.with_suffix(".part.npz")
            np.savez(unfinished, values=self._values, seconds=time.perf_counter() - began)
            unfinished.rename(path)
        np.save(folder / "vectors.npy", self._values)

    def answer(self, query: str, limit: int) -> list[int]:
        cosines = self._values @ self._embedder.embed([query])[0]
        return [self._ids[place] for place in np.argsort(-cosines, kind="stable")[:limit]]


WORDS_PEERS: Sequence[type[Engine]] = (TantivyAlone, Bm25s, Fts5)


def joined(entry: Entry) -> str:
    return f"{entry.title}\n{entry.text}"
