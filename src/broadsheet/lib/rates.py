"""Limits how often each of many clients may come, over all processes, in a file that never grows.

By the generic cell rate algorithm: of each client one number is kept, the moment at which it has its whole
allowance again. A client whose row is full takes the place of the one that has its allowance back soonest;
where that is over already, nothing is forgotten.
"""

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from pathlib import Path

from broadsheet.lib.files import locked

ROWS, WAYS = 16_384, 4  # 65,536 clients at a time in 1 MB
_ENTRY = struct.Struct("<Qd")  # hash of the client, and when it has all again
_ROW = struct.Struct("<" + "Qd" * WAYS)

Row = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Allowance:
    """`limit` requests at once, at least 1, and as many again in `period_s`."""

    limit: int
    period_s: int = 60


@dataclass(frozen=True, slots=True)
class Turn:
    is_allowed: bool
    remaining: int  # that may come at once from now on
    reset_s: int  # until the whole allowance is there again
    retry_s: int  # until one more may come; 0 where one may now


def take(path: Path, client: str, allowance: Allowance, now: float) -> Turn:
    """Count one request of a client at a moment in seconds. Raises OSError of the file."""
    name = int.from_bytes(blake2b(client.encode(), digest_size=8).digest(), "little") or 1
    place = name % ROWS * _ROW.size
    with locked(path) as file:  # threads of one process, too: each has opened it for itself
        row = _row(os.pread(file.fileno(), _ROW.size, place))
        way, full_at = _find(row, name)
        full_at, turn = decide(full_at, allowance, now)
        os.pwrite(file.fileno(), _ENTRY.pack(name, full_at), place + way * _ENTRY.size)
    return turn


def decide(full_at: float, allowance: Allowance, now: float) -> tuple[float, Turn]:
    """When the client has all again, and what that means for it.

    >>> decide(0.0, Allowance(2, 60), 100.0)[1]
    Turn(is_allowed=True, remaining=1, reset_s=30, retry_s=0)
    """
    each_s = allowance.period_s / allowance.limit
    full_at = min(max(full_at, now), now + allowance.period_s)  # a clock that was set back blocks nobody
    is_allowed = full_at + each_s <= now + allowance.period_s + 1e-6
    full_at += each_s if is_allowed else 0.0
    left_s = now + allowance.period_s - full_at
    remaining = max(0, int(left_s / each_s + 1e-6))
    wait_s = 0 if remaining else max(1, ceil(each_s - left_s - 1e-6))
    return full_at, Turn(is_allowed, remaining, max(0, ceil(full_at - now)), wait_s)


def _row(read: bytes) -> Row:
    values = _ROW.unpack(read.ljust(_ROW.size, b"\0"))
    return list(zip(values[::2], values[1::2], strict=True))


def _find(row: Sequence[tuple[int, float]], name: int) -> tuple[int, float]:
    """The place of a client, and when it has all again; of a new one the place to take."""
    for way, (known, full_at) in enumerate(row):
        if known == name:
            return way, full_at
    return min(range(WAYS), key=lambda way: row[way][1]), 0.0
