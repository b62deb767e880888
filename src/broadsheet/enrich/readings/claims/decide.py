"""Whether a figure is a result, a size or neither: a linear model over its cues (training/claims.py)."""

import json
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from functools import cache
from math import exp
from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights.json"
Weights = Mapping[str, Sequence[float]]  # by cue: how much it speaks for a result, and for a size

LEAST_SIZE = 0.45
LEAST_RESULT = 0.47
# Percentages and factors are results far more often than not: 0.35 finds more and is as often right.
LEAST_USUAL_RESULT = 0.35
_USUAL = frozenset({"kind share", "kind points", "kind factor"})


class Role(Enum):
    RESULT = "result"
    SIZE = "size"
    NEITHER = "neither"


@cache
def shipped_weights() -> Weights:
    kept: dict[str, list[float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return {cue: (result, size) for cue, (result, size) in kept.items()}


def role_of(cues: Collection[str], weights: Weights) -> Role:
    if "rival" in cues:  # it stands right after "compared to"
        return Role.NEITHER
    if "phrase" in cues:
        return _role_of_phrase(cues)
    result, size = chances(cues, weights)
    if result >= (LEAST_RESULT if _USUAL.isdisjoint(cues) else LEAST_USUAL_RESULT):
        return Role.RESULT
    return Role.SIZE if size >= LEAST_SIZE else Role.NEITHER


def _role_of_phrase(cues: Collection[str]) -> Role:
    """Too rare to learn from: "by half" is a result unless it tells of others' work."""
    is_result = "before own" not in cues and ("others" not in cues or "own" in cues)
    return Role.RESULT if is_result else Role.NEITHER


def chances(cues: Collection[str], weights: Weights) -> tuple[float, float]:
    """How likely the figure is a result, and how likely a size."""
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
