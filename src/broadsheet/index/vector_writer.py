"""Adds to one generation of vectors, and makes it anew beside itself when too much of it is dead."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.base import Floats, Vectors
from broadsheet.index.generations import Generations, write_atomically
from broadsheet.index.vector_bits import Small, large, rotation, signs, small
from broadsheet.index.vector_files import CATEGORY_WORDS, MOST_CATEGORIES, Appender, Bools, Columns, mapped
from broadsheet.index.vector_reader import CENTRE, Reader, opened
from broadsheet.index.vector_state import Made, Place, State, write_state

ENOUGH_FOR_A_CENTRE = 1_000
MOST_DEAD = 0.2  # share of records that no longer count, above which the others are written anew
WORTH_IT = 1_000  # records
AT_ONCE = 20_000
FROM_THE_TEXT = ("bits", "vectors", "scales", "tokens", "title_lengths")  # the same while its hash is
SEED = 1991  # any will do; always the same, so that a rebuild answers as before
ALL_OTHERS = MOST_CATEGORIES - 1  # the bit of categories that came after all others were taken


class Writer:
    """Made by EmbeddedVectors, under its lock. After each `add` what was added is there to stay."""

    def __init__(self, generation: Path, state: State, named_by: Path | None) -> None:
        self._named_by = named_by  # the file that names the generation, if one does
        self._open(generation, state)

    @property
    def state(self) -> State:
        return self._state

    @property
    def generation(self) -> Path:
        return self._generation

    @property
    def seen(self) -> int:
        """The change number up to which news are in."""
        return self._state.up_to

    def knows(self, paper_ids: Sequence[int] | NDArray[np.int64], texts: NDArray[np.uint64]) -> Bools:
        """For each paper whether its vector is here and was made from the same text."""
        rows = self._reader.rows_of(paper_ids)
        held = np.zeros(len(rows), np.bool_)
        held[rows >= 0] = self._reader.columns.texts[rows[rows >= 0]] == texts[rows >= 0]
        return held

    def values_of(self, paper_ids: Sequence[int] | NDArray[np.int64]) -> Floats:
        """The vectors of papers that are here, for adding them again under other days or categories."""
        return self._reader.vectors_of(self._reader.rows_of(paper_ids))

    def add(
        self, vectors: Vectors, *, up_to: int | None = None, place: Place | None = None, is_last: bool = False
    ) -> None:
        """Put the papers in place of what was held of them, and forget those gone.

        `up_to` says how far the news have been seen, `place` how far back the old papers, `is_last` that
        there are none before it. Added again after a crash, the same ends the same.
        """
        state = replace(
            self._state,
            up_to=self._state.up_to if up_to is None else up_to,
            place=place or self._state.place,
            is_complete=self._state.is_complete or is_last,
            categories=_with_new(self._state.categories, vectors.categories),
        )
        if not self._state.rows and len(vectors.paper_ids) >= ENOUGH_FOR_A_CENTRE:
            state = self._centred(state, vectors.values.mean(axis=0))
        self._append(state, vectors)
        if self._wants_a_centre or self._is_mostly_dead:
            self._make_anew()

    def close(self) -> None:
        self._files.close()

    def _open(self, generation: Path, state: State) -> None:
        self._generation, self._state = generation, state
        self._reader: Reader = opened(generation, state)
        self._files = Appender(generation, state.rows, state.made.dimensions)

    def _centred(self, state: State, centre: Floats) -> State:
        _write_centre(self._generation, centre)
        self._reader = replace(self._reader, centre=centre.astype(np.float32))
        return replace(state, has_centre=True)

    def _append(self, state: State, vectors: Vectors) -> None:
        columns = self._columns(vectors, state)
        changed = columns.at(self._differs(columns))
        gone = self._gone_records(np.setdiff1d(np.asarray(vectors.gone, np.int64), columns.ids))
        added = len(changed) + len(gone)
        state = replace(state, rows=state.rows + added)
        if added:
            self._files.append(changed)
            self._files.append(gone)
            self._files.sync()
        if state != self._state:
            write_state(self._generation, state)
            self._state = state
            self._reader = self._reader.grown_to(state)

    def _columns(self, vectors: Vectors, state: State) -> Columns:
        made = small(np.asarray(vectors.values, np.float32))
        words = _category_words(state.categories, vectors.categories)
        return Columns(
            ids=vectors.paper_ids.astype(np.int64),
            # Of what is kept, not of what came: made anew from the files the signs are the same.
            bits=signs(large(made), self._reader.centre, rotation(state.seed, state.made.dimensions)),
            vectors=made.vectors,
            scales=made.scales,
            days=vectors.days.astype(np.int32),
            has_code=vectors.has_code.astype(np.bool_),
            texts=vectors.texts.astype(np.uint64),
            tokens=vectors.tokens.astype(np.uint16),
            title_lengths=vectors.title_lengths.astype(np.uint8),
            **{f"categories_{number}": words[:, number] for number in range(CATEGORY_WORDS)},
        )

    def _differs(self, columns: Columns) -> NDArray[np.int64]:
        """The rows that say anything new. A text that is the same has the same vector."""
        rows = self._reader.rows_of(columns.ids)
        differs = rows < 0
        held = self._reader.columns.at(rows[~differs])
        new = columns.at(~differs)
        said = [name for name, _ in columns.named() if name not in FROM_THE_TEXT]
        differs[~differs] = np.any([getattr(held, name) != getattr(new, name) for name in said], axis=0)
        return np.flatnonzero(differs)

    def _gone_records(self, paper_ids: NDArray[np.int64]) -> Columns:
        """One for each of the papers that is held."""
        gone = paper_ids[self._reader.rows_of(paper_ids) >= 0]
        empty = mapped(self._generation, 0, self._state.made.dimensions)
        return Columns(
            **{name: np.zeros((len(gone), *column.shape[1:]), column.dtype) for name, column in empty.named()}
            | {"ids": ~gone}
        )

    @property
    def _wants_a_centre(self) -> bool:
        return not self._state.has_centre and self._reader.count >= ENOUGH_FOR_A_CENTRE

    @property
    def _is_mostly_dead(self) -> bool:
        dead = self._state.rows - self._reader.count
        return self._state.rows >= WORTH_IT and dead > MOST_DEAD * self._state.rows

    def _make_anew(self) -> None:
        """The records that count, in a fresh generation, which takes this one's place in one rename."""
        old, live = self._reader, np.flatnonzero(self._reader.standing.is_live)
        fresh = Generations(self._generation.parent).make()
        centre = old.centre
        if not self._state.has_centre:
            centre = old.vectors_of(live[: 10 * ENOUGH_FOR_A_CENTRE].astype(np.int32)).mean(axis=0)
        _write_centre(fresh, centre)
        state = replace(self._state, rows=len(live), has_centre=True)
        files = Appender(fresh, 0, state.made.dimensions)
        for start in range(0, len(live), AT_ONCE):
            files.append(_turned(old.columns.at(live[start : start + AT_ONCE]), centre, state))
        files.sync()
        files.close()
        write_state(fresh, state)
        self._files.close()
        if self._named_by:
            write_atomically(self._named_by, fresh.name)
        self._open(fresh, state)


