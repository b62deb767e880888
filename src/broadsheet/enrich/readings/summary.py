"""The one line that says most of a paper: a sentence of its abstract, shortened where that is safe."""

from collections.abc import Sequence

from broadsheet.domain.reading import Span
from broadsheet.enrich.readings.cuts import Cut, cuts
from broadsheet.enrich.readings.sentences import sentences
from broadsheet.enrich.readings.weighing import (
    Weights,
    candidate_features,
    chances,
    cue_sums,
    shipped,
    weighing,
    whole_features,
)
from broadsheet.enrich.readings.wording import WORD, lowered, worded

LONGEST_READ = 20_000  # characters; what is longer is no abstract
LONGEST_LINE = 1_500
MOST_SENTENCES = 60


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
    """The best sentence first, then the best form of it: looking into more of them changed nothing."""
    wording = worded(title, abstract, lines)
    of = weighing(wording, chances(wording, weights), cue_sums(wording, weights.cues))
    place = int((whole_features(of) @ weights.of_candidate).argmax())
    forms = cuts(abstract, *lines[place])
    return forms[int((candidate_features(of, place, forms) @ weights.of_candidate).argmax())]
