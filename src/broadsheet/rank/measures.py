"""How good rankings are, in the measures of trec_eval and BEIR. Plain numbers; knows no index.

nDCG with linear gains and a logarithmic discount is trec_eval's ndcg_cut, recall its recall. Reciprocal rank
is cut here: trec_eval has it only for the whole ranking.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

Grades = Mapping[int, int]  # how much each paper answers the query: 0 and less not at all


def ndcg(ranked: Sequence[int], grades: Grades, depth: int) -> float:
    """0 to 1: the gains of the first `depth`, later ones counting less, beside those of the best order.

    >>> round(ndcg([7, 8, 9], {7: 1, 9: 2}, 10), 4)
    0.7602
    """
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    ideal = _discounted(best[:depth])
    return (
        _discounted(max(0, grades.get(paper, 0)) for paper in _first(ranked, depth)) / ideal if ideal else 0.0
    )


def reciprocal_rank(ranked: Sequence[int], grades: Grades, depth: int) -> float:
    """One over the place of the first right paper; 0 when the first `depth` hold none."""
    places = (place for place, paper in enumerate(_first(ranked, depth), 1) if grades.get(paper, 0) > 0)
    return 1 / next(places, math.inf)


def recall(ranked: Sequence[int], grades: Grades, depth: int) -> float:
    """The share of the right papers that are among the first `depth`."""
    right = {paper for paper, grade in grades.items() if grade > 0}
    return len(right.intersection(_first(ranked, depth))) / len(right) if right else 0.0


def _first(ranked: Sequence[int], depth: int) -> Sequence[int]:
    """A paper that a ranking names twice counts at its first place only."""
    return list(islice(dict.fromkeys(ranked), depth))


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over queries."""

    ndcg_10: float
    mrr_10: float
    recall_10: float
    recall_100: float


def quality(rankings: Collection[tuple[Sequence[int], Grades]]) -> Quality:
    """Every query counts alike; one without an answer counts 0. Raises ValueError when there is none."""
    if not rankings:
        raise ValueError("no query to measure")
    return Quality(
        ndcg_10=_mean(ndcg(ranked, grades, 10) for ranked, grades in rankings),
        mrr_10=_mean(reciprocal_rank(ranked, grades, 10) for ranked, grades in rankings),
        recall_10=_mean(recall(ranked, grades, 10) for ranked, grades in rankings),
        recall_100=_mean(recall(ranked, grades, 100) for ranked, grades in rankings),
    )


@dataclass(frozen=True, slots=True)
class Latency:
    """In milliseconds."""

    mean_ms: float
    p50_ms: float
    p99_ms: float


def latency(times_ms: Sequence[float]) -> Latency:
    """Of at least one time. p99 of fewer than a hundred is the longest."""
    ordered = sorted(times_ms)
    return Latency(
        mean_ms=_mean(ordered),
        p50_ms=ordered[math.ceil(len(ordered) * 0.50) - 1],
        p99_ms=ordered[math.ceil(len(ordered) * 0.99) - 1],
    )


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return math.fsum(held) / len(held)
