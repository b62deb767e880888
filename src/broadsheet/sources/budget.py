"""Keeps within so many requests an hour or a day, over all runs. Knows no upstream.

What is spent is remembered before it is spent: a run killed at any instant has told more than it
asked, never less.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from broadsheet.lib.clock import Clock
from broadsheet.sources.base import Progress


class Span(StrEnum):
    HOUR = "hour"
    DAY = "day"  # UTC


@dataclass
class Budget:
    """So many requests in each hour or day of the clock: {"hour": "2026-05-22T12", "used": 7}."""

    span: Span
    most: int
    clock: Clock
    named: str = ""  # the hour or day that `used` counts
    used: int = 0
    held: int = 0  # of these, reserved and not asked yet

    @classmethod
    def resumed(cls, span: Span, most: int, clock: Clock, progress: Progress) -> "Budget":
        """Go on from what was remembered; a damaged memory counts as nothing left."""
        used = progress.get("used", 0)
        named = str(progress.get(span, ""))
        return cls(span, most, clock, named, used if type(used) is int and used >= 0 else most)

    @property
    def progress(self) -> Progress:
        return {str(self.span): self.named, "used": self.used}

    @property
    def may_ask(self) -> bool:
        """Whether a reserved request is left, in the hour or day for which it was reserved."""
        return self.held > 0 and self.named == self._now()

    def reserve(self, wanted: int) -> int:
        """Set aside at most so many requests, 0 when none is left. Remember `progress` before asking."""
        self.give_back()
        if self.named != self._now():
            self.named, self.used = self._now(), 0
        self.held = max(0, min(wanted, self.most - self.used))
        self.used += self.held
        return self.held

    def spend(self, requests: int) -> None:
        """What one question took: more than one request after redirects."""
        self.held -= requests
        if self.held < 0:
            self.used -= self.held
            self.held = 0

    def give_back(self) -> None:
        """What was reserved and not needed."""
        self.used -= self.held
        self.held = 0

    def exhaust(self) -> None:
        """The upstream says that nothing is left for this hour or day."""
        self.used, self.held = self.most, 0

    def _now(self) -> str:
        return _name(self.span, self.clock.now())


def _name(span: Span, now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H}" if span is Span.HOUR else f"{now:%Y-%m-%d}"
