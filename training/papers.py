"""Reads papers in arXiv's own field names, as sentences."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.embed.static import Rows, words_of

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(\\$])")


@dataclass(frozen=True, slots=True)
class Sentences:
    """Title and sentences of every paper as rows of the table, one after the other."""

    rows: NDArray[np.int32]
    ends: NDArray[np.int64]  # (sentences,) in `rows`
    of_paper: list[range]  # numbers of a paper's sentences, its title first

    def __getitem__(self, number: int) -> NDArray[np.int32]:
        start = self.ends[number - 1] if number else 0
        found: NDArray[np.int32] = self.rows[start : self.ends[number]]
        return found


def read(path: Path) -> Iterator[list[str]]:
    """A title, then the sentences of its abstract."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            abstract = " ".join(paper["abstract"].split())
            yield [" ".join(paper["title"].split()), *_SENTENCE_END.split(abstract)]


def frequencies(papers: Iterable[list[str]]) -> Counter[str]:
    """In how many papers each word stands."""
    counts: Counter[str] = Counter()
    for sentences in papers:
        counts.update({word for sentence in sentences for word in words_of(sentence)})
    return counts


def as_rows(papers: Iterable[list[str]], words: list[str]) -> Sentences:
    table = Rows(words)
    rows: list[int] = []
    ends: list[int] = []
    of_paper: list[range] = []
    for sentences in papers:
        first = len(ends)
        for sentence in sentences:
            found = [row for word in words_of(sentence) for row in table[word]]
            if found:
                rows.extend(found)
                ends.append(len(rows))
        if len(ends) > first:
            of_paper.append(range(first, len(ends)))
    return Sentences(np.array(rows, np.int32), np.array(ends, np.int64), of_paper)
