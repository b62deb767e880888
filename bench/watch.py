"""Runs a command and watches what time and memory it and its children take. Linux only: reads /proc."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    peak_mb: float  # resident memory of all processes together, mapped files included
    own_mb: float  # the part of it that is not a file: what the machine cannot take back
    last_line: str


def run(command: Sequence[str], environ: Mapping[str, str]) -> Run:
    """Run to the end; SystemExit with the command's own words when it fails."""
    began, peak, own = time.perf_counter(), 0.0, 0.0
    with TemporaryFile("w+") as told:  # not a pipe: a full one would stop the command
        process = subprocess.Popen(command, env=environ, stdout=told, stderr=subprocess.STDOUT)
        while process.poll() is None:
            resident, anonymous = memory_mb(process.pid)
            peak, own = max(peak, resident), max(own, anonymous)
            time.sleep(EVERY_S)
        seconds = time.perf_counter() - began
        told.seek(0)
        lines = told.read().strip().splitlines() or [""]
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed ({process.returncode}): {lines[-1]}")
    return Run(seconds, peak, own, lines[-1])


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and anonymous memory of a process and all below it."""
    sums = [0, 0]
    for member in _family(pid):
        for place, name in enumerate(("VmRSS", "RssAnon")):
            sums[place] += _status_kb(member, name)
    return sums[0] / 1024, sums[1] / 1024


def _family(pid: int) -> list[int]:
    members = [pid]
    for member in members:  # grows while it is walked
        for task in Path(f"/proc/{member}/task").glob("*/children"):
            members += [int(child) for child in _text(task).split()]
    return members


def _status_kb(pid: int, name: str) -> int:
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it ended while we looked
