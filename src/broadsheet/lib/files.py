"""Files that several processes share. Knows nothing of papers."""

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
