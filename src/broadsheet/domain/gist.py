"""What of a paper is embedded: its title, and what it says in short."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Gist:
    paper_id: int
    text: str  # title and abstract; summary or one line where there is no abstract
    categories: list[str]
    dated_on: date | None
    has_code: bool


@dataclass(frozen=True, slots=True)
class Gists:
    """A part of what an index of meaning has not seen."""

    gists: list[Gist]
    is_last: bool  # nothing was behind it when it was read
    gone: list[int]  # ids of papers that are no more
    up_to: int  # the change number of the newest change in it
