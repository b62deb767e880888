"""Replays history: orders each day's list by what was known a day later, beside how it ended. Pure.

Whatever the replay of a day uses was known then: readings up to the day after the listing, and the records
of authors from papers that had been listed a week before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from broadsheet.domain.pick import Candidates, Floats, Readings
from broadsheet.domain.signal import NUMBERS, SignalKind, SignalReading
from broadsheet.rank import formulas, orders, records, trending, usual
from broadsheet.rank.trending import Field
from broadsheet.rank.windows import Basis
from broadsheet.rank.windows import measure as measure_window

KNOWN_AFTER = timedelta(days=1)
FEWEST = 2  # papers that make a day
RANDOM = "random"
OURS = trending.FORMULA


class Listed(Protocol):
    """A paper that stood on a list, as sources.histories reads it."""

    @property
    def authors(self) -> Sequence[str]: ...
    @property
    def listed_on(self) -> date: ...
    @property
    def published_on(self) -> date | None: ...
    @property
    def final_upvotes(self) -> int: ...
    @property
    def readings(self) -> Sequence[SignalReading]: ...


@dataclass(frozen=True, slots=True)
class Day:
    """One day's list as it was known, and how it ended."""

    day: date
    field: Field
    upvotes: Floats  # (papers,) so far; nan where unknown
    stars: Floats
    stars_gained: Floats  # between the first and the last reading
    published_s: Floats  # seconds since 1970
    final: Floats


def replay(papers: Sequence[Listed], shipped: tuple[date, records.Records]) -> Iterator[Day]:
    """Each day on which at least two papers were listed, oldest first.

    `shipped`: the records that come with the package and the last day that they know of. A day up to
    then is replayed without them, since they know how it ended.
    """
    by_day: dict[date, list[Listed]] = defaultdict(list)
    for paper in papers:
        by_day[paper.listed_on].append(paper)
    for day in sorted(by_day):
        if len(by_day[day]) >= FEWEST:
            yield _as_known(day, by_day[day], _records_before(day, papers, shipped))


def part_of(day: Day, chosen: NDArray[np.bool_]) -> Day | None:
    """The day with some of its papers only; None when too few are left."""
    if np.count_nonzero(chosen) < FEWEST:
        return None
    arrays = {
        one.name: getattr(day, one.name)[chosen] for one in fields(Day) if one.name not in ("day", "field")
    }
    parts = {one.name: getattr(day.field, one.name)[chosen] for one in fields(Field) if one.name != "shares"}
    return Day(day=day.day, field=Field(shares=day.field.shares, **parts), **arrays)


def _records_before(
    day: date, papers: Sequence[Listed], shipped: tuple[date, records.Records]
) -> records.Records:
    as_of, known = shipped
    settled = day - timedelta(days=records.SETTLED_AFTER)
    first = as_of if day > as_of else date.min
    own = records.learn(
        (paper.authors, paper.final_upvotes) for paper in papers if first < paper.listed_on <= settled
    )
    return records.joined(known, own) if day > as_of else own


def _as_known(day: date, papers: Sequence[Listed], known: records.Records) -> Day:
    moment = day + KNOWN_AFTER
    readings = [[one for one in paper.readings if one.day <= moment] for paper in papers]
    published = np.array([(paper.published_on or day).toordinal() for paper in papers], np.float64)
    series = [{kind: _values(told, kind) for kind in SignalKind} for told in readings]
    return Day(
        day=day,
        field=measure_window(_candidates(day, papers, readings), Basis(usual.prior(), known)).field,
        upvotes=_last(series, SignalKind.UPVOTES),
        stars=_last(series, SignalKind.STARS),
        stars_gained=np.array([_gained(one[SignalKind.STARS]) for one in series]),
        published_s=(published - date(1970, 1, 1).toordinal()) * 86_400,
        final=np.array([paper.final_upvotes for paper in papers], np.float64),
    )


