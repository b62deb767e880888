"""Cuts a connection when a whole reply takes too long. Knows nothing of papers."""

import threading
from contextlib import suppress
from datetime import timedelta
from socket import SHUT_RDWR
from typing import Any


class Deadline:
    """A slow drip never runs into a read time-out; this ends it all the same."""

    def __init__(self, patience: timedelta) -> None:
        self.is_past = False
        self._sockets: list[Any] = []
        self._timer = threading.Timer(patience.total_seconds(), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def start(self) -> None:
        self._timer.start()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """Called by httpx at each step of a request (its "trace" extension)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._sockets.append(info["return_value"].get_extra_info("socket"))

    def _cut(self) -> None:
        self.is_past = True
        for socket in self._sockets:
            with suppress(OSError):
                socket.shutdown(SHUT_RDWR)
