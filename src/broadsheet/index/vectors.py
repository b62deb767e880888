"""The vectors of papers in a folder: one writer at a time, any number of reading processes.

Sign bits of centred, randomly rotated vectors are scanned flat, the best are scored again with eight bits a
number. Nothing is trained and nothing is rebuilt: to add is to append.
"""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from broadsheet.index.base import (
    Filters,
    Floats,
    Hits,
    IndexOutdated,
    Texts,
    VectorsDamaged,
)
from broadsheet.index.generations import Generations, generation_named, write_atomically
from broadsheet.index.vector_reader import Reader, no_texts, opened
from broadsheet.index.vector_state import NAME, Made, State, read_state, write_state
from broadsheet.index.vector_writer import Writer, started

Stamp = tuple[int, int]  # inode and time of a state file: another one after each add


@dataclass
class EmbeddedVectors:
    """The vectors in a folder, of one database. Cheap to make; opened at the first question."""

    folder: Path
    database: str  # the store's identity; vectors of another one are not read
    _open: tuple[Reader, Stamp] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def writing(self, made: Made, *, began_at: int) -> Iterator[Writer]:
        """The live generation if that model made it, else one that grows beside it and takes its place
        after the `add` that completes it. Raises IndexBusy; IndexOutdated when none is there to add to.

        `began_at` is the store's newest change number, for a generation that begins here.
        """
        with self._alone():
            self._sweep()
            live = self._live()
            if live is None:
                raise IndexOutdated(f"no vectors in {self.folder}")
            is_live = live[1].made.is_like(made)
            generation, state = live if is_live else self._beside(made, began_at)
            if state.made != made:  # the same model under another setting
                state = replace(state, made=made)
                write_state(generation, state)
            try:
                writer = Writer(generation, state, self._current if is_live else self._next)
            except VectorsDamaged as error:
                raise IndexOutdated(str(error)) from error
            with closing(writer):
                yield writer
            if not is_live and writer.state.is_complete:
                self._make_live(writer.generation)
            self._sweep()

    @contextmanager
    def following(self) -> Iterator[Writer]:
        """The live generation, whatever model made it. Raises IndexBusy, IndexOutdated."""
        with self._alone():
            live = self._live()
            if live is None:
                raise IndexOutdated(f"no vectors in {self.folder}")
            try:
                writer = Writer(*live, self._current)
            except VectorsDamaged as error:
                raise IndexOutdated(str(error)) from error
            with closing(writer):
                yield writer

    @contextmanager
    def starting(self, made: Made, *, began_at: int) -> Iterator[Writer]:
        """A new generation that answers from its first `add` on: for when there is nothing to lose."""
        with self._alone():
            generation, state = started(self.folder, self.database, made, began_at)
            self._make_live(generation)
            with closing(Writer(generation, state, self._current)) as writer:
                yield writer

    @contextmanager
    def rebuilding(self, made: Made, *, began_at: int) -> Iterator[Writer]:
        """A new generation, which takes the place of the live one when the block ends without an error."""
        with self._alone():
            self._sweep()
            generation, state = started(self.folder, self.database, made, began_at)
            with closing(Writer(generation, state, None)) as writer:
                yield writer
            self._make_live(writer.generation)

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever kept here."""
        return not self._current.exists()

    def model(self) -> str | None:
        state = self.state()
        return state.made.model if state else None

    def state(self) -> State | None:
        """What the live generation knows of itself."""
        live = Generations(self.folder).live()
        try:
            return _state_of(live, self.database, _stamp(live)) if live else None
        except (IndexOutdated, VectorsDamaged):
            return None

    def mark(self) -> str:
        live, state = Generations(self.folder).live(), self.state()
        return f"{live.name if live else ''} {state.up_to if state else ''} {state.rows if state else ''}"

    def growing(self) -> State | None:
        """The generation that will take the live one's place; None while the model does not change."""
        try:
            return read_state(path, self.database) if (path := self._named(self._next)) else None
        except IndexOutdated:
            return None

    def nearest(self, query: Floats, *, limit: int, filters: Filters = Filters()) -> Hits:  # noqa: B008
        """`total` is how many papers the filters let through."""
        reader = self._reader()
        return reader.nearest(query, limit=limit, filters=filters) if reader else Hits(0, [])

    def cosines(self, query: Floats, paper_ids: Sequence[int]) -> Floats:
        reader = self._reader()
        return reader.cosines(query, paper_ids) if reader else np.full(len(paper_ids), np.nan, np.float32)

    def vector_of(self, paper_id: int) -> Floats | None:
        reader = self._reader()
        if reader is None or (row := reader.rows_of([paper_id]))[0] < 0:
            return None
        vector: Floats = reader.vectors_of(row)[0]
        return vector

    def texts(self, paper_ids: Sequence[int]) -> Texts:
        reader = self._reader()
        return reader.texts(paper_ids) if reader else no_texts(len(paper_ids))

    def count(self) -> int:
        reader = self._reader()
        return reader.count if reader else 0

    def ids(self) -> set[int]:
        """Every paper that has a vector; for comparing with the store."""
        reader = self._reader()
        return set(reader.standing.ids.tolist()) if reader else set()

    @property
    def _current(self) -> Path:
        return self.folder / "current"

    @property
    def _next(self) -> Path:
        return self.folder / "next"

    def _live(self) -> tuple[Path, State] | None:
        live = Generations(self.folder).live()
        return (live, read_state(live, self.database)) if live else None

    def _named(self, pointer: Path) -> Path | None:
        try:
            path = generation_named(pointer)
        except FileNotFoundError:
            return None
        return path if path and path.is_dir() else None

    def _beside(self, made: Made, began_at: int) -> tuple[Path, State]:
        """The generation that grows, gone on with when that model made it."""
        growing, path = self.growing(), self._named(self._next)
        if growing and path and growing.made.is_like(made):
            return path, growing
        path, growing = started(self.folder, self.database, made, began_at)
        write_atomically(self._next, path.name)
        return path, growing

    def _make_live(self, generation: Path) -> None:
        write_atomically(self._current, generation.name)
        self._next.unlink(missing_ok=True)
        self._sweep()

    def _sweep(self) -> None:
        """Remove what crashes and swaps left behind. Files that are mapped live on until they are closed."""
        kept = {Generations(self.folder).live(), self._named(self._next)}
        for path in self.folder.glob("g-*"):
            if path not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def _alone(self) -> AbstractContextManager[None]:
        return Generations(self.folder).alone("the vectors")

    def _reader(self) -> Reader | None:
        """The live generation as of its last add; two file look-ups when nothing has changed."""
        return Generations(self.folder).of_the_live(self._open_at)

    def _open_at(self, live: Path) -> Reader | None:
        stamp = _stamp(live)
        with self._lock:
            if self._open is None or self._open[0].generation != live or self._open[1] != stamp:
                try:
                    state = read_state(live, self.database)
                except IndexOutdated:
                    return None
                held = self._open[0] if self._open else None
                goes_on = held is not None and held.generation == live and held.state.rows <= state.rows
                goes_on = goes_on and held is not None and held.state.has_centre == state.has_centre
                self._open = (held.grown_to(state) if held and goes_on else opened(live, state), stamp)
            return self._open[0]


@lru_cache(maxsize=16)
def _state_of(generation: Path, database: str, stamp: Stamp) -> State:
    """As it was at that moment; every page asks for it."""
    return read_state(generation, database)


def _stamp(generation: Path) -> Stamp:
    try:
        found = (generation / NAME).stat()
    except FileNotFoundError as error:
        raise VectorsDamaged(f"{generation / NAME} is missing; run broadsheet reindex --meaning") from error
    return found.st_ino, found.st_mtime_ns
