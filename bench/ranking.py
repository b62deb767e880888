"""How long ranking takes: python -m bench.ranking [--days 30] [--papers 1500]

Made-up papers with six kinds of signal, read every day; once through the code that makes editions.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from broadsheet.domain.pick import Candidates, Readings
from broadsheet.domain.signal import NUMBERS, SignalKind
from broadsheet.rank import usual
from broadsheet.rank.records import shipped
from broadsheet.rank.trending import rank
from broadsheet.rank.windows import Basis, measure, rank_window

KINDS = (
    SignalKind.UPVOTES,
    SignalKind.COMMENTS,
    SignalKind.STARS,
    SignalKind.POINTS,
    SignalKind.CITATIONS,
    SignalKind.OPENS,
)
READ_TIMES = 8  # each kind of each paper, on the average
FIRST = date(2026, 5, 1)
MOST = 500


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How long ranking takes.")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--papers", type=int, default=1_500, help="a day")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args(words)
    held = made_up(arguments.days, arguments.papers)
    basis = Basis(usual.prior(), shipped())
    print(f"{len(held):,} papers, {len(held.readings.rows):,} readings of {len(KINDS)} kinds")
    field = measure(held, basis).field
    for name, work in {
        "formula alone": lambda: rank(field),
        "gains, usual, formula": lambda: rank(measure(held, basis).field),
        "all, with reasons": lambda: rank_window(held, MOST, basis),
    }.items():
        times = sorted(_timed(work) for _ in range(arguments.rounds))
        print(f"  {name:24} median {times[len(times) // 2]:6.3f} s, worst {times[-1]:6.3f} s")
    return 0


def _timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


def made_up(days: int, papers: int, seed: int = 7) -> Candidates:
    """Papers of `days` days in a dozen categories, one in three with signals of all kinds."""
    chance = np.random.default_rng(seed)
    count = days * papers
    on = np.repeat(np.arange(days), papers)
    series = [(row, NUMBERS[kind]) for row in range(count) for kind in KINDS]
    rows, kinds = np.repeat(np.array(series, np.int64), READ_TIMES, axis=0).T
    at = np.tile(np.arange(READ_TIMES), len(series))
    grown = np.cumsum(chance.geometric(0.3, (len(series), READ_TIMES)) - 1, axis=1).ravel()
    dates = [FIRST + timedelta(days=int(day)) for day in on]
    return Candidates(
        since=FIRST - timedelta(days=1),
        known_on=FIRST + timedelta(days=days),
        paper_ids=range(1, count + 1),
        dated_on=dates,
        listed_on=dates,
        categories=[f"cs.{name}" for name in chance.choice(list("ABCDEFGHIJKL"), count)],
        authors=[(f"Author {n}", f"Author {n // 3}", f"Author {n // 7}") for n in range(count)],
        readings=Readings(rows, kinds, FIRST.toordinal() + on[rows] + at, grown),
        sharers=np.ones(count),
        old_code=np.empty(0, np.int64),
    )


if __name__ == "__main__":
    sys.exit(main())
