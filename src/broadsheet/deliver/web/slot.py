"""One long download at a time in each process: who takes it slowly, or not at all, holds one thread."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Lock
from weakref import finalize

STALLED_S = 30.0  # the longest that one part, some 200 KB, may take to be sent
RETRY_S = 60
_taken = Lock()


def take(write: Callable[[], Iterator[bytes]], sock: socket.socket | None) -> "Parts | None":
    """What is written, to be closed as servers close it; None while another is under way."""
    return Parts(write(), sock) if _taken.acquire(blocking=False) else None


class Parts(Iterator[bytes]):
    """The parts of a download. Its end frees the place, whoever ends it, and though it never began."""

    def __init__(self, parts: Iterator[bytes], sock: socket.socket | None) -> None:
        self._parts = parts
        self._sock = sock  # the server's own, where it tells; it then raises when a part is not taken
        self._is_whole = False
        self._free = finalize(self, _taken.release)  # once; also when it is thrown away unclosed
        self._waited = sock.gettimeout() if sock else None
        if sock:
            sock.settimeout(STALLED_S)

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except StopIteration:
            self._is_whole = True
            raise

    def close(self) -> None:
        try:
            if self._sock and self._free.alive:
                self._give_back(self._sock)
        finally:
            self._free()

    def _give_back(self, sock: socket.socket) -> None:
        with suppress(OSError):  # it may be closed
            sock.settimeout(self._waited)
            if not self._is_whole:
                sock.shutdown(
                    socket.SHUT_RDWR
                )  # else gunicorn waits 2 s for last words, and for nothing else
