"""What the rest may ask of an index of words, whichever engine is behind it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from broadsheet.domain.entry import Changes


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "new"


@dataclass(frozen=True, slots=True)
class Hit:
    paper_id: int
    score: float  # higher is better; compares only within one answer


@dataclass(frozen=True, slots=True)
class Hits:
    total: int  # papers that match, of which `hits` are one page
    hits: list[Hit]


class IndexBusy(Exception):
    """Another process writes to the index just now; what is left out comes with its next round."""


class IndexOutdated(Exception):
    """The index belongs to another database or an older version; it must be rebuilt."""


class IndexDamaged(ValueError):
    """The files of the index cannot be read; whoever writes next builds it anew."""


class WordsWriter(Protocol):
    @property
    def seen(self) -> int:
        """The change number up to which the index follows the store; 0 for an empty one."""
        ...

    def add(self, changes: Changes) -> None:
        """Make the papers findable in place of what the index held of them, and forget those gone.

        After it returns all of it is in the index and `seen` is `changes.up_to`. After a crash at
        any instant it may be added again with the same result.
        """
        ...


class WordsIndex(Protocol):
    def writing(self) -> AbstractContextManager[WordsWriter]:
        """The live index, for one writer at a time. Raises IndexBusy."""
        ...

    def rebuilding(self) -> AbstractContextManager[WordsWriter]:
        """A new index beside the live one, which it replaces when the block ends without an error."""
        ...

    def search(self, text: str, *, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> Hits: ...

    def count(self) -> int: ...
