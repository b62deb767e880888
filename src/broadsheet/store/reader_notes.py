"""Notes of what readers did: a paper, a kind, a step, and nothing of who or when. Files, not yet database.

    readers/2026-05-24                 notes of that day (UTC), to which the web processes add
    readers/2026-05-24.0f3a…           set aside by the worker, which takes it in and deletes it

A note begins with its line break, so that one torn by a full disk does not run into the next.
"""

import re
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.signal import OF_READERS, SignalKind
from broadsheet.lib import files

_NAME = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:\.[0-9a-f]{16})?", re.ASCII)
_STEPS = {"+1": 1, "-1": -1}

Counted = tuple[PaperKey, SignalKind]


@dataclass
class Notes:
    """What one file came to."""

    day: date
    gains: Counter[Counted] = field(default_factory=Counter)
    count: int = 0


def leave(folder: Path, day: date, key: PaperKey, kind: SignalKind, *, step: int = 1) -> None:
    """Raises OSError when it cannot be written. Any number of processes may do so at once."""
    files.append(folder / day.isoformat(), f"\n{key} {kind} {step:+d}".encode())


def set_aside(folder: Path) -> Iterator[Path]:
    """The files to take in, the oldest day first; those come again that nobody has deleted."""
    for path in sorted(folder.iterdir()):
        if _NAME.fullmatch(path.name):
            yield path if path.suffix else path.rename(path.with_suffix(f".{secrets.token_hex(8)}"))


def read(path: Path) -> Notes:
    """Add up a file that was set aside. What is no note is left out."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        raise ValueError(f"{path.name} is not the name of a file of notes")
    notes = Notes(date.fromisoformat(found["day"]))
    for line in files.settled(path).split(b"\n"):
        with suppress(ValueError):  # UnicodeDecodeError is one
            key, kind, step = line.decode().split(" ")
            if kind in OF_READERS and step in _STEPS:
                notes.gains[PaperKey(key), SignalKind(kind)] += _STEPS[step]
                notes.count += 1
    return notes
