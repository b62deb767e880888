"""Folders of an index: generations side by side, a file that names the live one, and how far each has seen.

    words/
      current            "g-5f3a…"
      g-5f3a…/           Tantivy's files
        seen.json        {"schema": 1, "database": "…", "up_to": 151023}

The name in `current` is swapped in one atomic rename. `seen.json` is written after Tantivy's commit:
a crash between the two makes the follower add a batch again, which changes nothing.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from broadsheet.index.base import IndexBusy
from broadsheet.lib.files import AlreadyLocked, locked

Opened = TypeVar("Opened")

_GENERATION = re.compile("g-[0-9a-f]{1,64}")


@dataclass(frozen=True, slots=True)
class Seen:
    schema: int
    database: str
    up_to: int


@dataclass(frozen=True, slots=True)
class Generations:
    folder: Path

    def live(self) -> Path | None:
        current = os.path.join(self.folder, "current")  # noqa: PTH118  (asked eight times a search)
        try:
            now = os.stat(current)  # noqa: PTH116
            path = _named(current, now.st_ino, now.st_mtime_ns)
        except FileNotFoundError:
            return None
        return path if path and os.path.isdir(path) else None  # noqa: PTH112

    def of_the_live(self, open_at: Callable[[Path], Opened]) -> Opened | None:
        """What opening the live generation gives; None where there is none."""
        while live := self.live():
            try:
                return open_at(live)
            except (OSError, ValueError):
                if self.live() == live:
                    raise
                # Swapped out and swept while we opened it: its successor is there.
        return None

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """For one writer at a time. Raises IndexBusy."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with locked(self.folder / "writer.lock", wait=False):
                yield
        except AlreadyLocked as error:
            raise IndexBusy(f"another process writes to {what} in {self.folder}") from error

    def make(self) -> Path:
        path = self.folder / f"g-{secrets.token_hex(8)}"
        path.mkdir(parents=True)
        return path

    def swap_to(self, path: Path) -> None:
        write_atomically(self.folder / "current", path.name)

    def sweep(self, keep: Path | None) -> None:
        """Remove what crashed rebuilds and swaps left behind. Open files live on until they are closed."""
        for path in self.folder.glob("g-*"):
            if path != keep:
                shutil.rmtree(path, ignore_errors=True)


@lru_cache(maxsize=64)
def _named(current: str, inode: int, changed_ns: int) -> Path | None:
    """What the file of that moment names; a swap puts another file in its place."""
    return generation_named(Path(current))


def generation_named(pointer: Path) -> Path | None:
    """None where the file says something else. Raises FileNotFoundError."""
    name = pointer.read_text(errors="replace").strip()
    return pointer.parent / name if _GENERATION.fullmatch(name) else None


def read_seen(generation: Path) -> Seen | None:
    try:
        seen = json.loads((generation / "seen.json").read_text())
        return Seen(int(seen["schema"]), str(seen["database"]), int(seen["up_to"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write_seen(generation: Path, seen: Seen) -> None:
    text = json.dumps({"schema": seen.schema, "database": seen.database, "up_to": seen.up_to})
    write_atomically(generation / "seen.json", text)


def write_atomically(path: Path, text: str) -> None:
    """Written beside, flushed to the disk, renamed: a reader sees the old text or the new one."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with beside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
