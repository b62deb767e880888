"""Writes the open data as files: one of JSON Lines a part, packed by gzip, and a manifest.

    {"broadsheet_export": 1, "made_at": "…", "version": "0.1.0", "site": "https://…",
     "parts": [{"name": "papers", "file": "papers.jsonl.gz", "rows": 614, "bytes": 1234, "sha256": "…",
                "about": "…", "licence": "…"}, …]}

All is of one moment. The folder is written beside and put in its place when it is whole. What a killed run
leaves is taken away by the next; what is being written is locked, so that no run takes another's.
"""

import ctypes
import errno
import fcntl
import gzip
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from broadsheet.store.backup import snapshot
from broadsheet.store.open_data import PARTS, Part

FORMAT = 1
MANIFEST = "manifest.json"
AT_ONCE = 500  # rows
LEVEL = 6
BLOCK = 1 << 20
FORMER = ".former"
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux

Progress = Callable[[int], object]


class NotOurs(Exception):
    """The folder holds something else than an export, which must not be replaced."""


def export(
    folder: Path, *, parts: tuple[str, ...], about: dict[str, str], now: datetime, progress: Progress
) -> list[dict[str, Any]]:
    """The parts as the manifest tells them. Raises NotOurs, OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    tidy(folder)
    check(folder)
    with _beside(folder) as beside:
        with snapshot():
            told = [_write(part, beside, progress) for part in PARTS if part.name in parts]
        head = {"broadsheet_export": FORMAT, "made_at": now.isoformat(), **about, "parts": told}
        _keep(beside / MANIFEST, orjson.dumps(head, option=orjson.OPT_INDENT_2) + b"\n")
        _put_in_place(beside, folder)
    return told


def check(folder: Path) -> None:
    """Only an export, or an empty folder, is replaced."""
    if not folder.exists():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise NotOurs(f"{folder} is no folder")
    if any(folder.iterdir()) and not _is_export(folder):
        raise NotOurs(f"{folder} holds other files; name a new folder, or one with an earlier export")


def _is_export(folder: Path) -> bool:
    try:
        return "broadsheet_export" in orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def _write(part: Part, folder: Path, progress: Progress) -> dict[str, Any]:
    path = folder / f"{part.name}.jsonl.gz"
    count, rows = 0, part.rows()
    with path.open("wb") as file:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0) as packed:
            while batch := list(islice(rows, AT_ONCE)):
                packed.write(b"".join(orjson.dumps(row) + b"\n" for row in batch))
                count += len(batch)
                progress(len(batch))
        file.flush()
        os.fsync(file.fileno())
    told = {"name": part.name, "file": path.name, "rows": count, "bytes": path.stat().st_size}
    return {**told, "sha256": _digest(path), "about": part.about, "licence": part.licence}


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        for block in _blocks(file):
            found.update(block)
    return found.hexdigest()


def _blocks(file: Any) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _keep(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A new folder, locked while it is ours. What has its name in the end goes: unfinished, or the former."""
    beside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    beside.mkdir(mode=0o755)
    lock = os.open(beside, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        os.close(lock)


def tidy(folder: Path) -> None:
    """What killed runs have left. A former export whose place is empty goes back into it."""
    ours = re.compile(rf"\.{re.escape(folder.name)}\.[0-9a-f]{{8}}(?:{re.escape(FORMER)})?")
    for left in sorted(one for one in folder.parent.iterdir() if ours.fullmatch(one.name)):
        if left.is_symlink() or not left.is_dir() or _is_locked(left):
            continue
        if left.name.endswith(FORMER) and _is_export(left) and not folder.exists():
            left.rename(folder)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _is_locked(folder: Path) -> bool:
    file = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _put_in_place(beside: Path, folder: Path) -> None:
    """An earlier export and the new one change places in one step, where the system can do that."""
    check(folder)  # somebody may have put something there meanwhile
    if folder.exists() and _exchanged(beside, folder):
        return
    former = folder.with_name(f"{beside.name}{FORMER}")
    if folder.exists():
        folder.rename(former)
    try:
        beside.rename(folder)
    except OSError:
        if former.exists():
            former.rename(folder)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """False where it cannot be done: on another system than Linux, and on some file systems."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    error = ctypes.get_errno()
    if error in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
        return False
    raise OSError(error, os.strerror(error), str(other))
