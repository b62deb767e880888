"""Keeps rendered pieces of pages in memory. Their keys hold all they were made from, so none goes stale."""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Shelf:
    """The pieces used last, at most so many, packed to a fifth; safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pieces: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """The piece, made now if it is not kept. Two threads may make the same one; either may stay."""
        with self._lock:
            packed = self._pieces.get(key)
            if packed is not None:
                self._pieces.move_to_end(key)
        if packed is not None:
            return zlib.decompress(packed).decode()
        piece = make()
        packed = zlib.compress(piece.encode(), level=1)
        with self._lock:
            self._pieces[key] = packed
            while len(self._pieces) > self._most:
                self._pieces.popitem(last=False)
        return piece
