"""The papers that may stand in an edition, and those chosen, with the numbers that speak for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Readings:
    """Counts as told, one a row, in any order; one count per paper, kind and day."""

    rows: Ints  # (readings,) which paper
    kinds: Ints  # (readings,) domain.signal.NUMBERS
    days: Ints  # (readings,) ordinal of the date
    values: Ints  # (readings,) totals


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a ranking may know of the papers of a window, one a row. The order of the rows means nothing."""

    since: date  # gains count from the end of this day
    known_on: date  # until when it was looked: today, or two weeks after the window
    paper_ids: Sequence[int]
    dated_on: Sequence[date]  # submitted, as far as told: how old the paper is
    listed_on: Sequence[date]  # announced or listed: since when people can have noticed it
    categories: Sequence[str]  # primary; "" for none
    authors: Sequence[Sequence[str]]
    readings: Readings
    sharers: Floats  # (papers,) how many papers name its repository, at least 1
    old_code: Ints  # rows whose repository is older than the paper: its stars were there before
    counts_age: bool = True  # False: all time, where old papers stand beside new ones

    def __len__(self) -> int:
        return len(self.paper_ids)

    def part(self, rows: Ints) -> "Candidates":
        """Some of the papers only, in the order of their rows."""
        numbers = np.full(len(self), -1)
        numbers[rows] = np.arange(len(rows))
        told, is_kept = self.readings, numbers[self.readings.rows] >= 0
        some = rows.tolist()
        return Candidates(
            since=self.since,
            known_on=self.known_on,
            paper_ids=[self.paper_ids[row] for row in some],
            dated_on=[self.dated_on[row] for row in some],
            listed_on=[self.listed_on[row] for row in some],
            categories=[self.categories[row] for row in some],
            authors=[self.authors[row] for row in some],
            readings=Readings(
                numbers[told.rows[is_kept]], told.kinds[is_kept], told.days[is_kept], told.values[is_kept]
            ),
            sharers=self.sharers[rows],
            old_code=numbers[self.old_code[numbers[self.old_code] >= 0]],
            counts_age=self.counts_age,
        )


class Term(NamedTuple):
    """One summand of a score."""

    kind: str  # a SignalKind, "record" or "age"
    gained: float  # in `days`; for the record and the age what they are measured in
    usual: float
    days: int
    points: float
    note: str = ""  # "damped", "capped", "shared", "stale" or ""


@dataclass(frozen=True, slots=True)
class Pick:
    paper_id: int
    rank: int  # 1 is first
    score: float  # the sum of the points of its terms
    reason: str  # "Here for 204 upvotes, top 2 % of its day."
    terms: Sequence[Term] = ()
    field_rank: int | None = None  # among the papers of its primary category


@dataclass(frozen=True, slots=True)
class Brief:
    """A paper beside the list, and why."""

    paper_id: int
    rank: int
    words: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """What became of the candidates."""

    picks: list[Pick]
    rising: list[Brief] = field(default_factory=list)
    radar: list[Brief] = field(default_factory=list)
    damped: list[Brief] = field(default_factory=list)  # what was held back, for the owner
    inputs: Mapping[str, Any] = field(default_factory=dict)  # what it was made from, as JSON
