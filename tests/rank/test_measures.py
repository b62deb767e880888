"""Our measures give what trec_eval gives; the expected figures were printed by pytrec_eval 0.5."""

import math

import pytest

from broadsheet.rank.measures import Grades, latency, ndcg, quality, recall, reciprocal_rank

GRADED: Grades = {2: 1, 4: 1, 5: 3, 6: 0}
ODD_PLACES: Grades = {place: 1 + place % 3 for place in range(1, 31, 2)}


@pytest.mark.parametrize(
    ("ranked", "grades", "expected"),
    [
        ([1, 2, 3], {1: 1, 3: 2}, 0.7601875334318685),
        ([1, 2, 3, 4, 5, 6, 7], GRADED, 0.5379333142683604),
        ([2, 3, 1], {1: 1, 2: -1, 3: 2}, 0.66967181649423),
        (list(range(1, 31)), ODD_PLACES, 0.38454781007152355),
        ([1, 2], {9: 1}, 0.0),
        ([1], {1: 0}, 0.0),
        ([], {1: 1}, 0.0),
    ],
)
def test_ndcg_is_that_of_trec_eval(ranked: list[int], grades: Grades, expected: float) -> None:
    assert ndcg(ranked, grades, 10) == pytest.approx(expected, abs=1e-12)


def test_ndcg_worked_by_hand() -> None:
    found = 3 / math.log2(2) + 0 + 1 / math.log2(4)
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)

    assert ndcg([10, 99, 12], {10: 3, 11: 2, 12: 1}, 10) == pytest.approx(found / best)


def test_recall_is_that_of_trec_eval() -> None:
    ranked = list(range(1, 31))

    assert recall(ranked, ODD_PLACES, 10) == pytest.approx(5 / 15)
    assert recall(ranked, ODD_PLACES, 100) == 1.0
    assert recall([1, 2, 3], {2: 0}, 10) == 0.0


def test_reciprocal_rank_ends_at_its_depth() -> None:
    assert reciprocal_rank([1, 2, 3], {3: 1}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(list(range(20)), {9: 1}, 10) == pytest.approx(1 / 10)
    assert reciprocal_rank(list(range(20)), {10: 1}, 10) == 0.0
    assert reciprocal_rank([2], {2: 0}, 10) == 0.0


def test_a_paper_that_is_named_twice_counts_once() -> None:
    assert ndcg([1, 1], {1: 1, 2: 1}, 10) == ndcg([1], {1: 1, 2: 1}, 10)
    assert recall([1, 1], {1: 1, 2: 1}, 10) == 0.5
    assert reciprocal_rank([8, 8, 8, 1], {1: 1}, 2) == 0.5


def test_a_query_without_an_answer_counts_like_any_other() -> None:
    measured = quality([([1], {1: 1}), ([], {1: 1})])

    assert (measured.ndcg_10, measured.mrr_10, measured.recall_10, measured.recall_100) == (0.5,) * 4


def test_nothing_to_measure_is_an_error_and_no_figure() -> None:
    with pytest.raises(ValueError, match="no query"):
        quality([])


def test_percentiles_are_times_that_were_measured() -> None:
    measured = latency([float(ms) for ms in range(200, 0, -1)])

    assert (measured.mean_ms, measured.p50_ms, measured.p99_ms) == (100.5, 100.0, 198.0)
    assert latency([7.0]) == type(measured)(7.0, 7.0, 7.0)
