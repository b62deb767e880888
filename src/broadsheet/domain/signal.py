"""What others attach to a paper, as numbers over days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LARGEST = 10**9


class SignalKind(StrEnum):
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    STARS = "stars"


@dataclass(frozen=True, slots=True)
class SignalReading:
    """One count, as it stood at the end of a day (UTC). Counts are totals, not gains."""

    kind: SignalKind
    day: date
    value: int

    def __post_init__(self) -> None:
        if not 0 <= self.value <= LARGEST:
            raise ValueError(f"{self.kind} of {self.day} is {self.value}; expected 0 to {LARGEST:,}")
