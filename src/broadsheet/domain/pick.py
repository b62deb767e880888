"""A paper chosen for an edition or a query, with the numbers that speak for it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Candidate:
    """What `rank` may know of a paper that stands in a window."""

    paper_id: int
    upvotes: int | None  # newest total up to the end of the signals we hold; None: no source told
    comments: int | None
    stars: int | None
    stars_gained: int | None  # between the first and the last reading that fall near the window
    stars_since: date | None  # the day from which stars_gained counts
    dated_on: date  # announced, or listed, or submitted


@dataclass(frozen=True, slots=True)
class Pick:
    paper_id: int
    rank: int  # 1 is first
    score: float
    reason: str  # "Here for 204 upvotes, first of 49."
