"""What stands beside an edition: papers that rise fast, papers under the radar. Pure."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from broadsheet.domain.pick import Brief, Candidates, Floats
from broadsheet.domain.signal import CROWDS, NUMBERS, Crowd, SignalKind
from broadsheet.rank.gains import Gains, gains_of
from broadsheet.rank.reasons import counted, gained_words, ordinal
from broadsheet.rank.trending import KINDS, WEIGHTS, Order

MOST = 3
LATELY = 2  # days in which a paper rises
YOUNG = 7  # days since it could be noticed
SHOWN_ANYWAY = 10  # first places, whose papers have all eyes already
FEWEST_FOR_TOP = 10  # papers of a day, of which a share means something
_ELSEWHERE = [NUMBERS[kind] for kind in SignalKind if CROWDS[kind] not in (Crowd.HUGGING_FACE, Crowd.READERS)]
_WEIGHTS = np.array([WEIGHTS[kind] for kind in KINDS])


def standings(gains: Floats, listed_on: Sequence[date]) -> Floats:
    """(papers, kinds) the share of the papers of the same day that gained as much or more; nan for few."""
    found = np.full(gains.shape, np.nan)
    days = np.array([day.toordinal() for day in listed_on])
    for day in np.unique(days):
        rows = np.flatnonzero(days == day)
        if len(rows) < FEWEST_FOR_TOP:
            continue
        for column in range(gains.shape[1]):
            told = np.nan_to_num(gains[rows, column])
            ordered = np.sort(told)
            found[rows, column] = (len(rows) - np.searchsorted(ordered, told, side="left")) / len(rows)
    return found


def rising(held: Candidates, gained: Gains, order: Order, as_of: int) -> list[Brief]:
    """Young papers that gained most in the last two days beside what they had, best first."""
    lately = gains_of(held.readings, len(held), as_of - LATELY, held.old_code)
    rate = np.log2(1 + np.nan_to_num(lately.gains)) * _WEIGHTS
    young = np.array([as_of - day.toordinal() <= YOUNG for day in held.listed_on])
    seen_before = np.isfinite(gained.gains) & (gained.days > lately.days - 1)
    rate[:, NUMBERS[SignalKind.OPENS] :] = 0
    best = np.where(young[:, None] & seen_before, rate, 0)
    places = _places(order)
    rows = [row for row in range(len(held)) if best[row].max() > 1]
    rows.sort(key=lambda row: (-float(best[row].sum()), places[row]))
    return [
        Brief(held.paper_ids[row], places[row], _rise(int(best[row].argmax()), lately, gained, row))
        for row in rows[:MOST]
    ]


def _rise(column: int, lately: Gains, gained: Gains, row: int) -> str:
    kind = KINDS[column]
    words = gained_words(kind, float(lately.told[row, column]), int(lately.days[row, column]))
    return f"+{words}, now {gained.told[row, column]:,.0f}"


def radar(held: Candidates, gained: Gains, order: Order, fields: Sequence[int]) -> list[Brief]:
    """Papers beyond the first places that are strong for their field, and that few have upvoted."""
    places = _places(order)
    strength = order.terms[:, _ELSEWHERE].sum(axis=1)
    eyes = order.terms[:, NUMBERS[SignalKind.UPVOTES]]
    sizes = {name: list(held.categories).count(name) for name in set(held.categories)}
    worth = {
        row: float(strength[row] - eyes[row])
        for row in range(len(held))
        if places[row] > SHOWN_ANYWAY and strength[row] > max(0.5, eyes[row])
    }
    rows = sorted(worth, key=lambda row: (-worth[row], places[row]))
    return [
        Brief(held.paper_ids[row], places[row], _strong(held, gained, order, fields, sizes, row))
        for row in rows[:MOST]
    ]


def _strong(
    held: Candidates, gained: Gains, order: Order, fields: Sequence[int], sizes: dict[str, int], row: int
) -> str:
    column = max(_ELSEWHERE, key=lambda one: order.terms[row, one])
    words = gained_words(KINDS[column], float(gained.told[row, column]), int(gained.days[row, column]))
    upvotes = gained.told[row, NUMBERS[SignalKind.UPVOTES]]
    eyes = f", {counted(int(upvotes), 'upvote')}" if np.isfinite(upvotes) else ""
    category = held.categories[row]
    place = f"; {ordinal(fields[row])} of {sizes[category]:,} in {category}" if category else ""
    return f"{words}{eyes}{place}"


def _places(order: Order) -> list[int]:
    places = [0] * len(order.rows)
    for place, row in enumerate(order.rows, 1):
        places[row] = place
    return places
