"""ROUGE-1 F, by which one-line summaries are measured.

As the scripts of SciTLDR's authors count it: lower case, words of a-z and 0-9 without stemming, and of a
paper's references the one that fits best. Equal to `rouge-score` without its stemmer.

Source: Lin, 2004; Cachola, Lo, Cohan and Weld, 2020 (SciTLDR).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.enrich.readings.summary import read_one_line
from broadsheet.enrich.readings.wording import WORD


def rouge_1(summary: str, reference: str) -> float:
    """Harmonic mean of the shares of equal words, 0 to 1.

    >>> round(rouge_1("We sort lists with nets.", "Nets that sort long lists"), 3)
    0.6
    """
    ours, theirs = WORD.findall(summary.lower()), WORD.findall(reference.lower())
    shared = (Counter(ours) & Counter(theirs)).total()
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0


def best_rouge_1(summary: str, references: Iterable[str]) -> float:
    return max((rouge_1(summary, reference) for reference in references), default=0.0)


@dataclass(frozen=True, slots=True)
class Summarised:
    """A paper whose summaries are known, as SciTLDR holds it."""

    title: str
    abstract: str
    references: Sequence[str]


def score_one_lines(papers: Iterable[Summarised]) -> float:
    """Mean ROUGE-1 F of our one lines, 0 to 100; a paper without one counts as 0."""
    values = [
        best_rouge_1(line.text, paper.references)
        if (line := read_one_line(paper.title, paper.abstract))
        else 0.0
        for paper in papers
    ]
    return 100 * sum(values) / max(1, len(values))
