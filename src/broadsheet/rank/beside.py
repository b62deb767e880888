"""What stands beside an edition: papers that rise fast, papers under the radar. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from broadsheet.domain.pick import Brief, Candidates, Floats, Ints
from broadsheet.domain.signal import CROWDS, NUMBERS, Crowd, SignalKind
from broadsheet.rank.gains import Gains, gains_of
from broadsheet.rank.reasons import counted, gained_words, ordinal
from broadsheet.rank.trending import KINDS, WEIGHTS, Order
from broadsheet.rank.usual import Usual

MOST = 3
LATELY = 2  # days in which a paper rises
YOUNG = 7  # days since it could be noticed
LEAST_STRENGTH = 0.5  # points
LEAST_RISE = 0.3
SHOWN_ANYWAY = 10  # first places, whose papers have all eyes already
FEWEST_FOR_TOP = 10  # papers of a day, of which a share means something
_ELSEWHERE = [NUMBERS[kind] for kind in SignalKind if CROWDS[kind] not in (Crowd.HUGGING_FACE, Crowd.READERS)]
_COUNTED_ELSEWHERE = np.array([CROWDS.get(kind) not in (None, Crowd.READERS) for kind in KINDS])  # type: ignore[call-overload]
_WEIGHTS = np.array([WEIGHTS[kind] for kind in KINDS])


def standings(gains: Floats, listed_on: Sequence[date]) -> Floats:
    """(papers, kinds) the share of the papers of the same day that gained as much or more; nan for few."""
    found = np.full(gains.shape, np.nan)
    days = np.array([day.toordinal() for day in listed_on])
    for day in np.unique(days):
        rows = np.flatnonzero(days == day)
        if len(rows) < FEWEST_FOR_TOP:
            continue
        for column in np.flatnonzero((gains[rows] > 0).any(axis=0)):
            told = np.nan_to_num(gains[rows, column])
            ordered = np.sort(told)
            found[rows, column] = (len(rows) - np.searchsorted(ordered, told, side="left")) / len(rows)
    return found


def rising(held: Candidates, usual: Usual, order: Order, as_of: int) -> list[Brief]:
    """Young papers that gained most beyond the usual in the last two days, best first."""
    listed = np.array([day.toordinal() for day in held.listed_on])
    rows = np.flatnonzero(as_of - listed <= YOUNG)
    if not len(rows):
        return []
    young = held.part(rows)
    if not len(young.readings.rows):
        return []
    lately = gains_of(young, as_of - LATELY)
    ages = np.maximum(0, lately.last_days - listed[rows][:, None])
    expected = usual.gains(ages, as_of - LATELY - listed[rows], young.categories)
    gains = lately.gains / np.where(
        np.arange(len(KINDS)) == NUMBERS[SignalKind.STARS], young.sharers[:, None], 1
    )
    rate = np.log2(1 + np.nan_to_num(gains) / expected) * _WEIGHTS
    was_read = lately.first_days <= as_of - LATELY  # else nobody can say when it came
    rate = np.where(was_read & _COUNTED_ELSEWHERE, rate, 0)
    places = _places(order)[rows]
    total = np.where(rate.max(axis=1) >= LEAST_RISE, rate.sum(axis=1), 0)
    best = [int(row) for row in np.lexsort((places, -total))[:MOST] if total[row] > 0]
    return [
        Brief(young.paper_ids[row], int(places[row]), _rise(int(rate[row].argmax()), lately, row))
        for row in best
    ]


def _rise(column: int, lately: Gains, row: int) -> str:
    kind = KINDS[column]
    words = gained_words(kind, float(lately.told[row, column]), int(lately.days[row, column]))
    return f"+{words}, now {lately.totals[row, column]:,.0f}"


def radar(held: Candidates, gained: Gains, order: Order, fields: Sequence[int]) -> list[Brief]:
    """Papers beyond the first places that are strong for their field, and that few have upvoted."""
    places = _places(order)
    strength = order.terms[:, _ELSEWHERE].sum(axis=1)
    eyes = order.terms[:, NUMBERS[SignalKind.UPVOTES]]
    is_one = (places > SHOWN_ANYWAY) & (strength > np.maximum(LEAST_STRENGTH, eyes))
    worth = np.where(is_one, strength - eyes, 0)
    rows = [int(row) for row in np.lexsort((places, -worth))[:MOST] if is_one[row]]
    sizes = Counter(held.categories)
    return [
        Brief(held.paper_ids[row], int(places[row]), _strong(held, gained, order, fields, sizes, row))
        for row in rows
    ]


def _strong(
    held: Candidates, gained: Gains, order: Order, fields: Sequence[int], sizes: Mapping[str, int], row: int
) -> str:
    column = max(_ELSEWHERE, key=lambda one: order.terms[row, one])
    words = gained_words(KINDS[column], float(gained.told[row, column]), int(gained.days[row, column]))
    upvotes = gained.told[row, NUMBERS[SignalKind.UPVOTES]]
    eyes = f", {counted(int(upvotes), 'upvote')}" if np.isfinite(upvotes) else ""
    category = held.categories[row]
    place = f"; {ordinal(fields[row])} of {sizes[category]:,} in {category}" if category else ""
    return f"{words}{eyes}{place}"


def _places(order: Order) -> Ints:
    places = np.empty(len(order.rows), np.int64)
    places[order.rows] = np.arange(1, len(order.rows) + 1)
    return places
