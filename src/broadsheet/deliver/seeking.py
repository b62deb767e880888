"""What readers choose from: an edition's papers, and what the site's index says of them, asked once each."""

import logging
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from broadsheet.deliver.personal import Pool, Positions
from broadsheet.index.base import Floats
from broadsheet.rank.found import Engines
from broadsheet.rank.within import Bools, CannotSearch, found_within, nearness
from broadsheet.store import pages
from broadsheet.store.page_values import EditionHead

POOL = 3_000  # papers of a window from which readers' choices are made; some 10 KB of memory each
MOST_KEPT = 4_000  # answers of each kind: some MB, however many readers there are
ALIKE = 0.45  # cosine from which a paper counts as like another: one or two in a day of 500 have it

log = logging.getLogger(__name__)


class Seeker:
    """Asks about the papers of an edition, which are named by their positions there."""

    def __init__(self, engines: Callable[[], Engines], paper_ids: Sequence[int]) -> None:
        self._engines = engines
        self._ids = paper_ids
        self._answer = lru_cache(MOST_KEPT)(self._asked)
        self._nearness = lru_cache(MOST_KEPT)(self._near)

    def found(self, query: str) -> Positions | None:
        """None when the search could not be run."""
        answer = self._answer(query)
        return None if answer is None else _positions(answer)

    def alike(self, more: Sequence[int], less: Sequence[int]) -> tuple[Positions, Positions]:
        """Those like one of `more`, and those like one of `less`; whichever is nearer counts."""
        liked, disliked = self._nearest(more), self._nearest(less)
        is_liked = (liked >= ALIKE) & (liked >= disliked)
        return _positions(is_liked), _positions((disliked >= ALIKE) & ~is_liked)

    def _asked(self, query: str) -> Bools | None:
        try:
            return found_within(self._engines(), query, self._ids)
        except CannotSearch as error:
            log.warning("A saved search could not be run: %s", error)
            return None

    def _nearest(self, paper_ids: Sequence[int]) -> Floats:
        """(papers,) the cosine with the nearest of them; 0 where nothing is known."""
        rows = [row for paper_id in paper_ids if (row := self._nearness(paper_id)) is not None]
        return np.max(rows, axis=0) if rows else np.zeros(len(self._ids), np.float32)

    def _near(self, paper_id: int) -> Floats | None:
        vectors = self._engines().vectors
        try:
            return nearness(vectors, paper_id, self._ids) if vectors else None
        except CannotSearch as error:
            log.warning("What is like a paper could not be told: %s", error)
            return None


def choice_of(head: EditionHead, engines: Callable[[], Engines] | None) -> tuple[Pool, Seeker | None]:
    """All that readers of an edition choose from; without engines no search can be run."""
    places = pages.first_places(head, POOL) if head.edition_id else []
    places += pages.without_place(head.window, places, POOL - len(places))  # where those one follows may be
    return Pool(places), Seeker(engines, [place.paper.paper_id for place in places]) if engines else None


def _positions(chosen: Bools) -> Positions:
    return frozenset(np.flatnonzero(chosen).tolist())
