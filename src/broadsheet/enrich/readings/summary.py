"""The one line that says most of a paper: a sentence of its abstract, shortened where that is safe."""

from collections.abc import Sequence

from broadsheet.domain.reading import Span
from broadsheet.enrich.readings.cuts import Cut, parts, stands
from broadsheet.enrich.readings.sentences import sentences
from broadsheet.enrich.readings.weighing import Weights, cut_scores, sentence_scores, shipped, weighing
from broadsheet.enrich.readings.wording import worded

LONGEST_READ = 20_000  # characters; what is longer is no abstract
LONGEST_LINE = 1_500


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
    best = _best(title, abstract, lines, weights or shipped())
    return Span(abstract[best.start : best.end], best.start, best.end)


def _best(title: str, abstract: str, lines: Sequence[tuple[int, int]], weights: Weights) -> Cut:
    """The best sentence first, then the best form of it: looking into more of them changed nothing."""
    wording = worded(title, abstract, lines)
    if not wording.places:  # a script that has no weights
        return Cut(*lines[0])
    of = weighing(wording, weights)
    scores = sentence_scores(of, weights)
    place = scores.index(max(scores))
    start, end = wording.places[place]
    forms = parts(abstract, start, end)
    ranked = sorted(zip(cut_scores(of, place, forms, weights), forms, strict=True), key=_score, reverse=True)
    return next(form for _, form in ranked if stands(abstract, start, form))


def _score(ranked: tuple[float, Cut]) -> float:
    return ranked[0]
