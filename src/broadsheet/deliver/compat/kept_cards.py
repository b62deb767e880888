"""Keeps drawn pictures on the disk, the newest ones, so that each is drawn once."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore

MOST_KEPT = 2_000  # files, some 15 KB each
ABOVE = 100  # that many more before the oldest are deleted
WAIT_S = 0.2
_asking = BoundedSemaphore(3)  # a crowd that asks for pictures leaves the other threads to readers,
_drawing = BoundedSemaphore(1)  # and a core: each takes some 30 ms


class Busy(Exception):
    """Too many pictures are asked for at once."""


def kept(folder: Path, name: str, draw: Callable[[], bytes]) -> bytes:
    """The picture of that name, drawn if it is not there."""
    path = folder / f"{name}.png"
    with suppress(FileNotFoundError):
        return path.read_bytes()
    picture = _in_turn(draw)
    with suppress(OSError):  # on a full disk it is drawn each time
        _keep(path, picture)
    return picture


def _in_turn(draw: Callable[[], bytes]) -> bytes:
    if not _asking.acquire(blocking=False):
        raise Busy
    try:
        if not _drawing.acquire(timeout=WAIT_S):
            raise Busy
        try:
            return draw()
        finally:
            _drawing.release()
    finally:
        _asking.release()


def _keep(path: Path, picture: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    beside.write_bytes(picture)
    beside.replace(path)
    names = list(path.parent.iterdir())
    if len(names) > MOST_KEPT + ABOVE:
        for old in sorted(names, key=_made)[:-MOST_KEPT]:
            old.unlink(missing_ok=True)


def _made(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process deletes too
        return 0.0
