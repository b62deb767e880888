"""Which paper stands where in an edition. Pure: the same candidates give the same order.

The first formula, named "upvotes-1": by upvotes, then by stars gained, then the newest first, then
by the paper's number in the database, so that ties are broken openly and always alike.
"""

from collections.abc import Sequence
from datetime import date

from broadsheet.domain.pick import Candidate, Pick
from broadsheet.rank.reasons import reason

FORMULA = "upvotes-1"


def rank(candidates: Sequence[Candidate], most: int) -> list[Pick]:
    """The best candidates, best first. The score is the number of upvotes; a paper without any has 0."""
    ordered = sorted(candidates, key=_order)
    return [
        Pick(
            paper_id=candidate.paper_id,
            rank=place,
            score=float(candidate.upvotes or 0),
            reason=reason(candidate, place, len(ordered)),
        )
        for place, candidate in enumerate(ordered[:most], start=1)
    ]


def _order(candidate: Candidate) -> tuple[int, int, int, int]:
    return (
        -(candidate.upvotes or 0),
        -(candidate.stars_gained or 0),
        -(candidate.dated_on or date.min).toordinal(),
        candidate.paper_id,
    )
