"""Mixes the categories of a list, so that a large field does not bury a small one. Pure."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEPTH = 150  # places that are mixed, five pages; below, by score alone
STEP = 0.15  # points that a category pays for each place it holds beyond its even share
AT_MOST = 1.5  # points, so that twice the attention and a little more always wins


def spread(rows: Ints, scores: Floats, categories: Ints) -> Ints:
    """Reorder the first places so that no category takes much more than its even share of them.

    Each place goes to the category whose next paper has most points left after paying STEP for every
    place that the category already holds beyond an even share. Within a category the order stays.

    Args:
        rows: best first.
        scores: (papers,) by row.
        categories: (papers,) by row; -1 for papers without one, which are a category of their own.
    """
    depth = min(DEPTH, len(rows))
    queues: dict[int, deque[int]] = {}
    place = {int(row): number for number, row in enumerate(rows)}
    for row in rows:
        queues.setdefault(int(categories[row]), deque()).append(int(row))
    if len(queues) < 2:
        return rows
    held = dict.fromkeys(queues, 0)
    mixed: list[int] = []
    for count in range(depth):
        even = count / len(queues)
        best = max(
            (name for name, queue in queues.items() if queue),
            key=lambda name: (_worth(scores[queues[name][0]], held[name] - even), -place[queues[name][0]]),
        )
        mixed.append(queues[best].popleft())
        held[best] += 1
    chosen = np.array(mixed, dtype=np.int64)
    return np.concatenate([chosen, rows[~np.isin(rows, chosen)]])


def _worth(score: float, beyond: float) -> float:
    return float(score) - min(AT_MOST, STEP * max(0.0, beyond))