def _candidates(
    day: date, papers: Sequence[Listed], readings: Sequence[Sequence[SignalReading]]
) -> Candidates:
    flat = [
        (row, NUMBERS[one.kind], one.day.toordinal(), one.value)
        for row, told in enumerate(readings)
        for one in told
    ]
    return Candidates(
        since=day - timedelta(days=1),
        known_on=day + KNOWN_AFTER,
        paper_ids=range(len(papers)),
        dated_on=[paper.published_on or day for paper in papers],
        listed_on=[day] * len(papers),
        categories=[""] * len(papers),
        authors=[paper.authors for paper in papers],
        readings=Readings(*np.array(flat, np.int64).reshape(-1, 4).T),
        sharers=np.ones(len(papers)),
        old_code=np.empty(0, np.int64),
    )


def _values(told: Sequence[SignalReading], kind: SignalKind) -> list[int]:
    return [one.value for one in sorted(told, key=lambda one: one.day) if one.kind == kind]


def _last(series: Sequence[Mapping[SignalKind, list[int]]], kind: SignalKind) -> Floats:
    return np.array([one[kind][-1] if one[kind] else np.nan for one in series])


def _gained(values: Sequence[int]) -> float:
    return float(values[-1] - values[0]) if len(values) > 1 else np.nan


Scorer = Callable[[Day], Floats]


def _votes(day: Day) -> Floats:
    """What the formulas of other sites count: upvotes where they were read, else stars."""
    known = np.where(np.isnan(day.upvotes), day.stars, day.upvotes)
    return np.nan_to_num(known)


def _hours(day: Day) -> Floats:
    moment = datetime.combine(day.day + KNOWN_AFTER, time(), UTC).timestamp()
    return (moment - day.published_s) / 3_600


def _ours(day: Day) -> Floats:
    """Places rather than scores: they hold whatever the formula does beside adding up.

    Papers that only their number in our database tells apart share their places.
    """
    order = trending.rank(day.field)
    places = np.empty(len(order.rows))
    places[order.rows] = -np.arange(len(order.rows))
    _, alike = np.unique(np.column_stack([order.scores, day.field.ages]), axis=0, return_inverse=True)
    means: Floats = (np.bincount(alike, weights=places) / np.bincount(alike))[alike]
    return means


SCORERS: dict[str, Scorer] = {
    OURS: _ours,
    "upvotes so far": lambda day: np.nan_to_num(day.upvotes),
    "stars so far": lambda day: np.nan_to_num(day.stars),
    "stars gained": lambda day: np.nan_to_num(day.stars_gained),
    "Hacker News": lambda day: formulas.hacker_news(_votes(day), _hours(day)),
    "Reddit hot": lambda day: formulas.reddit_hot(_votes(day), day.published_s),
    "Lobsters": lambda day: formulas.lobsters(_votes(day), day.published_s),
    "newest first": lambda day: day.published_s,
    RANDOM: lambda day: np.zeros(len(day.final)),  # the mean over all orders
}


@dataclass(frozen=True, slots=True)
class Score:
    """Of one formula: means over days, and by how much ours is above it."""

    name: str
    ndcg: tuple[float, float, float]  # mean, lower and upper bound
    tau: tuple[float, float, float]
    ndcg_behind: tuple[float, float, float]
    tau_behind: tuple[float, float, float]


def measure(days: Sequence[Day], scorers: Mapping[str, Scorer] | None = None) -> list[Score]:
    """The scores of each formula over the same days, ours first. Raises ValueError without days."""
    if not days:
        raise ValueError("no day to measure")
    chosen = scorers or SCORERS
    found = {
        name: np.array([_both(scorer(day), day.final) for day in days]) for name, scorer in chosen.items()
    }
    first = found[next(iter(chosen))]
    return [Score(name, *_summed(values), *_summed(first - values)) for name, values in found.items()]


def _both(scores: Floats, final: Floats) -> tuple[float, float]:
    return orders.ndcg(scores, final), orders.tau(scores, final)


Interval = tuple[float, float, float]


def _summed(values: Floats) -> tuple[Interval, Interval]:
    mean, low, high = orders.intervals(values)
    ndcg, tau = zip(mean.tolist(), low.tolist(), high.tolist(), strict=True)
    return ndcg, tau