def started(folder: Path, database: str, made: Made, began_at: int) -> tuple[Path, State]:
    """An empty generation, which nothing names yet."""
    state = State(database, made, SEED, began_at, began_at)
    generation = Generations(folder).make()
    write_state(generation, state)
    return generation, state


def _turned(columns: Columns, centre: Floats, state: State) -> Columns:
    values = large(Small(columns.vectors, columns.scales))
    return replace(columns, bits=signs(values, centre, rotation(state.seed, state.made.dimensions)))


def _write_centre(generation: Path, centre: Floats) -> None:
    with (generation / CENTRE).open("wb") as file:
        file.write(centre.astype("<f4").tobytes())
        file.flush()
        os.fsync(file.fileno())


def _with_new(known: tuple[str, ...], said: Sequence[Sequence[str]]) -> tuple[str, ...]:
    new = dict.fromkeys(name.casefold() for names in said for name in names)
    return tuple(dict.fromkeys([*known, *new]))[:ALL_OTHERS]


def _category_words(known: tuple[str, ...], said: Sequence[Sequence[str]]) -> NDArray[np.uint64]:
    """(papers, CATEGORY_WORDS)"""
    number = {name: place for place, name in enumerate(known)}
    words = np.zeros((len(said), CATEGORY_WORDS), np.uint64)
    for row, names in enumerate(said):
        for name in names:
            place = number.get(name.casefold(), ALL_OTHERS)
            words[row, place // 64] |= np.uint64(1 << place % 64)
    return words
