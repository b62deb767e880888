"""The one line that says most of a paper: a sentence of its abstract, shortened where that is safe."""

from collections.abc import Sequence

import numpy as np

from broadsheet.domain.reading import Span
from broadsheet.enrich.readings.cuts import Cut, cuts
from broadsheet.enrich.readings.sentences import sentences
from broadsheet.enrich.readings.weighing import (
    Floats,
    Weighing,
    Weights,
    candidate_features,
    chances,
    cue_sums,
    shipped,
    weighing,
)
from broadsheet.enrich.readings.wording import WORD, lowered, worded

LONGEST_READ = 20_000  # characters; what is longer is no abstract
LONGEST_LINE = 1_500
MOST_SENTENCES = 60
LOOKED_INTO = 2  # the best sentences, whose shorter forms are weighed too


def read_one_line(title: str, abstract: str, weights: Weights | None = None) -> Span | None:
    """The words of the abstract to show for the paper; None where no sentence is as short as a line.

    >>> line = read_one_line("Sorting nets", "Sorting is old. In this paper, we propose a net that sorts.")
    >>> line.text if line else None
    'In this paper, we propose a net that sorts.'
    """
    title, abstract = title[:LONGEST_READ], abstract[:LONGEST_READ]
    lines = [(start, end) for start, end in sentences(abstract) if end - start <= LONGEST_LINE]
    if not lines:
        return None
    lower = lowered(abstract)
    readable = [line for line in lines if WORD.search(lower, *line)][:MOST_SENTENCES]
    best = _best(title, abstract, readable, weights or shipped()) if readable else Cut(*lines[0])
    return Span(abstract[best.start : best.end], best.start, best.end)


def _best(title: str, abstract: str, lines: Sequence[tuple[int, int]], weights: Weights) -> Cut:
    wording = worded(title, abstract, lines)
    of = weighing(wording, chances(wording, weights), cue_sums(wording, weights.cues))
    wholes = _scores(of, [(place, Cut(*line)) for place, line in enumerate(lines)], weights)
    best = np.argsort(-wholes, kind="stable")[:LOOKED_INTO].tolist()
    forms = [(place, cut) for place in best for cut in cuts(abstract, *lines[place])]
    return forms[int(_scores(of, forms, weights).argmax())][1]


def _scores(of: Weighing, candidates: Sequence[tuple[int, Cut]], weights: Weights) -> Floats:
    """Higher is better; only their order means something."""
    found: Floats = candidate_features(of, candidates) @ weights.of_candidate
    return found
