"""Which of a few known papers a query is about, and how near they are to a paper: for a day's edition.

Search orders, and one shared word puts a paper into its answer; here a paper is in or out.
"""

from collections.abc import Container, Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.base import Asked, Floats, IndexDamaged, IndexOutdated, VectorsIndex
from broadsheet.index.query import read
from broadsheet.rank.best import NEAR_ENOUGH
from broadsheet.rank.found import Engines

Bools = NDArray[np.bool_]


class CannotSearch(Exception):
    """The index cannot answer now; the message says why."""


def found_within(engines: Engines, text: str, paper_ids: Sequence[int]) -> Bools:
    """(papers,) those that the query's fields, phrases and filters allow, and that hold all its telling words
    or are near to it in meaning. Raises CannotSearch.
    """
    try:
        return _found(engines, text, paper_ids)
    except (IndexDamaged, IndexOutdated, OSError) as error:
        raise CannotSearch(str(error)) from error


def _found(engines: Engines, text: str, paper_ids: Sequence[int]) -> Bools:
    if not engines.words.count():
        raise CannotSearch("nothing is indexed yet")
    asked = read(text)
    mended = engines.words.mended(asked)
    asked = read(mended) if mended else asked
    if asked.is_empty:
        return np.ones(len(paper_ids), np.bool_)
    holding = _among(engines.words.scores(asked, paper_ids, needs_all=True), paper_ids)
    near = _near(engines, asked, paper_ids)
    if near.any() and (asked.is_strict or asked.filters):
        near &= _among(engines.words.scores(asked, paper_ids), paper_ids)
    return holding | near


def _near(engines: Engines, asked: Asked, paper_ids: Sequence[int]) -> Bools:
    query = engines.embedder.embed([asked.meaning])[0] if engines.embedder and asked.meaning else None
    if engines.vectors is None or query is None or not query.any():
        return np.zeros(len(paper_ids), np.bool_)
    return np.nan_to_num(engines.vectors.cosines(query, paper_ids)) >= NEAR_ENOUGH


def _among(found: Container[int], paper_ids: Sequence[int]) -> Bools:
    return np.array([one in found for one in paper_ids], np.bool_)


def nearness(vectors: VectorsIndex, paper_id: int, paper_ids: Sequence[int]) -> Floats | None:
    """(papers,) the cosine of each with one paper; None while that has no vector. Raises CannotSearch."""
    try:
        vector = vectors.vector_of(paper_id)
        return None if vector is None else np.nan_to_num(vectors.cosines(vector, paper_ids))
    except (IndexDamaged, IndexOutdated, OSError) as error:
        raise CannotSearch(str(error)) from error
