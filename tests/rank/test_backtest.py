"""The replay knows only what was known then, and its measures are those of the field."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.rank import backtest, orders, records
from broadsheet.rank.formulas import hacker_news, lobsters, reddit_hot
from broadsheet.rank.trending import KINDS

DAY = date(2026, 5, 4)
NOTHING = (date.max, records.NO_RECORDS)


@dataclass(frozen=True)
class Paper:
    final_upvotes: int
    readings: tuple[SignalReading, ...] = ()
    authors: tuple[str, ...] = ()
    listed_on: date = DAY
    published_on: date | None = DAY - timedelta(days=1)


def stars(after: int, value: int) -> SignalReading:
    return SignalReading(SignalKind.STARS, DAY + timedelta(days=after), value)


def scores(papers: list[Paper], shipped: tuple[date, records.Records] = NOTHING) -> list[float]:
    day = next(day for day in backtest.replay(papers, shipped) if day.day == DAY)
    return list(backtest.SCORERS[backtest.OURS](day))


def test_what_was_read_later_changes_nothing() -> None:
    known = [Paper(5, (stars(0, 3), stars(1, 9))), Paper(9, (stars(1, 20),)), Paper(1)]
    later = [replace(paper, readings=(*paper.readings, stars(2, 900 * n))) for n, paper in enumerate(known)]

    assert scores(known) == scores(later)
    assert scores(known) == [-1.0, 0.0, -2.0]


def test_how_papers_ended_is_known_of_those_of_a_week_before_only() -> None:
    papers = [Paper(1, authors=("Ada",)), Paper(1, authors=("Bob",))]
    famous = Paper(500, authors=("Ada",), listed_on=DAY - timedelta(days=7))
    unknown = Paper(3, authors=("Zoe",), listed_on=DAY - timedelta(days=7))

    assert scores([*papers, famous, unknown]) == [0.0, -1.0]
    recent = [replace(one, listed_on=DAY - timedelta(days=6)) for one in (famous, unknown)]
    assert scores([*papers, *recent]) == [-0.5, -0.5]


def test_shipped_records_are_not_used_on_days_that_they_know_of() -> None:
    papers = [Paper(1, authors=("Ada",)), Paper(1, authors=("Bob",))]
    known = records.learn([(("Ada",), 500), (("Zoe",), 3)])

    assert scores(papers, (DAY, known)) == [-0.5, -0.5]
    assert scores(papers, (DAY - timedelta(days=1), known)) == [0.0, -1.0]


def test_the_order_of_the_file_plays_no_part() -> None:
    papers = [Paper(n % 7, (stars(1, (n * 5) % 11),)) for n in range(20)]

    forwards, backwards = scores(papers), scores(papers[::-1])

    assert forwards == backwards[::-1]


def test_every_formula_is_measured_on_the_same_days() -> None:
    papers = [
        Paper(n, (stars(1, n),), listed_on=DAY + timedelta(days=n % 3), published_on=None) for n in range(30)
    ]

    found = backtest.measure(list(backtest.replay(papers, NOTHING)))

    assert [score.name for score in found] == list(backtest.SCORERS)
    assert found[0].ndcg_behind == (0.0, 0.0, 0.0)
    assert next(score for score in found if score.name == "random").tau == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="no day"):
        backtest.measure([])


def test_measures_agree_with_scikit_learn_and_scipy() -> None:
    chance = np.random.default_rng(5)  # the figures were printed by scikit-learn 1.9.1 and SciPy 1.17.1
    worth = chance.integers(0, 60, 25).astype(float)
    tied = chance.integers(0, 6, 25).astype(float)

    assert orders.ndcg(tied, worth) == pytest.approx(0.3413192421396236, abs=1e-9)
    assert orders.tau(tied, worth) == pytest.approx(-0.25336886951664367, abs=1e-9)
    assert orders.tau(worth, worth) == 1.0
    assert orders.ndcg(worth, worth) == 1.0
    assert orders.tau(np.zeros(3), np.arange(3.0)) == 0.0
    assert orders.ndcg(np.arange(3.0), np.zeros(3)) == 1.0


def test_the_formulas_of_other_sites() -> None:
    assert hacker_news(np.array([11.0]), np.array([8.0]))[0] == pytest.approx(10 / 10**1.8)
    assert reddit_hot(np.array([100.0]), np.array([1_134_073_003.0]))[0] == pytest.approx(3.0)
    assert lobsters(np.array([9.0]), np.array([79_200.0]))[0] == pytest.approx(2.0)


def test_the_record_is_the_last_column() -> None:
    assert KINDS[-1] == "record"
