"""Files that several processes share. Knows nothing of papers."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path


class AlreadyLocked(Exception):
    """Another process holds the file; the message is its path."""


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[BufferedRandom]:
    """The open file, held by this thread alone while others wait. A killed holder lets go by itself.

    Raises AlreadyLocked when somebody else has it and `wait` is False.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyLocked(str(path)) from error
        yield file  # closing the file lets the lock go


def append(path: Path, data: bytes) -> None:
    """Add to the end of a file that may be renamed at any moment, and then read by `settled`.

    For less than 4 KB, which one write keeps whole beside those of other processes. Raises OSError when
    not all of it could be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while not _append_once(path, data):
        pass  # it was renamed after we had opened it; the next one has the old name


def _append_once(path: Path, data: bytes) -> bool:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        if not _is_still_at(path, handle):
            return False
        if os.write(handle, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return True
    finally:
        os.close(handle)


def _is_still_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def settled(path: Path) -> bytes:
    """What is in a file that was renamed, once those who were about to `append` to it have done so."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return file.read()
