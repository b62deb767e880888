"""Tells what kind of work a paper is, from the words of its title and abstract and the names it gives.

A linear model with one set of weights for each kind; `training/kinds.py` made them.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from broadsheet.domain.reading import PaperKind
from broadsheet.enrich.readings.words import Words, word_set, words_of

WEIGHTS = Path(__file__).parent / "kinds.json"
FAR = 9  # words after "we present" that say what is presented

# Words that say what a work is, whatever its field.
_TOLD = word_set(
    "algorithm algorithms analyze analysis analyses approach architecture asymptotic audit baseline"
    " bench benchmark benchmarking benchmarks billion bound bounds case categorize causes challenges"
    " characterize codebase collected comparative compare comparing comprehensive conjecture convergence"
    " corpus correlation curated data dataset datasets deployed derive directions discuss documents"
    " efficient empirical empirically engine evaluate evaluated evaluating evaluation evidence examine"
    " experiments explore exploring extensive family find findings formalize foundation framework future"
    " gap github guarantees hypothesis identify impact implementation implications improves"
    " infrastructure insights instances introduce investigate landscape lessons leaderboard library"
    " literature mathematical mechanism method methods metric metrics model modeling models module novel"
    " observe open-source optimal outperform outperforms overview parameters paradigm perform phenomenon"
    " pipeline platform practitioners present pretrained problem problems proof propose proposed"
    " protocol prove provable provably question questions rate release released report reveal reveals"
    " review revisit scheduling serving show software state-of-the-art strategies strategy studies study"
    " suite summarize survey surveys system systematic systems task tasks taxonomy technical technique"
    " techniques test theorem theoretical theoretically theory throughput tokens tool toolkit train"
    " trained training trends tutorial understand understanding users variants why workflow"
)
_PRESENT = word_set("introduce introduces present presents propose proposes release build develop construct")


@cache
def _weights() -> tuple[list[str], Mapping[str, list[float]]]:
    """The kinds, and of each feature its weights for them."""
    kept: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    features = {feature for of_kind in kept.values() for feature in of_kind}
    return list(kept), {name: [of_kind.get(name, 0.0) for of_kind in kept.values()] for name in features}


def read_kind(title: str, abstract: str, names: Sequence[str] = ()) -> PaperKind | None:
    """The likeliest kind, or None where there is no text to tell from."""
    text = words_of(abstract)
    if not text.words:
        return None
    kinds, weights = _weights()
    features = kind_features(words_of(title), text, names) & weights.keys()
    columns = zip(weights[""], *map(weights.__getitem__, features), strict=True)
    scores = list(map(math.fsum, columns))  # exact, so that the order of a set does not decide ties
    return PaperKind(kinds[scores.index(max(scores))])


def kind_features(title: Words, abstract: Words, names: Sequence[str]) -> set[str]:
    features = {"t " + word for word in _TOLD.intersection(title.lower)}
    features |= {"a " + word for word in _TOLD.intersection(abstract.lower)}
    features |= {"p " + word for word in _presented(abstract)}
    features.add(f"names {min(len(names), 3)}")
    if names:
        main = names[0].lower()
        features |= {
            "n " + end for end in ("bench", "eval", "lm", "gpt", "net", "former") if main.endswith(end)
        }
        features |= {"n title"} if title.lower[:1] == main.split(" ")[:1] else set()
    if any("?" in gap for gap in title.gaps):
        features.add("t ?")
    if title.lower and title.lower[0].endswith("ing"):
        features.add("t ing")
    return features


def _presented(text: Words) -> set[str]:
    """What stands after "we present": the words that say what the work gives."""
    told: set[str] = set()
    lower = text.lower
    for place in [place for place, word in enumerate(lower) if word in _PRESENT]:
        told |= _TOLD.intersection(lower[place + 1 : place + 1 + FAR])
    return told
