"""Shortcuts around numpy where it is slow."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def rows_at(table: NDArray[Number], places: NDArray[np.integer[Any]]) -> NDArray[Number]:
    """`table[places]` of a table of two dimensions that lies in one piece, in half the time or less: each row
    is copied as a whole, not number by number.

    >>> rows_at(np.array([[1, 2], [3, 4]], np.int8), np.array([1, 1])).tolist()
    [[3, 4], [3, 4]]
    """
    whole = table.view(np.dtype((np.void, table.shape[1] * table.itemsize))).ravel()
    return whole.take(places).view(table.dtype).reshape(*places.shape, table.shape[1])
