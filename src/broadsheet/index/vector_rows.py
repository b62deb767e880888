"""Which record of a paper counts: the newest one, unless it says that the paper is gone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.vector_files import Bools

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Standing:
    """Never changed once made, so that a search under way keeps what it began with."""

    ids: NDArray[np.int64]  # of the papers that are there, ascending
    rows: Rows  # the record of each
    is_live: Bools  # record by record

    def rows_of(self, paper_ids: NDArray[np.int64]) -> Rows:
        """-1 for a paper that is not there."""
        if not len(self.ids):
            return np.full(len(paper_ids), -1, np.int32)
        order = np.argsort(paper_ids)  # one after the other they lie near to each other in memory
        places = np.empty(len(paper_ids), np.int64)
        places[order] = np.searchsorted(self.ids, paper_ids[order])
        places = np.minimum(places, len(self.ids) - 1)
        return np.where(self.ids[places] == paper_ids, self.rows[places], np.int32(-1))

    def followed_by(self, records: NDArray[np.int64]) -> "Standing":
        """With more records behind."""
        papers, newest = _newest(records)
        replaced, before = self.rows_of(papers), len(self.is_live)
        is_live = np.concatenate([self.is_live, np.zeros(len(records), np.bool_)])
        is_live[replaced[replaced >= 0]] = False
        stays = records[newest] >= 0
        rows = (newest[stays] + before).astype(np.int32)
        is_live[rows] = True
        gone = np.searchsorted(self.ids, papers[replaced >= 0])
        ids, kept = np.delete(self.ids, gone), np.delete(self.rows, gone)
        places = np.searchsorted(ids, papers[stays])
        return Standing(np.insert(ids, places, papers[stays]), np.insert(kept, places, rows), is_live)


def standing(records: NDArray[np.int64]) -> Standing:
    """Of the ids of all records, `~id` for one that says its paper is gone."""
    papers, newest = _newest(records)
    stays = records[newest] >= 0
    rows = newest[stays].astype(np.int32)
    is_live = np.zeros(len(records), np.bool_)
    is_live[rows] = True
    return Standing(papers[stays], rows, is_live)


def _newest(records: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The papers of some records, ascending, and the last record of each."""
    papers = np.where(records < 0, ~records, records)
    order = np.argsort(papers, kind="stable")  # quick where ids rise or fall in runs, as they mostly do
    papers = papers[order]
    is_last = np.ones(len(papers), np.bool_)
    is_last[:-1] = papers[1:] != papers[:-1]
    return papers[is_last], order[is_last]
