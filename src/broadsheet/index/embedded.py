"""The words index on Tantivy: one writer at a time, any number of reading processes."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import tantivy

from broadsheet.domain.entry import Changes, Entry
from broadsheet.index.analysis import SCHEMA_VERSION, register, schema
from broadsheet.index.base import Hit, Hits, IndexBusy, IndexDamaged, IndexOutdated, Sort
from broadsheet.index.generations import Generations, Seen, read_seen, write_seen
from broadsheet.index.query import build, read
from broadsheet.lib.files import AlreadyLocked, locked

EPOCH = date(1970, 1, 1)
HEAP_BYTES = 96_000_000
THREADS = 2


class Writer:
    """Adds to one generation. Made by EmbeddedIndex, under its lock."""

    def __init__(self, generation: Path, seen: Seen) -> None:
        self._generation = generation
        self._seen = seen
        self._index = _opened(generation)
        self._writer = self._index.writer(HEAP_BYTES, THREADS)

    @property
    def seen(self) -> int:
        return self._seen.up_to

    def add(self, changes: Changes) -> None:
        may_hold_them = self._seen.up_to > 0 or self._holds_some
        for paper_id in changes.gone:
            self._writer.delete_documents_by_term("id", paper_id)
        for entry in changes.entries:
            if may_hold_them:
                self._writer.delete_documents_by_term("id", entry.paper_id)
            self._writer.add_document(_document(entry))
        self._writer.commit()
        self._seen = replace(self._seen, up_to=changes.up_to)
        write_seen(self._generation, self._seen)

    @property
    def _holds_some(self) -> bool:
        """A crash after the very first commit leaves papers in an index that has seen nothing."""
        self._index.reload()
        return self._index.searcher().num_docs > 0

    def close(self) -> None:
        self._writer.wait_merging_threads()


def _opened(generation: Path) -> tantivy.Index:
    try:
        return register(tantivy.Index(schema(), str(generation)))
    except ValueError as error:
        raise IndexDamaged(_damage(generation, str(error))) from error


def _commit(generation: Path) -> int:
    """Changes with every commit."""
    try:
        return (generation / "meta.json").stat().st_mtime_ns
    except FileNotFoundError as error:
        raise IndexDamaged(_damage(generation, "meta.json is missing")) from error


def _damage(generation: Path, what: str) -> str:
    return f"the index in {generation} is damaged ({' '.join(what.split())}); run broadsheet reindex"


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", entry.paper_id)
    document.add_integer("day", (entry.dated_on - EPOCH).days if entry.dated_on else -1_000_000)
    document.add_text("text", f"{entry.title}\n{entry.text}")
    document.add_text("title", entry.title)
    document.add_text("authors", "\n".join(entry.authors))
    for category in entry.categories:
        document.add_text("category", category)
    document.add_boolean("has_code", entry.has_code)
    return document


@dataclass(slots=True)
class _Open:
    """A generation opened for reading, and the state of its files when it was."""

    generation: Path
    index: tantivy.Index
    commit: int  # mtime of Tantivy's meta.json, ns


@dataclass
class EmbeddedIndex:
    """The index in a folder, of one database. Cheap to make; opened at the first search."""

    folder: Path
    database: str  # the store's identity; an index of another one is not read
    _open: _Open | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        with self._alone():
            live = self._generations.live()
            seen = read_seen(live) if live else None
            if live is None or seen is None or not self._is_ours(seen):
                raise IndexOutdated(
                    f"the index in {self.folder} is not of this database; run broadsheet reindex"
                )
            try:
                _commit(live)  # Tantivy would make an empty index where the file is missing
                writer = Writer(live, seen)
            except IndexDamaged as error:
                raise IndexOutdated(str(error)) from error
            with closing(writer):
                yield writer

    @contextmanager
    def rebuilding(self) -> Iterator[Writer]:
        with self._alone():
            self._generations.sweep(keep=self._generations.live())
            fresh = self._generations.make()
            seen = Seen(SCHEMA_VERSION, self.database, 0)
            write_seen(fresh, seen)
            with closing(Writer(fresh, seen)) as writer:
                yield writer
            self._generations.swap_to(fresh)
            self._generations.sweep(keep=fresh)

    def search(self, text: str, *, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> Hits:
        asked = read(text)
        opened = self._reader()
        if asked.is_empty or opened is None or limit < 1:
            return Hits(0, [])
        query = build(asked, opened.index.schema, needs_all=sort is not Sort.RELEVANCE)
        searcher = opened.index.searcher()
        order = "day" if sort is Sort.NEWEST else None
        found = searcher.search(query, limit, count=True, offset=offset, order_by_field=order)
        hits = [Hit(int(searcher.doc(place)["id"][0]), float(score)) for score, place in found.hits]
        return Hits(int(getattr(found, "count", None) or 0), hits)

    def count(self) -> int:
        opened = self._reader()
        return opened.index.searcher().num_docs if opened else 0

    def ids(self) -> set[int]:
        """Every paper of the index; for comparing it with the store."""
        opened = self._reader()
        if opened is None or not (count := self.count()):
            return set()
        searcher = opened.index.searcher()
        found = searcher.search(tantivy.Query.all_query(), count, count=False)
        return {int(searcher.doc(place)["id"][0]) for _, place in found.hits}

    def seen(self) -> int | None:
        """How far the live index follows the store; None when there is none of this database."""
        live = self._generations.live()
        seen = read_seen(live) if live else None
        return seen.up_to if seen and self._is_ours(seen) else None

    @property
    def _generations(self) -> Generations:
        return Generations(self.folder)

    def _is_ours(self, seen: Seen) -> bool:
        return seen.database == self.database and seen.schema == SCHEMA_VERSION

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with locked(self.folder / "writer.lock", wait=False):
                yield
        except AlreadyLocked as error:
            raise IndexBusy(f"another process writes to the index in {self.folder}") from error

    def _reader(self) -> _Open | None:
        """The live generation as of its last commit; two file look-ups when nothing has changed."""
        while live := self._generations.live():
            try:
                return self._open_at(live)
            except (OSError, ValueError):
                if self._generations.live() == live:
                    raise
                # Swapped out and swept while we opened it: its successor is there.
        return None

    def _open_at(self, live: Path) -> _Open | None:
        commit = _commit(live)
        with self._lock:
            if self._open is None or self._open.generation != live:
                seen = read_seen(live)
                if seen is None or not self._is_ours(seen):
                    return None
                self._open = _Open(live, _opened(live), commit)
            elif self._open.commit != commit:
                self._open.index.reload()
                self._open.commit = commit
            return self._open
