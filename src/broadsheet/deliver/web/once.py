"""Knows what a client has done today, without knowing who it is: in memory, as keyed hashes, for a day."""

import secrets
from collections import OrderedDict
from datetime import date
from hashlib import blake2b
from threading import Lock

MOST = 50_000  # some 8 MB; with more than that a day the oldest may count again


class Once:
    """Whether a thing was done or undone last, by each client. The key of the hashes is made anew each
    day (UTC) and nothing is ever written, so that what was done by whom cannot be told later."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._day: date | None = None  # no key yet: processes that fork must not share one
        self._key = b""
        self._done: OrderedDict[bytes, bool] = OrderedDict()
        self._lock = Lock()

    def is_undone(self, day: date, *what: str) -> bool:
        """Note that it was undone; False unless it was done on that day, which only its doer can have."""
        with self._lock:
            name = self._name(day, *what)
            if self._done.get(name) is not True:
                return False
            self._done[name] = False
            return True

    def is_news(self, day: date, *what: str, is_done: bool = True) -> bool:
        """Note that it was done, or undone; False when that was noted already on that day."""
        with self._lock:
            name = self._name(day, *what)
            if self._done.get(name) == is_done:
                return False
            self._done[name] = is_done
            if len(self._done) > self._most:
                self._done.popitem(last=False)
            return True

    def _name(self, day: date, *what: str) -> bytes:
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
            self._done.clear()
        return blake2b("\n".join(what).encode(), key=self._key, digest_size=12).digest()
