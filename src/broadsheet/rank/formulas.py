"""The formulas of other sites, as they are known in public; what ours is measured against.

Sources: news.arc as published with Arc; Reddit's _sorts.pyx of its open years; Lobsters' story.rb.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_REDDIT_BEGAN = 1_134_028_003  # seconds
_REDDIT_TENFOLD_S = 45_000  # so much newer is worth ten times the votes
_LOBSTERS_WINDOW_S = 79_200


def hacker_news(votes: Floats, age_hours: Floats) -> Floats:
    found: Floats = (votes - 1) / (np.maximum(age_hours, 0) + 2) ** 1.8
    return found


def reddit_hot(votes: Floats, made_at_s: Floats) -> Floats:
    found: Floats = np.log10(np.maximum(votes, 1)) + (made_at_s - _REDDIT_BEGAN) / _REDDIT_TENFOLD_S
    return found


def lobsters(votes: Floats, made_at_s: Floats) -> Floats:
    """Higher is better here; a story has no tags and no comments that count."""
    found: Floats = np.log10(np.maximum(votes + 1, 1)) + made_at_s / _LOBSTERS_WINDOW_S
    return np.round(found, 7)
