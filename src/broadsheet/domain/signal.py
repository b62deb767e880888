"""What others attach to a paper, as numbers over days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LARGEST = 10**9


class SignalKind(StrEnum):
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    STARS = "stars"
    POINTS = "points"
    REPLIES = "replies"
    CITATIONS = "citations"
    OPENS = "opens"
    SAVES = "saves"
    VOTES = "votes"


NUMBERS = {kind: number for number, kind in enumerate(SignalKind)}  # columns of arrays


class Crowd(StrEnum):
    """Who counts: kinds of one crowd do not confirm each other."""

    HUGGING_FACE = "huggingface"
    GITHUB = "github"
    HACKER_NEWS = "hackernews"
    LITERATURE = "citations"
    READERS = "readers"  # of this very site


CROWDS = {
    SignalKind.UPVOTES: Crowd.HUGGING_FACE,
    SignalKind.COMMENTS: Crowd.HUGGING_FACE,
    SignalKind.STARS: Crowd.GITHUB,
    SignalKind.POINTS: Crowd.HACKER_NEWS,
    SignalKind.REPLIES: Crowd.HACKER_NEWS,
    SignalKind.CITATIONS: Crowd.LITERATURE,
    SignalKind.OPENS: Crowd.READERS,
    SignalKind.SAVES: Crowd.READERS,
    SignalKind.VOTES: Crowd.READERS,
}


OF_READERS = tuple(kind for kind in SignalKind if CROWDS[kind] is Crowd.READERS)


@dataclass(frozen=True, slots=True)
class SignalReading:
    """One count, as it stood at the end of a day (UTC). Counts are totals, not gains."""

    kind: SignalKind
    day: date
    value: int

    def __post_init__(self) -> None:
        if not 0 <= self.value <= LARGEST:
            raise ValueError(f"{self.kind} of {self.day} is {self.value}; expected 0 to {LARGEST:,}")
