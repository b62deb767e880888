"""A request on its way, as bytes: whether all of it has come. What it says is read by others."""

import re
from dataclasses import dataclass, field

MOST_HEAD = 65_536  # bytes
MOST_PASSED_OVER = 33_554_432  # of a body that nobody reads: who still writes cannot read why
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*0*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_ASKS_FIRST = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)


@dataclass
class Arriving:
    most_body: int  # bytes; of a longer one nothing is kept
    held: bytearray = field(default_factory=bytearray)
    asks_first: bool = False  # its sender waits for "100 Continue"
    _left: int = -1  # bytes of the body still to come; -1: the head is not whole
    _is_kept: bool = True

    def take(self, piece: bytes) -> None:
        if self._left >= 0:
            self._left = max(self._left - len(piece), 0)
            if self._is_kept:
                self.held += piece
            return
        looked_at = len(self.held)
        self.held += piece
        end = self.held.find(_END, max(looked_at - len(_END) + 1, 0))
        if end >= 0:
            self._begin_body(end + len(_END))

    @property
    def is_whole(self) -> bool:
        return self._left == 0

    @property
    def is_too_long(self) -> bool:
        """A head without end."""
        return self._left < 0 and len(self.held) > MOST_HEAD

    def _begin_body(self, head: int) -> None:
        length, came = self._length(head), len(self.held) - head
        told, asked = _ASKS_FIRST.subn(b"", bytes(self.held[:head]))
        self.held[:head], head = told, len(told)
        is_asked = bool(asked) and told.split(b"\r\n", 1)[0].endswith(b"HTTP/1.1")  # RFC 9110, 10.1.1
        self.asks_first = is_asked and came < length <= self.most_body
        self._is_kept = length <= self.most_body
        if not self._is_kept:
            del self.held[head:]
            length = came if is_asked else min(length, MOST_PASSED_OVER)  # refused before it is sent
        self._left = max(length - came, 0)

    def _length(self, head: int) -> int:
        """Of a body in chunks nothing is waited for: no address takes one."""
        found = _LENGTH.search(self.held, 0, head)
        return int(found[1]) if found and not _IN_CHUNKS.search(self.held, 0, head) else 0
