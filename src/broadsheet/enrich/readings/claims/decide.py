"""Whether a figure is a result, a size or neither: a linear model over its cues, made by "
"training/claims.py."""

import json
from collections.abc import Collection, Iterable
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


def role_of(cues: Collection[str]) -> Role:
    if "rival" in cues:  # it stands right after "compared to"
        return Role.NEITHER
    if "phrase" in cues:
        return _role_of_phrase(cues)
    result, size = chances(cues)
    if result >= LEAST_RESULT:
        return Role.RESULT
    return Role.SIZE if size >= LEAST_SIZE else Role.NEITHER


def _role_of_phrase(cues: Collection[str]) -> Role:
    """Too rare to learn from: "by half" is a result unless it tells of others' work."""
    is_result = "before own" not in cues and ("others" not in cues or "own" in cues)
    return Role.RESULT if is_result else Role.NEITHER


LEAST_RESULT, LEAST_SIZE = 0.47, 0.45
