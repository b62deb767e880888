"""Vectors held in memory and compared one by one: the protocol of index/base.py without files."""

from collections.abc import Mapping, Sequence

import numpy as np

from broadsheet.index.base import Filters, Floats, Hit, Hits, Texts
from broadsheet.index.vector_reader import no_texts

EVERYTHING = Filters()


class VectorsInMemory:
    def __init__(self, vectors: Mapping[int, Sequence[float]]) -> None:
        self._vectors = {paper_id: _of_length_1(values) for paper_id, values in vectors.items()}

    def mark(self) -> str:
        return str(sorted(self._vectors))

    def model(self) -> str | None:
        return "in memory" if self._vectors else None

    def nearest(self, query: Floats, *, limit: int, filters: Filters = EVERYTHING) -> Hits:
        assert not filters, "it holds no dates or categories to filter by"
        hits = [Hit(paper_id, float(vector @ query)) for paper_id, vector in self._vectors.items()]
        return Hits(len(hits), sorted(hits, key=lambda hit: -hit.score)[:limit])

    def cosines(self, query: Floats, paper_ids: Sequence[int]) -> Floats:
        none = np.full(len(query), np.nan, np.float32)
        return np.array([self._vectors.get(pk, none) @ query for pk in paper_ids], np.float32)

    def vector_of(self, paper_id: int) -> Floats | None:
        return self._vectors.get(paper_id)

    def texts(self, paper_ids: Sequence[int]) -> Texts:
        return no_texts(len(paper_ids))

    def count(self) -> int:
        return len(self._vectors)


def _of_length_1(values: Sequence[float]) -> Floats:
    vector = np.array(values, np.float32)
    return vector / np.float32(np.linalg.norm(vector))
