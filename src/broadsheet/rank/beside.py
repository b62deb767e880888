"""What stands beside an edition: papers that rise fast, papers under the radar. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from broadsheet.domain.pick import Brief, Candidates, Floats, Ints, Readings
from broadsheet.domain.signal import CROWDS, NUMBERS, Crowd, SignalKind
from broadsheet.rank.gains import Gains, gains_of
from broadsheet.rank.reasons import counted, gained_words, ordinal
from broadsheet.rank.trending import KINDS, WEIGHTS, Order

MOST = 3
LATELY = 2  # days in which a paper rises
YOUNG = 7  # days since it could be noticed
LEAST_STRENGTH = 0.5  # points
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
    listed = np.array([day.toordinal() for day in held.listed_on])
    is_young = as_of - listed <= YOUNG
    told = held.readings
    some = is_young[told.rows]
    young = Readings(told.rows[some], told.kinds[some], told.days[some], told.values[some])
    lately = gains_of(young, len(held), as_of - LATELY, held.old_code)
    was_read = lately.first_days <= as_of - LATELY  # else nobody can say when it came
    rate = np.where(was_read, np.log2(1 + np.nan_to_num(lately.gains)) * _WEIGHTS, 0)
    rate[:, NUMBERS[SignalKind.OPENS] :] = 0
    places = _places(order)
    total = np.where(rate.max(axis=1) > 1, rate.sum(axis=1), 0)
    rows = [int(row) for row in np.lexsort((places, -total))[:MOST] if total[row] > 0]
    return [
        Brief(held.paper_ids[row], int(places[row]), _rise(int(rate[row].argmax()), lately, gained, row))
        for row in rows
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
