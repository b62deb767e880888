"""Runs programs side by side: starts again what dies, stops all within seconds, leaves none behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from broadsheet.jobs.stopping import Stop

LOOK_EVERY_S = 0.5
STOP_WITHIN_S = 8.0  # then they are killed, which loses nothing: all work is kept in transactions
LONGEST_BACKOFF_S = 60.0
LIVED_WELL_S = 60.0  # whoever lived so long is started again at once


def command(name: str, *options: str) -> list[str]:
    """One of our own commands, to run as a child of this process."""
    return [sys.executable, "-m", "broadsheet.cli.main", name, *options, "--follow", str(os.getpid())]


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0  # on the monotonic clock, as is the next
    start_at_s: float = 0.0
    falls: int = 0

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the children in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603  (our own words)
        self.started_s = time.monotonic()

    def has_fallen(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self) -> float:
        """Note when to start again: 1, 2, 4 … seconds after falls that follow each other closely."""
        now_s = time.monotonic()
        self.falls = 1 if now_s - self.started_s > LIVED_WELL_S else self.falls + 1
        wait_s = min(2.0 ** (self.falls - 1), LONGEST_BACKOFF_S)
        self.process, self.start_at_s = None, now_s + wait_s
        return wait_s


@dataclass
class Supervisor:
    children: Sequence[Child]
    say: Callable[[str], object]
    stop: Stop = field(default_factory=Stop)

    def start(self) -> None:
        for child in self.children:
            child.start()

    def watch(self) -> None:
        """Until asked to stop."""
        while not self.stop.is_set:
            self.tend()
            self.stop.wait(LOOK_EVERY_S)

    def tend(self) -> None:
        """Start again, when its time has come, whatever has fallen."""
        for child in self.children:
            self._tend(child)

    def end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        give_up_s = time.monotonic() + STOP_WITHIN_S
        for process in running:
            try:
                process.wait(max(0.0, give_up_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _tend(self, child: Child) -> None:
        if child.has_fallen() and child.process is not None:
            how = _in_words(child.process.returncode)
            wait_s = child.plan_restart()
            self.say(f"The {child.name} process ended ({how}); it is started again in {wait_s:.0f} s.")
        elif child.process is None and time.monotonic() >= child.start_at_s:
            child.start()


def end_with_parent(parent: int) -> None:
    """Ask ourselves to stop when the process that started us has gone, however it went."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, daemon=True).start()


def _in_words(returncode: int) -> str:
    if returncode >= 0:
        return f"exit code {returncode}"
    try:
        return f"by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"by signal {-returncode}"
