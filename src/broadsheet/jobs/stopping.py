"""How a process is asked to stop: a flag that a signal sets, and a sleep that it ends."""

import os
import select
import signal
from dataclasses import dataclass, field
from types import FrameType


class Interrupted(BaseException):
    """Raised out of work that did not stop by itself in time; what it had not kept is rolled back."""


@dataclass
class Stop:
    """No threading.Event: a signal handler that sets one may wait for a lock of the thread it broke into."""

    is_set: bool = False
    _ends: tuple[int, int] = field(default_factory=os.pipe)

    def set(self) -> None:
        if not self.is_set:
            self.is_set = True
            os.write(self._ends[1], b"!")

    def wait(self, seconds: float) -> None:
        select.select([self._ends[0]], [], [], seconds)

    def on_signals(self, patience_s: float | None = None) -> None:
        """Stop on Ctrl-C and SIGTERM; work that goes on for longer than `patience_s` is interrupted."""

        def ask(_signal: int, _frame: FrameType | None) -> None:
            self.set()
            if patience_s is not None:
                signal.setitimer(signal.ITIMER_REAL, patience_s)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask)
        signal.signal(signal.SIGALRM, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise Interrupted
