"""The records whose signs are nearest to a query's, among those that are allowed: a flat scan by FAISS.

One thread a query. Measured on 2.8 million records of 256 bits: the whole scan takes 4 ms; a selector
inside the scan 17 to 25, because each record costs a call and a mispredicted branch. So a filter that
lets few through gathers their signs first (5 ms for a tenth), and one that lets many through asks for
more neighbours than it needs and drops the others (8 ms for twenty times as many).
"""

import logging
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.vector_files import Bools
from broadsheet.lib.arrays import rows_at

FEW = 0.2  # share of allowed records below which gathering them is quicker
SPARE = 1.3  # allowed records are not spread evenly over the neighbours
MOST_FETCHED = 20_000  # FAISS keeps a list of this length for every distance
AT_ONCE = 500_000  # records gathered at a time: 16 MB of 256 bits

Signs = NDArray[np.uint8]
Records = NDArray[np.int64]


def nearest_signs(query: Signs, bits: Signs, allowed: Bools, count: int, *, most: int) -> Records:
    """Up to `most` allowed records, nearest first.

    Args:
        query: shape (1, bytes).
        bits: shape (records, bytes), of which `allowed`, shape (records,), lets `count` through.
    """
    if not count:
        return np.empty(0, np.int64)
    if count > FEW * len(bits):
        wanted = round(most * len(bits) / count * SPARE) if count < len(bits) else most
        found = _scan(query, bits, min(wanted, MOST_FETCHED))
        found = found[allowed[found]]
        if len(found) >= min(most, count):
            return found[:most]
    return _gathered(query, bits, np.flatnonzero(allowed), most)


def _gathered(query: Signs, bits: Signs, records: Records, most: int) -> Records:
    best = np.empty(0, np.int64)
    for start in range(0, len(records), AT_ONCE):
        among = np.concatenate([best, records[start : start + AT_ONCE]])
        best = among[_scan(query, rows_at(bits, among), most)]
    return best


def _scan(query: Signs, bits: Signs, most: int) -> Records:
    most = min(most, len(bits))
    distances, found = np.empty(most, np.int32), np.empty(most, np.int64)
    faiss = load_faiss()
    faiss.omp_set_num_threads(1)  # for this thread; two on a busy machine make the slowest much slower
    faiss.hammings_knn_mc(
        *(faiss.swig_ptr(query), faiss.swig_ptr(bits), 1, len(bits), most, bits.shape[1]),
        *(faiss.swig_ptr(distances), faiss.swig_ptr(found)),
    )
    return found[found >= 0]


@cache
def load_faiss() -> Any:
    """Loaded at the first scan: a third of a second that most commands need not spend."""
    logging.getLogger("faiss.loader").setLevel(logging.WARNING)  # it tells which of its builds it tries
    import faiss  # noqa: PLC0415

    return faiss
