"""What answers a query and what comes out of it: plain values, shared by search and similar."""

from dataclasses import dataclass
from enum import StrEnum

from broadsheet.enrich.embed.base import Embedder
from broadsheet.enrich.embed.static import StaticTable
from broadsheet.index.base import VectorsIndex, WordsIndex


class By(StrEnum):
    """What found a paper."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"
    NAME = "name"
    FILTERS = "filters"


@dataclass(frozen=True, slots=True)
class Engines:
    """Without vectors, or an embedder of the model that made them, words alone answer."""

    words: WordsIndex
    vectors: VectorsIndex | None = None
    embedder: Embedder | None = None
    table: StaticTable | None = None  # whose rows the tokens in `vectors` are

    def mark(self) -> str:
        """Another one whenever anything may be found differently."""
        return f"{self.words.mark()} {self.vectors.mark() if self.vectors else ''}"

    @property
    def has_meaning(self) -> bool:
        return self.vectors is not None and self.vectors.model() is not None


@dataclass(frozen=True, slots=True)
class Found:
    paper_id: int
    score: float  # by relevance: 1 for the best of the answer, less for the others; else 0
    by: By
