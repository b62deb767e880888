"""Arithmetic of the vectors: signs after centring and rotation, eight bits a number, and back."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.base import Floats


class Small(NamedTuple):
    """Vectors of eight bits a number; a row times its scale has length 1, or 0."""

    vectors: NDArray[np.int8]  # (papers, dimensions)
    scales: Floats  # (papers,)


@cache
def rotation(seed: int, dimensions: int) -> Floats:
    """A random rotation, (dimensions, dimensions): it spreads what a vector says evenly over the signs.

    With a positive diagonal in R the decomposition is unique: every machine gets the same signs.
    """
    gauss = np.random.default_rng(seed).standard_normal((dimensions, dimensions))
    orthogonal, upper = np.linalg.qr(gauss)
    return (orthogonal * np.sign(np.diag(upper))).astype(np.float32)


def signs(values: Floats, centre: Floats, turned: Floats) -> NDArray[np.uint8]:
    """(papers, dimensions / 8)"""
    return np.packbits((values - centre) @ turned > 0, axis=1)


def small(values: Floats) -> Small:
    """Rounded to eight bits: the cosine of two moves by some 0.003. Making small what was made large again
    gives the same numbers."""
    largest = np.abs(values).max(axis=1, initial=0.0)
    steps = np.divide(127.0, largest, out=np.zeros_like(largest), where=largest > 1e-20)
    vectors = np.rint(values * steps[:, None]).astype(np.int8)
    lengths = np.linalg.norm(vectors.astype(np.float32), axis=1)
    scales = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return Small(vectors, scales.astype(np.float32))


def large(one: Small) -> Floats:
    return one.vectors.astype(np.float32) * one.scales[:, None]
