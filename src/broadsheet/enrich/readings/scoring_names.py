"""Counts how well names and links are read, and which cue was how often right."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from broadsheet.enrich.readings.links import same_address
from broadsheet.enrich.readings.name_candidates import key_of
from broadsheet.enrich.readings.names import NameModel, chosen, name_model, scores_of, view_of_text
from broadsheet.lib.tex import without_accent_commands


@dataclass(frozen=True, slots=True)
class Hits:
    """Micro counts over papers: each item of each paper counts once."""

    right: int = 0
    read: int = 0
    true: int = 0

    def __add__(self, other: "Hits") -> "Hits":
        return Hits(self.right + other.right, self.read + other.read, self.true + other.true)

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.read + self.true) if self.read + self.true else 0.0


def score_names(read: Iterable[str], gold: Iterable[str]) -> Hits:
    """Names of one paper; equal when they are after case and hyphen folding.

    >>> score_names(["Long-CLIP", "GPT-4"], ["long clip"]).precision
    0.5
    """
    return _hits({folded_name(name) for name in read}, {folded_name(name) for name in gold})


def folded_name(name: str) -> str:
    return " ".join(key_of(without_accent_commands(name)).replace("$", "").split())


def score_links(read: Iterable[str], gold: Iterable[str]) -> Hits:
    return _hits({same_address(url) for url in read}, {same_address(url) for url in gold})


def _hits(read: set[str], gold: set[str]) -> Hits:
    return Hits(len(read & gold), len(read), len(gold))


@dataclass
class CueCount:
    right: int = 0
    wrong: int = 0
    missed: int = 0
    examples: list[str] = field(default_factory=list)  # what was wrong or missed


def cues_of_names(
    papers: Sequence[tuple[str, str, Sequence[str]]], model: NameModel | None = None
) -> dict[str, CueCount]:
    """By the cue that found a candidate: how often it was rightly and wrongly read as a name, and missed.

    Papers are title, abstract and gold names. A candidate of several cues counts at each; a name that
    no cue found counts as missed at "no cue, or a weak one".
    """
    model = model or name_model()
    counts: dict[str, CueCount] = {}
    for title, abstract, names in papers:
        view = view_of_text(title, abstract, model)
        read = {folded_name(name) for name in chosen(view, scores_of(view, model), model.threshold)}
        gold = {folded_name(name) for name in names}
        for key, candidate in view.candidates.items():
            for cue in sorted(candidate.found_by):
                _count(counts.setdefault(cue, CueCount()), candidate.text, key in read, key in gold)
        for name in gold - set(view.candidates):
            _count(counts.setdefault("no cue, or a weak one", CueCount()), name, False, True)
    return counts


def _count(count: CueCount, name: str, is_read: bool, is_gold: bool) -> None:
    count.right += is_read and is_gold
    count.wrong += is_read and not is_gold
    count.missed += is_gold and not is_read
    if is_read != is_gold and len(count.examples) < 20:
        count.examples.append(name)


def most_common_cues(counts: dict[str, CueCount]) -> list[tuple[str, CueCount]]:
    ranked = Counter({cue: count.right + count.wrong + count.missed for cue, count in counts.items()})
    return [(cue, counts[cue]) for cue, _ in ranked.most_common()]
