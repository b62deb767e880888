"""Gunicorn's threaded worker, but no thread waits for a client: requests come whole before one takes them.

Else as many connections as there are threads, each with half a request, would stop the site. What is on its
way costs a socket and a little memory; the loop of the process waits for it, so long and no longer.
"""

import errno
import fcntl
import resource
import selectors
import socket
import struct
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http.body import LengthReader  # type: ignore[import-untyped]
from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from broadsheet.lib.arriving import Arriving

WHOLE_S = 30.0  # until a request must have come: 2 kB of a form at 70 bytes a second
LINGER_S, MOST_LINGERED = 2.0, 65_536  # for who still writes when all is said, and in bytes
SENT_S = 60.0  # one piece of an answer, to who does not read it
SEND_BUFFER, MOST_UNSENT = 262_144, 65_536  # bytes: a page fits, and the next one waits until it has left
WANTED_FILES = 4_096  # that a process may have open; many systems begin with less
FULL_S = 0.02  # between looks for a free one
MOST_BODY = 4_194_304  # bytes that are kept; no address takes more
MOST_WAITING = 800  # connections of a process; one more, and the oldest makes way
MOST_KEPT = 150  # connections of a process that have had an answer and may ask again
MOST_HELD = 33_554_432  # bytes of requests on their way, in a process
A_PIECE = 65_536
_FULL = (errno.EMFILE, errno.ENFILE)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def _refusal(status: str, words: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8"
    return f"{head}\r\nContent-Length: {len(words) + 1}\r\n\r\n{words}\n".encode()


_TOO_SLOW = _refusal("408 Request Timeout", f"The request did not come within {WHOLE_S:.0f} seconds.")
_TOO_LONG = _refusal("431 Request Header Fields Too Large", "The head of the request is too long.")


class Conn(TConn):  # type: ignore[misc]
    """A connection that knows what has come on it, and by when something must."""

    def __init__(self, worker: "PatientWorker", sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(worker.cfg, sock, client, server)
        self.worker = worker
        self.arriving = Arriving(MOST_BODY)
        self.until = 0.0
        self.is_counted = False  # among the connections of the worker, which waits for them when it stops
        self.left_to_pass_over = MOST_LINGERED
        self.is_held_back = False  # until its last answer has left
        self.size = 0  # bytes that a thread, or the queue before it, has of it

    def close(self, graceful: bool = False) -> None:
        """Gunicorn's own way would have the loop itself wait two seconds for the other side."""
        with suppress(OSError):
            if graceful:
                self.sock.shutdown(socket.SHUT_WR)
                self.worker.wait_for(self, self.worker.on_lingering, LINGER_S)
                return
        util.close(self.sock)


class Arrived(Unreader):  # type: ignore[misc]
    """All that there is to read: behind it comes nothing, whatever the head of the request promises."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        return b""


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    def init_process(self) -> None:
        self.waiting: dict[Conn, None] = {}  # the oldest first
        self.handed_over = 0  # bytes of requests that threads have, or will have
        _allow_files(WANTED_FILES)
        self.max_keepalived = MOST_KEPT
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in _FULL and not self._make_room():
                time.sleep(FULL_S)  # all that are open are being answered
            return  # or who knocked has gone again
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.nr_conns += 1
        self.enqueue_req(Conn(self, sock, client, listener.getsockname()))

    def enqueue_req(self, conn: Conn) -> None:
        """For a connection from which a request is to be read: a new one, or one that was kept."""
        conn.arriving, conn.is_counted = Arriving(MOST_BODY), True
        if conn.parser:
            conn.arriving.take(conn.parser.unreader.take_buffered())  # sent without waiting for answers
        if len(self.waiting) >= MOST_WAITING:
            self._make_room()
        conn.sock.setblocking(False)
        self.wait_for(conn, self.on_arriving, WHOLE_S)
        self._go_on(conn)

    def wait_for(self, conn: Conn, on_bytes: Callable[[Conn, Any], None], seconds: float) -> None:
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(on_bytes, conn))
        conn.until = time.monotonic() + seconds
        self.waiting[conn] = None

    def on_arriving(self, conn: Conn, _: Any) -> None:
        piece = self._received(conn)
        if piece == b"":
            self._drop(conn)
        elif piece:
            conn.arriving.take(piece)
            self._go_on(conn)

    def _go_on(self, conn: Conn) -> None:
        arriving = conn.arriving
        if arriving.is_whole and conn.parser and _unsent(conn.sock) > MOST_UNSENT:
            self._hold_back(conn)
        elif arriving.is_whole:
            self._hand_over(conn)
        elif arriving.is_too_long:
            self._refuse(conn, _TOO_LONG)
        else:
            if arriving.asks_first:
                arriving.asks_first = False
                with suppress(OSError):
                    conn.sock.send(_CONTINUE)
            self._hold_little()

    def _hold_back(self, conn: Conn) -> None:
        """Who asks on without reading would have threads wait for it: murder_pending() looks again."""
        self.poller.unregister(conn.sock)
        conn.is_held_back = True

    def _hand_over(self, conn: Conn) -> None:
        self._forget(conn)
        conn.size = len(conn.arriving.held)
        self.handed_over += conn.size
        conn.init()
        conn.parser.unreader = Arrived()
        conn.parser.unreader.unread(bytes(conn.arriving.held))
        conn.arriving = Arriving(MOST_BODY)
        conn.data_ready, conn.is_counted = True, False  # finish_request() counts it off, or keeps it
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: Conn) -> bool:
        """In a thread. What came may be less than was promised: then nothing else is read behind it."""
        reader = req.body.reader
        if not isinstance(reader, LengthReader) or reader.length > len(conn.parser.unreader.buf.getvalue()):
            req.force_close()
        conn.sock.settimeout(SENT_S)
        try:
            return bool(super().handle_request(req, conn))
        except TimeoutError:
            self.log.debug("An answer was not taken within %s seconds", SENT_S)
            return False  # finish_request() closes the connection

    def finish_request(self, conn: Conn, fs: Any) -> None:
        self.handed_over -= conn.size
        conn.size = 0
        super().finish_request(conn, fs)

    def on_lingering(self, conn: Conn, _: Any) -> None:
        piece = self._received(conn)
        conn.left_to_pass_over -= len(piece or b"")
        if piece == b"" or (piece and conn.left_to_pass_over <= 0):
            self._drop(conn)

    def murder_pending(self) -> None:
        super().murder_pending()
        now = time.monotonic()
        for conn in list(self.waiting):
            is_silent = conn.is_counted and not conn.arriving.held
            if conn.is_held_back and _unsent(conn.sock) <= MOST_UNSENT:
                self._hand_over(conn)
            elif conn.until <= now and conn.arriving.held and not conn.is_held_back:
                self._refuse(conn, _TOO_SLOW)
            elif conn.until <= now or (is_silent and not self.alive):
                self._drop(conn)

    def _refuse(self, conn: Conn, reply: bytes) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.is_counted, conn.arriving = False, Arriving(MOST_BODY)
        with suppress(OSError):
            conn.sock.send(reply)
        conn.close(graceful=True)

    def _make_room(self) -> bool:
        if self.waiting:
            self._drop(next(iter(self.waiting)))
            return True
        return False

    def _hold_little(self) -> None:
        """Whoever has sent most goes first: small requests are not in danger."""
        if self.handed_over + sum(len(conn.arriving.held) for conn in self.waiting) > MOST_HELD:
            self._drop(max(self.waiting, key=lambda conn: len(conn.arriving.held)))

    def _drop(self, conn: Conn) -> None:
        self._forget(conn)
        self.nr_conns -= conn.is_counted
        conn.close()

    def _forget(self, conn: Conn) -> None:
        if self.waiting.pop(conn, self) is None and not conn.is_held_back:
            self.poller.unregister(conn.sock)
        conn.is_held_back = False

    def _received(self, conn: Conn) -> bytes | None:
        """b"" at the end; None when nothing has come, or the connection has just made way."""
        if conn not in self.waiting:
            return None
        try:
            return bytes(conn.sock.recv(A_PIECE))
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""


def _unsent(sock: socket.socket) -> int:
    """Bytes of answers that the other side has not taken yet; 0 where the system does not tell."""
    with suppress(OSError):
        (count,) = struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))
        return int(count)
    return 0


def _allow_files(count: int) -> None:
    """Connections leave the application none to open, where the system's usual limit stands."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
