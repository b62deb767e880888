"""Brings scores of different kinds onto one scale."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def stretched(scores: Floats) -> Floats:
    """From 0 for the least to 1 for the best of one answer; all 0 where they are alike. NaN stays.

    Measured better than ranks (reciprocal rank fusion) and than raw sums; see docs/search.md.

    >>> stretched(np.array([2.0, 4.0, 3.0], np.float32)).tolist()
    [0.0, 1.0, 0.5]
    """
    known = scores[~np.isnan(scores)]
    if not len(known) or known.max() <= known.min():
        return np.where(np.isnan(scores), scores, np.float32(0.0)).astype(np.float32)
    found: Floats = ((scores - known.min()) / (known.max() - known.min())).astype(np.float32)
    return found
