"""What the rest may ask of the index, whichever engines are behind it: words, and vectors beside them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from broadsheet.domain.entry import Changes

Floats = NDArray[np.float32]
Tokens = NDArray[np.uint16]  # rows of the static table, which stand for words

MOST_TOKENS = 320  # of a title and an abstract; all of 99 in 100 papers
NO_TOKEN = 65_535


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "new"
    TRENDING = "trending"  # the best matches, those with more upvotes first; the caller knows the votes


@dataclass(frozen=True, slots=True)
class Filters:
    """What a paper must be, whatever its words. An empty one lets every paper through."""

    categories: tuple[str, ...] = ()  # one of them; "cs" stands for all of cs.*
    since: date | None = None
    until: date | None = None  # both days included
    has_code: bool | None = None

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was understood."""

    text: str  # as it is read: cut when it was too long, otherwise as typed
    words: tuple[str, ...] = ()  # lower case, without accents, as typed: they rank, and are marked in results
    phrases: tuple[str, ...] = ()  # as typed, without the quotation marks; each must occur
    meaning: str = ""  # what to embed: the free words and phrases; "" when only fields or filters were asked
    filters: Filters = Filters()
    is_strict: bool = False  # some words must or must not occur: what meaning finds is checked for them
    notes: tuple[str, ...] = ()  # one sentence each for the reader: what was cut or could not be read
    tree: object = None  # the engine's own form of the words part

    @property
    def has_words(self) -> bool:
        """Something ranks; a query of filters alone lists the newest first."""
        return bool(self.words or self.phrases)

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases or self.filters or self.is_strict)


class Hit(NamedTuple):
    paper_id: int
    score: float  # higher is better; compares only within one answer


@dataclass(frozen=True, slots=True)
class Hits:
    total: int  # papers that match, of which `hits` are one page; if they were counted
    hits: list[Hit]
    is_rough: bool = False  # the most common words were not looked for: their share of the scores is missing
    is_loose: bool = False  # phrases were too many or too common: some were looked for as words


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the papers that a query's words find have what; most first, zeros left out."""

    categories: Sequence[tuple[str, int]] = ()
    years: Sequence[tuple[int, int]] = ()  # newest first
    with_code: int = 0
    of_best: int = 0  # 0: of all papers found; otherwise they are so many that only the best were counted


@dataclass(frozen=True, slots=True)
class Frequencies:
    papers: int  # in the index
    in_texts: Sequence[int]  # for each word, how many of them hold it, whatever its ending
    in_names: Sequence[int]  # for each word, how many have an author of that name


class IndexBusy(Exception):
    """Another process writes to the index just now; what is left out comes with its next round."""


class IndexOutdated(Exception):
    """The index belongs to another database or an older version; it must be rebuilt."""


class IndexMissing(IndexOutdated):
    """There is none, as at the first start."""


class IndexDamaged(ValueError):
    """The files of the index cannot be read; whoever writes next builds it anew."""


class VectorsDamaged(IndexDamaged):
    """The files of the vectors cannot be read: words alone answer until they are built anew."""


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

    def search(
        self,
        asked: Asked,
        *,
        limit: int,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        counts: bool = True,
        is_bounded: bool = False,
    ) -> Hits:
        """Without `counts` the total is that of the hits alone. `is_bounded` leaves words out that are too
        common to go through, for callers that read the hits closely afterwards."""
        ...

    def newest(self, filters: Filters, *, limit: int) -> list[tuple[int, date]]:
        """Papers and the days by which the index has them, the newest day first; none without a day."""
        ...

    def scores(
        self, asked: Asked, paper_ids: Sequence[int], *, needs_all: bool = False
    ) -> Mapping[int, float]:
        """Those of the papers that the query allows (filters, phrases, excluded words), and how well its
        words match them, on the scale of `search`; 0 where no word does. `needs_all` leaves out those that
        lack one of its telling words."""
        ...

    def frequencies(self, words: Sequence[str]) -> Frequencies: ...

    def facets(self, asked: Asked) -> Facets: ...

    def mark(self) -> str:
        """Another one whenever anything may be found differently."""
        ...

    def mended(self, asked: Asked) -> str | None:
        """The query's text with mistyped words put right; None when nothing is to mend."""
        ...

    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Vectors:
    """Embedded papers, row by row: the vectors and what a scan can filter by."""

    paper_ids: NDArray[np.int64]  # (papers,)
    values: Floats  # (papers, dimensions), each of length 1, or 0 for a text that says nothing
    days: NDArray[np.int32]  # (papers,) days since 1970; -1_000_000 where no date is known
    has_code: NDArray[np.bool_]  # (papers,)
    categories: Sequence[Sequence[str]]  # one list a paper
    texts: NDArray[np.uint64]  # (papers,) a hash of what was embedded: the same text is not embedded again
    tokens: Tokens  # (papers, MOST_TOKENS) the words of each text in their order, NO_TOKEN behind the last
    title_lengths: NDArray[np.uint8]  # (papers,) how many of the tokens are the title's
    gone: Sequence[int] = field(default_factory=list)  # ids of papers that are no more


@dataclass(frozen=True, slots=True)
class Texts:
    """Papers as they stand in the index, for reading them closely. Rows of papers it lacks are empty."""

    is_known: NDArray[np.bool_]  # (papers,)
    tokens: Tokens  # (papers, MOST_TOKENS)
    title_lengths: NDArray[np.uint8]  # (papers,)


class VectorsIndex(Protocol):
    def mark(self) -> str:
        """Another one whenever anything may be found differently."""
        ...

    def model(self) -> str | None:
        """The version of the model whose vectors answer; None while there are none."""
        ...

    def nearest(self, query: Floats, *, limit: int, filters: Filters = Filters()) -> Hits:
        """The papers whose vectors are nearest to one of shape (dimensions,); `score` is the cosine."""
        ...

    def cosines(self, query: Floats, paper_ids: Sequence[int]) -> Floats:
        """(papers,) in their order; NaN for a paper that has no vector yet."""
        ...

    def vector_of(self, paper_id: int) -> Floats | None: ...

    def texts(self, paper_ids: Sequence[int]) -> Texts: ...

    def count(self) -> int: ...
