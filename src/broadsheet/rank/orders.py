"""How well scores order papers whose true worth is known. Papers with equal scores share their places.

nDCG has linear gains and gives tied papers the mean of their gains, as trec_eval's successors and
scikit-learn do; tau is Kendall's tau-b. So no measure depends on the order in which papers come in.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ndcg(scores: Floats, worth: Floats, depth: int = 10) -> float:
    """0 to 1; 1 also where all are worth nothing, for then no order is wrong.

    >>> round(ndcg(np.array([3.0, 2.0, 1.0]), np.array([0.0, 1.0, 2.0])), 4)
    0.6199
    """
    order = np.argsort(-scores, kind="stable")
    _, group = np.unique(-scores[order], return_inverse=True)
    means = np.bincount(group, weights=worth[order]) / np.bincount(group)
    discounts = 1 / np.log2(np.arange(2, 2 + min(depth, len(scores))))
    best = float(np.sort(worth)[::-1][:depth] @ discounts)
    return float(means[group][:depth] @ discounts) / best if best > 0 else 1.0


def tau(scores: Floats, worth: Floats) -> float:
    """-1 to 1; 0 where either has all papers alike.

    >>> tau(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    0.3333333333333333
    """
    upper = np.triu_indices(len(scores), 1)
    one = np.sign(scores[:, None] - scores)[upper]
    other = np.sign(worth[:, None] - worth)[upper]
    untied = float(np.count_nonzero(one)) * float(np.count_nonzero(other))
    return float(one @ other) / untied**0.5 if untied else 0.0


def intervals(by_day: Floats, draws: int = 10_000, seed: int = 20260508) -> tuple[Floats, Floats, Floats]:
    """Mean, and the bounds within which 95 % of bootstrap means lie, days being drawn with replacement.

    Args:
        by_day: (days, columns).

    Returns three arrays of shape (columns,): mean, lower, upper.
    """
    chance = np.random.default_rng(seed)
    picked = chance.integers(0, len(by_day), (draws, len(by_day)))
    counts = np.zeros((draws, len(by_day)))
    np.add.at(counts, (np.arange(draws)[:, None], picked), 1.0)
    means = counts @ by_day / len(by_day)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return by_day.mean(axis=0), low, high
