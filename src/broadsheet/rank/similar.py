"""Which papers are near to a paper in meaning: by vectors alone."""

from broadsheet.index.base import VectorsIndex
from broadsheet.rank.found import By, Found


def similar(vectors: VectorsIndex, paper_id: int, *, limit: int) -> list[Found]:
    """The nearest first, without the paper itself; none while it has no vector."""
    vector = vectors.vector_of(paper_id)
    if vector is None:
        return []
    near = vectors.nearest(vector, limit=limit + 1).hits
    others = [hit for hit in near if hit.paper_id != paper_id][:limit]
    return [Found(hit.paper_id, round(hit.score, 4), By.MEANING) for hit in others]
