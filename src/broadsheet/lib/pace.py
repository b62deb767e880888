"""Keeps the gap between two requests to one upstream, over all processes. Knows nothing of papers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BufferedRandom
from pathlib import Path

from broadsheet.lib.clock import Clock
from broadsheet.lib.files import locked

# arXiv asks for one request per three seconds over all its interfaces and all your machines, and one
# connection at a time: https://info.arxiv.org/help/api/tou.html
GAPS = {"arxiv.org": timedelta(seconds=3)}
USUAL_GAP = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True)
class Pace:
    """One turn at a time for each group of hosts; the next turn's time stands in a locked file."""

    folder: Path
    clock: Clock
    gaps: dict[str, timedelta] = field(default_factory=lambda: dict(GAPS))
    usual_gap: timedelta = USUAL_GAP

    def group_of(self, host: str) -> str:
        """Hosts that share a limit: every *.arxiv.org is arxiv.org."""
        for group in self.gaps:
            if host == group or host.endswith("." + group):
                return group
        return host

    @contextmanager
    def turn(self, host: str) -> Iterator["Turn"]:
        """Hold the group's only turn. The gap counts from the end of the request, the kinder reading."""
        group = self.group_of(host)
        with locked(self.folder / f"{_file_name(group)}.pace") as file:
            turn = Turn(self, file, self.gaps.get(group, self.usual_gap))
            try:
                yield turn
            finally:
                turn.leave()


@dataclass
class Turn:
    pace: Pace
    file: BufferedRandom
    gap: timedelta
    pause: timedelta = timedelta()
    has_begun: bool = False

    def wait_left(self) -> timedelta:
        """How long until the next request is due."""
        now = self.pace.clock.now()
        wait = _moment(self.file.read()) - now
        self.file.seek(0)
        # A clock that was set back must not stop us for years.
        return min(max(wait, timedelta()), LONGEST_PAUSE)

    def begin(self) -> None:
        wait_s = self.wait_left().total_seconds()
        if wait_s > 0:
            self.pace.clock.sleep(wait_s)
        self.has_begun = True
        self._write(self.gap)  # also when we are killed half-way

    def leave(self) -> None:
        if self.has_begun:
            self._write(max(self.gap, self.pause))

    def _write(self, wait: timedelta) -> None:
        due_at = self.pace.clock.now() + wait
        self.file.seek(0)
        self.file.truncate()
        self.file.write(str(due_at.timestamp()).encode())
        self.file.flush()
        self.file.seek(0)


def _moment(stored: bytes) -> datetime:
    try:
        return datetime.fromtimestamp(float(stored), UTC)
    except (ValueError, OverflowError, OSError):  # a new file, or one cut off by a crash
        return datetime.fromtimestamp(0, UTC)


def _file_name(group: str) -> str:
    return "".join(sign if sign.isalnum() or sign in ".-" else "_" for sign in group)[:100]
