"""Turns series of counts into what was gained in a window. Pure, and over all papers at once.

A count that falls gains nothing, and nothing again until it has passed its former height: an account that
is removed and bought again is not news. Stars are held to the pace that their repository had before.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.domain.pick import Candidates, Floats, Ints, Readings
from broadsheet.domain.signal import NUMBERS, SignalKind
from broadsheet.rank.trending import KINDS

LEAST_HISTORY = 5  # gaps between readings before the window, from which a pace can be told
PACE_SPREADS = 4.0  # robust standard deviations above its median pace that a repository may gain
LEAST_PACE = 5.0  # stars a day that any repository may gain
_SPREAD_OF_MAD = 1.4826  # of a normal distribution
# Points and comments of Hacker News are those of stories of the last two weeks; readers here are counted from
# the first on. The others go on for years before a source first tells of them.
_GROW_UNSEEN = [
    NUMBERS[kind]
    for kind in (SignalKind.UPVOTES, SignalKind.COMMENTS, SignalKind.STARS, SignalKind.CITATIONS)
]
_GROW_ELSEWHERE = [NUMBERS[SignalKind.STARS], NUMBERS[SignalKind.CITATIONS]]
OLD_PAPER = 60  # days before the window; its code and its citations were there before it was listed
_DAYS = 4_000_000  # more than there are days in the calendar
_HIGHEST = 10**9 + 1  # above every count; keeps the running maxima of two series apart
_STARS = NUMBERS[SignalKind.STARS]


@dataclass(frozen=True, slots=True)
class Gains:
    """What each paper gained of each kind."""

    gains: Floats  # (papers, kinds); nan where nobody told
    told: Floats  # (papers, kinds) before repositories were held to their pace
    totals: Floats  # (papers, kinds) the newest count
    days: Floats  # (papers, kinds) over which it was gained; 0 for a series that began in the window
    first_days: Floats  # (papers, kinds) ordinal of the first reading; nan
    last_days: Floats  # (papers, kinds) and of the newest


def gains_of(held: Candidates, since: int) -> Gains:
    """What was gained from the end of the day `since` (an ordinal) to the last reading.

    A series that begins later began at 0: the paper is new, and so are its votes. Not so for a paper that
    could be noticed before, or whose repository was there before: when its votes, citations or stars came
    nobody saw, and only what was seen to come counts.
    """
    readings, papers = held.readings, len(held)
    gains, told, totals, days, first, last = (np.full((papers, len(KINDS)), np.nan) for _ in range(6))
    if len(readings.rows) == 0:
        return Gains(gains, told, totals, days, first, last)
    rows, kinds, at, values = _in_order(readings)
    starts = np.flatnonzero(np.r_[True, (np.diff(rows) != 0) | (np.diff(kinds) != 0)])
    series = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(rows)]))
    heights = _running_maxima(values, series)
    ends = np.r_[starts[1:], len(rows)] - 1
    cell = rows[starts], kinds[starts]
    base = _bases(at, heights, series, len(starts), since)
    is_old = _were_there(held, since)[cell] | ((cell[1] == _STARS) & np.isin(cell[0], held.old_code))
    is_whole = np.isnan(base) & ~is_old  # all that there is came in the window
    base = np.where(np.isnan(base), np.where(is_old, heights[starts], 0), base)
    span = np.maximum(1.0, at[ends] - np.maximum(at[starts], since))
    told[cell] = np.maximum(0.0, heights[ends] - base)
    totals[cell] = values[ends]
    days[cell], first[cell], last[cell] = np.where(is_whole, 0, span), at[starts], at[ends]
    stars = kinds == _STARS
    paces = _paces(at[stars], heights[stars], series[stars], len(starts), since)
    gains[cell] = np.minimum(told[cell], paces * span)
    return Gains(gains, told, totals, days, first, last)


def _in_order(readings: Readings) -> tuple[Ints, Ints, Ints, Ints]:
    """By paper, kind and day; a database gives them so already, and looking is quicker than sorting."""
    keys = (readings.rows * len(KINDS) + readings.kinds) * _DAYS + readings.days
    columns = readings.rows, readings.kinds, readings.days, readings.values
    if (keys[1:] >= keys[:-1]).all():
        return columns
    order = np.argsort(keys, kind="stable")
    rows, kinds, days, values = (column[order] for column in columns)
    return rows, kinds, days, values


def _running_maxima(values: Ints, series: Ints) -> Ints:
    lifted = values + series * _HIGHEST
    highest: Ints = np.maximum.accumulate(lifted) - series * _HIGHEST
    return highest


def _were_there(held: Candidates, since: int) -> NDArray[np.bool_]:
    """(papers, kinds) what may have been counted before anybody told us of it."""
    listed = np.array([day.toordinal() for day in held.listed_on]) <= since
    dated = np.array([day.toordinal() for day in held.dated_on]) <= since - OLD_PAPER
    found = np.zeros((len(held), len(KINDS)), dtype=bool)
    found[:, _GROW_UNSEEN] = listed[:, None]
    found[:, _GROW_ELSEWHERE] |= dated[:, None]  # votes of a list begin with the listing
    return found


def _bases(at: Ints, heights: Ints, series: Ints, count: int, since: int) -> Floats:
    """The height of each series at the end of the day `since`; nan where it began later.

    Between two readings it is taken to have grown evenly: what is counted monthly gains no month in a week.
    """
    base = np.full(count, np.nan)
    last = np.full(count, -1)
    before = np.flatnonzero(at <= since)
    last[series[before]] = before  # in order of days: the last one stays
    known = np.flatnonzero(last >= 0)
    low = last[known]
    high = np.minimum(low + 1, len(at) - 1)
    goes_on = series[high] == series[low]
    share = np.where(goes_on, (since - at[low]) / np.maximum(1, at[high] - at[low]), 0)
    base[known] = heights[low] + share * (heights[high] - heights[low])
    return base


def _paces(at: Ints, heights: Ints, series: Ints, count: int, since: int) -> Floats:
    """How many a day each series may gain, from its gaps before the window; inf where there are too few."""
    inside = np.flatnonzero((series[1:] == series[:-1]) & (at[1:] <= since)) + 1
    pace = (heights[inside] - heights[inside - 1]) / np.maximum(1, at[inside] - at[inside - 1])
    of = series[inside]
    gaps = np.bincount(of, minlength=count)
    some = gaps[of] >= LEAST_HISTORY
    pace, of = pace[some], of[some]
    median = _medians(pace, of, count)
    away = _medians(np.abs(pace - median[of]), of, count)
    most = np.maximum(LEAST_PACE, median + PACE_SPREADS * _SPREAD_OF_MAD * away)
    return np.where(gaps >= LEAST_HISTORY, most, np.inf)


def _medians(values: Floats, groups: Ints, count: int) -> Floats:
    """The median of the values of each group; nan for a group without any."""
    order = np.lexsort((values, groups))
    ordered, sizes = values[order], np.bincount(groups, minlength=count)
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    found = np.full(count, np.nan)
    some = sizes > 0
    low, high = starts[some] + (sizes[some] - 1) // 2, starts[some] + sizes[some] // 2
    found[some] = (ordered[low] + ordered[high]) / 2
    return found
