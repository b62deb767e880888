"""Whether a figure is a result, a size or neither: a linear model over its cues, made by "
"training/claims.py."""

import json
from collections.abc import Iterable
from enum import Enum
from functools import cache
from math import exp
from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights.json"


class Role(Enum):
    RESULT = "result"
    SIZE = "size"
    NEITHER = "neither"


@cache
def _weights() -> dict[str, tuple[float, float]]:
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {cue: (result, size) for cue, (result, size) in kept["weights"].items()}


def chances(cues: Iterable[str]) -> tuple[float, float]:
    """How likely the figure is a result, and how likely a size."""
    weights = _weights()
    result, size = weights[""]
    for cue in cues:
        weight = weights.get(cue)
        if weight is not None:
            result += weight[0]
            size += weight[1]
    highest = max(result, size, 0.0)
    of_result, of_size, of_neither = exp(result - highest), exp(size - highest), exp(-highest)
    total = of_result + of_size + of_neither
    return of_result / total, of_size / total


def role_of(cues: Iterable[str]) -> Role:
    result, size = chances(cues)
    if result >= LEAST_RESULT:
        return Role.RESULT
    return Role.SIZE if size >= LEAST_SIZE else Role.NEITHER


LEAST_RESULT, LEAST_SIZE = 0.47, 0.45
