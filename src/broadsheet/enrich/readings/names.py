"""Reads the names that a paper gives to its own method, model, benchmark, data set or tool.

Candidates come from cues in the text; a linear model tells the paper's own names from those of others.
`training/names.py` made its weights and the table of names that many papers mention.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from broadsheet.enrich.readings.name_candidates import Candidates, candidates_of
from broadsheet.enrich.readings.name_contexts import Contexts, contexts_by
from broadsheet.enrich.readings.name_features import COMMON, View, told_of, view_of
from broadsheet.enrich.readings.words import words_of

FOLDER = Path(__file__).parent / "names"
MOST_NAMES = 12  # of one paper; more is a list of somebody's models


@dataclass(frozen=True, slots=True)
class NameModel:
    contexts: Contexts  # weights of what stands around a mention
    weights: Mapping[str, float]  # of a candidate's features
    threshold: float  # log odds from which on a candidate is a name
    known: Mapping[str, int]  # in how many papers a name stands as that of others' work
    common: frozenset[str]  # those that so many name that they are nobody's news

    def known_of(self, key: str) -> int:
        return self.known.get(key, 0)


@cache
def name_model() -> NameModel:
    with gzip.open(FOLDER / "known.txt.gz", "rt", encoding="utf-8") as lines:
        known = {
            name: int(count) for name, _, count in (line.rstrip("\n").rpartition("\t") for line in lines)
        }
    model = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    common = frozenset(key for key, count in known.items() if count >= COMMON)
    return NameModel(contexts_by(model["contexts"]), model["weights"], model["threshold"], known, common)


def read_names(title: str, abstract: str) -> list[str]:
    """The paper's own names as it writes them, the likeliest first.

    >>> read_names("LongWriter: Long Answers", "We present LongWriter, a model that outdoes GPT-4.")
    ['LongWriter']
    """
    view = view_of_text(title, abstract, name_model())
    return chosen(view, scores_of(view, name_model()), name_model().threshold)


def view_of_text(title: str, abstract: str, model: NameModel) -> View:
    first, second = words_of(title), words_of(abstract)
    found = candidates_of(first, second, model.common)
    return view_of(first, second, found, model.contexts, model.known_of)


def scores_of(view: View, model: NameModel) -> dict[str, float]:
    """Log odds of each candidate, by key."""
    get, scores = model.weights.get, {}
    for key, candidate in view.candidates.items():
        flags, values = told_of(candidate, view)
        odds = model.weights[""] + sum([get(flag, 0.0) for flag in flags])
        scores[key] = odds + sum([get(name, 0.0) * value for name, value in values.items()])
    return scores


def chosen(view: View, scores: Mapping[str, float], threshold: float) -> list[str]:
    likely = sorted((key for key in scores if scores[key] >= threshold), key=lambda key: -scores[key])
    return [view.candidates[key].text for key in likely if not _is_cut_short(key, view.candidates)][
        :MOST_NAMES
    ]


def _is_cut_short(key: str, found: Candidates) -> bool:
    """Whether it is the name of a predecessor: "PaLM" beside "PaLM 2"."""
    return any(
        "with version" in other.found_by and name.startswith(key + " ") for name, other in found.items()
    )
