"""Writes the open data as files: one of JSON Lines a part, packed by gzip, and a manifest.

    {"broadsheet_export": 1, "made_at": "…", "version": "0.1.0", "site": "https://…",
     "parts": [{"name": "papers", "file": "papers.jsonl.gz", "rows": 614, "bytes": 1234, "sha256": "…",
                "about": "…", "licence": "…"}, …]}

All is of one moment. The folder is written beside and put in its place when it is whole.
"""

import gzip
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
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

Progress = Callable[[int], object]


class NotOurs(Exception):
    """The folder holds something else than an export, which must not be replaced."""


def export(
    folder: Path, *, parts: tuple[str, ...], about: dict[str, str], now: datetime, progress: Progress
) -> list[dict[str, Any]]:
    """The parts as the manifest tells them. Raises NotOurs, OSError."""
    check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        beside.mkdir(mode=0o755)
        with snapshot():
            told = [_write(part, beside, progress) for part in PARTS if part.name in parts]
        head = {"broadsheet_export": FORMAT, "made_at": now.isoformat(), **about, "parts": told}
        _keep(beside / MANIFEST, orjson.dumps(head, option=orjson.OPT_INDENT_2) + b"\n")
        _put_in_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
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


def _put_in_place(beside: Path, folder: Path) -> None:
    """An earlier export is moved away first: between the two renames there is none, and never half of one."""
    check(folder)  # somebody may have put something there meanwhile
    former = folder.with_name(f"{beside.name}.former")
    if folder.exists():
        folder.rename(former)
    beside.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
