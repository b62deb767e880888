"""What is read out of a paper's own title and abstract. Offsets count characters of the abstract."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class PaperKind(StrEnum):
    METHOD = "method"
    MODEL = "model"
    BENCHMARK = "benchmark"
    DATASET = "dataset"
    SYSTEM = "system"
    SURVEY = "survey"
    ANALYSIS = "analysis"
    THEORY = "theory"


class Bound(StrEnum):
    """How a figure is meant: "at least 3x", "up to 90 %"; without a word it is just told."""

    AT_LEAST = "at least"
    UP_TO = "up to"
    ABOUT = "about"


class Direction(StrEnum):
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Span:
    """`text` is abstract[start:end], to the letter."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that the authors state of their work, and the words that prove it."""

    value: float
    unit: str  # "%", "points", "x", "" for a score on a scale, or as written ("ms", "tokens/s")
    quote: Span  # holds the value
    value_max: float | None = None  # the upper end of a range
    metric: str = ""
    subject: str = ""  # whose figure it is
    dataset: str = ""
    baseline: str = ""  # against what; of "from 41.2 to 47.9" the value is 47.9 and this begins with 41.2
    bound: Bound | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """How large a data set, a benchmark or a model is: no result."""

    value: float
    what: str
    quote: Span


class TextLinkKind(StrEnum):
    CODE = "code"
    PROJECT = "project"
    MODEL = "model"
    DATA = "data"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class TextLink:
    url: str  # normalised, with its scheme
    kind: TextLinkKind


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one paper says of itself. What could not be read is None or empty."""

    kind: PaperKind | None = None
    names: Sequence[str] = ()
    claims: Sequence[Claim] = ()
    sizes: Sequence[Size] = ()
    links: Sequence[TextLink] = ()  # the official repository first
    one_line: Span | None = None
    keywords: Sequence[str] = ()
