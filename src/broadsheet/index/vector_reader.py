"""One generation of vectors as of one moment: answers from files mapped into memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.base import (
    MOST_TOKENS,
    NO_TOKEN,
    Filters,
    Floats,
    Hit,
    Hits,
    Texts,
    VectorsDamaged,
)
from broadsheet.index.vector_bits import Small, large, rotation, signs
from broadsheet.index.vector_files import CATEGORY_WORDS, Bools, Columns, mapped
from broadsheet.index.vector_rows import Rows, Standing, standing
from broadsheet.index.vector_scan import nearest_signs
from broadsheet.index.vector_state import State
from broadsheet.lib.arrays import rows_at

CENTRE = "centre.f32"
MOST_RESCORED = 2_000  # nearest by signs, whose cosines are computed; recall@10 0.979,
LEAST_RESCORED = 1_000  # of so many 0.968; ten for each that is asked for
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Reader:
    generation: Path
    state: State
    columns: Columns
    standing: Standing
    centre: Floats
    says_something: Bools  # records that count and whose text has a meaning
    how_many: int  # of them

    @property
    def count(self) -> int:
        return len(self.standing.ids)

    def nearest(self, query: Floats, *, limit: int, filters: Filters) -> Hits:
        allowed, count = self.says_something, self.how_many
        if filters:
            allowed = self._allowed(filters)
            count = int(np.count_nonzero(allowed))
        if not count or limit < 1 or not self._fits(query) or not query.any():
            return Hits(count, [])
        query = _of_length_1(query)
        asked = signs(query[None, :], self.centre, rotation(self.state.seed, self.state.made.dimensions))
        rows = nearest_signs(asked, self.columns.bits, allowed, count, most=_rescored(limit))
        cosines = self._cosines(query, rows)
        best = np.lexsort((-self.columns.ids[rows], -cosines))[:limit]
        pairs = zip(self.columns.ids[rows[best]].tolist(), cosines[best].tolist(), strict=True)
        return Hits(count, [Hit(paper_id, cosine) for paper_id, cosine in pairs])

    def cosines(self, query: Floats, paper_ids: Sequence[int]) -> Floats:
        rows = self.rows_of(paper_ids)
        has_one = rows >= 0
        cosines = np.full(len(rows), np.nan, np.float32)
        if self._fits(query):
            cosines[has_one] = self._cosines(_of_length_1(query), rows[has_one])
        return cosines

    def texts(self, paper_ids: Sequence[int]) -> Texts:
        rows = self.rows_of(paper_ids)
        is_known = rows >= 0
        if not is_known.any():
            return no_texts(len(rows))
        tokens = rows_at(self.columns.tokens, np.maximum(rows, 0))
        tokens[~is_known] = NO_TOKEN
        return Texts(is_known, tokens, np.where(is_known, self.columns.title_lengths[rows], np.uint8(0)))

    def vectors_of(self, rows: Rows) -> Floats:
        return large(Small(self.columns.vectors[rows], self.columns.scales[rows]))

    def rows_of(self, paper_ids: Sequence[int] | NDArray[np.int64]) -> Rows:
        """-1 where there is none."""
        return self.standing.rows_of(np.asarray(paper_ids, np.int64))

    def grown_to(self, state: State) -> "Reader":
        """With the records that were added meanwhile."""
        columns = mapped(self.generation, state.rows, state.made.dimensions)
        added = columns.ids[len(self.columns) :]
        if not len(added):
            return replace(self, state=state, columns=columns)
        return _reader(self.generation, state, columns, self.standing.followed_by(added), self.centre)

    def _fits(self, query: Floats) -> bool:
        """A query of another model, embedded before the vectors were swapped, is near to nothing."""
        return query.shape == (self.state.made.dimensions,)

    def _cosines(self, query: Floats, rows: NDArray[np.int32] | NDArray[np.int64]) -> Floats:
        vectors = rows_at(self.columns.vectors, rows)
        found: Floats = (vectors.astype(np.float32) @ query) * self.columns.scales[rows]
        return found

    def _allowed(self, filters: Filters) -> Bools:
        allowed = self.says_something.copy()
        if filters.since is not None:
            allowed &= self.columns.days >= (filters.since - EPOCH).days
        if filters.until is not None:
            allowed &= self.columns.days <= (filters.until - EPOCH).days
        if filters.since is not None or filters.until is not None:
            allowed &= self.columns.days > UNDATED
        if filters.has_code is not None:
            allowed &= self.columns.has_code == filters.has_code
        if filters.categories:
            allowed &= self._in_categories(filters.categories)
        return allowed

    def _in_categories(self, wanted: Sequence[str]) -> Bools:
        names = [name.casefold() for name in wanted]
        held = [
            number
            for number, category in enumerate(self.state.categories)
            if any(category == name or category.startswith(f"{name}.") for name in names)
        ]
        found = np.zeros(len(self.columns), np.bool_)
        for word in range(CATEGORY_WORDS):
            bits = sum(1 << number % 64 for number in held if number // 64 == word)
            if bits:
                found |= (self.columns.category_word(word) & np.uint64(bits)) != 0
        return found


UNDATED = -1_000_000


def _rescored(limit: int) -> int:
    return max(LEAST_RESCORED, min(10 * limit, MOST_RESCORED), limit)


def _of_length_1(query: Floats) -> Floats:
    length = np.linalg.norm(query)
    return (query / length if length > 0 else query).astype(np.float32)


def no_texts(count: int) -> Texts:
    tokens = np.full((count, MOST_TOKENS), NO_TOKEN, np.uint16)
    return Texts(np.zeros(count, np.bool_), tokens, np.zeros(count, np.uint8))


def opened(generation: Path, state: State) -> Reader:
    """Raises VectorsDamaged when a file is missing or shorter than the state says."""
    columns = mapped(generation, state.rows, state.made.dimensions)
    return _reader(generation, state, columns, standing(columns.ids), read_centre(generation, state))


def _reader(generation: Path, state: State, columns: Columns, stands: Standing, centre: Floats) -> Reader:
    says_something = stands.is_live & (columns.scales > 0)
    how_many = int(np.count_nonzero(says_something))
    return Reader(generation, state, columns, stands, centre, says_something, how_many)


def read_centre(generation: Path, state: State) -> Floats:
    if not state.has_centre:
        return np.zeros(state.made.dimensions, np.float32)
    try:
        centre = np.fromfile(generation / CENTRE, "<f4")
    except OSError as error:
        raise VectorsDamaged(f"{generation / CENTRE} is missing; run broadsheet reindex --meaning") from error
    if centre.shape != (state.made.dimensions,):
        raise VectorsDamaged(f"{generation / CENTRE} is too short; run broadsheet reindex --meaning")
    return centre
