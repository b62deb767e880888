"""Asks an engine all queries of a set and tells how well and how quickly it answered."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from broadsheet.cli.evaluate.corpora import Corpus
from broadsheet.lib.text import shortened
from broadsheet.rank.measures import Latency, Quality, latency, quality
from broadsheet.sources.files import BadFile
from broadsheet.sources.judged_sets import Topic

DEPTH = 100  # papers asked for with each query
Ask = Callable[[str, int], Sequence[int]]  # a query and how many papers; their ids, the best first
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    grades: Mapping[int, int]
    itself: int | None  # the paper with the query's own name: BEIR never counts it as an answer


@dataclass(frozen=True, slots=True)
class Measured:
    queries: int
    unanswered: int  # queries for which nothing at all was found
    quality: Quality
    latency: Latency

    def as_json(self) -> dict[str, Any]:
        """Shares to four places, times in milliseconds to three."""
        return {
            "queries": self.queries,
            "unanswered": self.unanswered,
            **{name.replace("_", "@"): round(share, 4) for name, share in asdict(self.quality).items()},
            "latency_ms": {
                name.removesuffix("_ms"): round(ms, 3) for name, ms in asdict(self.latency).items()
            },
        }


def questions(topics: Sequence[Topic], corpus: Corpus) -> list[Question]:
    """With numbers for names. A judged document that is not there can never be found, and counts as that."""
    return [
        Question(
            topic.text,
            {
                _number(name, place, corpus): grade
                for place, (name, grade) in enumerate(topic.grades.items(), 1)
            },
            corpus.number(topic.name) if topic.name else None,
        )
        for topic in topics
    ]


def _number(name: str, place: int, corpus: Corpus) -> int:
    return corpus.number(name) or -place  # papers have numbers above 0


def lacking(topics: Sequence[Topic], corpus: Corpus) -> int:
    """How many right answers are not there. Raises BadFile when that is all of them."""
    right = {name for topic in topics for name, grade in topic.grades.items() if grade > 0}
    absent = sum(corpus.number(name) is None for name in right)
    if absent == len(right):
        raise BadFile(
            f"none of the {len(right):,} right answers is in the corpus; do the files belong together?"
        )
    return absent


def refuse_unknown(topics: Sequence[Topic], corpus: Corpus) -> None:
    """Raises BadFile for a query that means a paper which is not there: nobody could find it."""
    for topic in topics:
        for name in topic.grades:
            if corpus.number(name) is None:
                raise BadFile(f"{topic.where}: the paper {shortened(name, 80)!r} is not among the papers")


def measure(asked: Sequence[Question], ask: Ask, progress: Progress = lambda _: None) -> Measured:
    """One query after the other, each once; the first is asked once more before, which opens files."""
    rankings, times_ms, unanswered = [], [], 0
    ask(asked[0].text, DEPTH)
    for question in asked:
        began = time.perf_counter()
        found = ask(question.text, DEPTH)
        times_ms.append((time.perf_counter() - began) * 1_000)
        unanswered += not found
        rankings.append(([paper for paper in found if paper != question.itself], question.grades))
        progress(1)
    return Measured(len(asked), unanswered, quality(rankings), latency(times_ms))
