"""The words index on Tantivy: one writer at a time, any number of reading processes."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from broadsheet.index.analysis import PLAIN, SCHEMA_VERSION, terms
from broadsheet.index.base import (
    Asked,
    Facets,
    Filters,
    Frequencies,
    Hit,
    Hits,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    Sort,
)
from broadsheet.index.clauses import EPOCH, UNDATED, Clauses
from broadsheet.index.counting import Counter
from broadsheet.index.generations import Generations, Seen, read_seen, write_seen
from broadsheet.index.grammar import Every, Node
from broadsheet.index.spelling import Speller
from broadsheet.index.vocabulary import Vocabulary
from broadsheet.index.writer import Writer, calmly, damage, opened


def _commit(generation: Path) -> int:
    """Changes with every commit."""
    try:
        return (generation / "meta.json").stat().st_mtime_ns
    except FileNotFoundError as error:
        raise IndexDamaged(damage(generation, "meta.json is missing")) from error


@dataclass(frozen=True, slots=True)
class _Open:
    """A generation opened for reading, and the state of its files when it was."""

    generation: Path
    index: tantivy.Index
    commit: int  # mtime of Tantivy's meta.json, ns
    vocabulary: Vocabulary


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
            if live is None:
                raise IndexMissing(f"there is no index in {self.folder}")
            if seen is None or not self._is_ours(seen):
                raise IndexOutdated(f"the one in {self.folder} is of another database or an older version")
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

    def search(
        self,
        asked: Asked,
        *,
        limit: int,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        counts: bool = True,
        is_bounded: bool = False,
    ) -> Hits:
        """Without a word that ranks, the newest come first."""
        clauses = self._clauses(asked, is_bounded)
        if clauses is None or limit < 1:
            return Hits(0, [])
        is_newest = sort is Sort.NEWEST or not asked.has_words
        query = clauses.of(asked, needs_all=sort is not Sort.RELEVANCE)
        searcher, order = clauses.vocabulary.searcher, "day" if is_newest else None
        found = searcher.search(query, limit, count=counts, offset=offset, order_by_field=order)
        hits = _hits(searcher, found, is_newest)
        total = int(getattr(found, "count", None) or 0) if counts else len(hits)
        return Hits(total, hits, clauses.leaves_out(asked), clauses.budget.is_spent)

    def exactly(
        self, node: Node, *, limit: int, offset: int = 0, by: str = "", is_ascending: bool = False
    ) -> Hits:
        """The papers that fulfil a tree to the letter, all of them counted: the best first, or in the order
        of "submitted" or "updated"."""
        clauses = self._clauses(Asked(text="", is_strict=True, tree=Every((node,))))
        if clauses is None:
            return Hits(0, [])
        query, searcher = clauses.of(Asked(text="", tree=Every((node,)))), clauses.vocabulary.searcher
        order = tantivy.Order.Asc if is_ascending else tantivy.Order.Desc
        found = searcher.search(query, limit, offset=offset, order_by_field=by or None, order=order)
        return Hits(
            int(getattr(found, "count", None) or 0),
            _hits(searcher, found, bool(by)),
            False,
            clauses.budget.is_spent,
        )

    def newest(self, filters: Filters, *, limit: int) -> list[tuple[int, date]]:
        asked = Asked(text="", filters=filters)
        clauses = self._clauses(asked)
        if clauses is None or limit < 1:
            return []
        searcher = clauses.vocabulary.searcher
        found = searcher.search(clauses.of(asked), limit, count=False, order_by_field="day").hits
        ids = searcher.fast_field_values("id", [place for _, place in found])
        days = [int(day) for day, _ in found]
        return [
            (int(paper_id or 0), EPOCH + timedelta(days=day))
            for paper_id, day in zip(ids, days, strict=True)
            if day > UNDATED
        ]

    def scores(
        self, asked: Asked, paper_ids: Sequence[int], *, needs_all: bool = False
    ) -> Mapping[int, float]:
        clauses = self._clauses(asked)
        if clauses is None or not paper_ids:
            return {}
        allowed = clauses.allowing(asked)
        words = clauses.holding_all(asked) if needs_all else clauses.ranking(asked)
        query = Query.boolean_query([(Occur.Must, clauses.among(paper_ids)), *allowed, *words])
        searcher = clauses.vocabulary.searcher
        found = searcher.search(query, len(paper_ids), count=False)
        return {hit.paper_id: hit.score for hit in _hits(searcher, found)}

    def frequencies(self, words: Sequence[str]) -> Frequencies:
        opened_index = self._reader()
        if opened_index is None:
            return Frequencies(0, [0] * len(words), [0] * len(words))
        known = opened_index.vocabulary
        return Frequencies(
            known.papers,
            [known.of_the_rarest("text", terms(word)) for word in words],
            [known.of_the_rarest("authors", terms(word, PLAIN)) for word in words],
        )

    def facets(self, asked: Asked) -> Facets:
        clauses = self._clauses(asked)
        return Counter(clauses).facets(asked) if clauses else Facets()

    def mended(self, asked: Asked) -> str | None:
        clauses = self._clauses(asked)
        return Speller(clauses.vocabulary).mended(asked) if clauses else None

    def _clauses(self, asked: Asked, is_bounded: bool = False) -> Clauses | None:
        """None where nothing was asked, or there is nothing to ask."""
        opened_index = None if asked.is_empty else self._reader()
        if opened_index is None:
            return None
        known = opened_index.vocabulary
        return Clauses(opened_index.index.schema, known, is_bounded=is_bounded) if known.papers else None

    def count(self) -> int:
        opened = self._reader()
        return opened.vocabulary.papers if opened else 0

    def ids(self) -> set[int]:
        """Every paper of the index; for comparing it with the store."""
        opened = self._reader()
        if opened is None or not (count := self.count()):
            return set()
        searcher = opened.vocabulary.searcher
        found = searcher.search(tantivy.Query.all_query(), count, count=False)
        return {hit.paper_id for hit in _hits(searcher, found)}

    def seen(self) -> int | None:
        """How far the live index follows the store; None when there is none of this database."""
        live = self._generations.live()
        seen = read_seen(live) if live else None
        return seen.up_to if seen and self._is_ours(seen) else None

    def mark(self) -> str:
        live = self._generations.live()
        return f"{live.name if live else ''} {self.seen()}"

    @property
    def _generations(self) -> Generations:
        return Generations(self.folder)

    def _is_ours(self, seen: Seen) -> bool:
        return seen.database == self.database and seen.schema == SCHEMA_VERSION

    def _alone(self) -> AbstractContextManager[None]:
        return self._generations.alone("the index")

    def _reader(self) -> _Open | None:
        """The live generation as of its last commit; two file look-ups when nothing has changed."""
        return self._generations.of_the_live(self._open_at)

    def _open_at(self, live: Path) -> _Open | None:
        commit = _commit(live)
        with self._lock:
            if self._open is None or self._open.generation != live:
                seen = read_seen(live)
                if seen is None or not self._is_ours(seen):
                    return None
                index = opened(live)
                self._open = _Open(live, index, commit, Vocabulary(index.searcher()))
            elif self._open.commit != commit:
                with calmly(live):
                    self._open.index.reload()
                self._open = replace(
                    self._open, commit=commit, vocabulary=Vocabulary(self._open.index.searcher())
                )
            return self._open


def _hits(searcher: tantivy.Searcher, found: tantivy.SearchResult, is_by_day: bool = False) -> list[Hit]:
    places = [place for _, place in found.hits]
    ids = searcher.fast_field_values("id", places)
    scores = [0.0 if is_by_day else float(score) for score, _ in found.hits]
    return [Hit(int(paper_id or 0), score) for paper_id, score in zip(ids, scores, strict=True)]
