"""python -m training.kinds LABELS.jsonl PAPERS.jsonl CORPUS.jsonl.gz: makes the model of kinds anew.

Titles of the corpus that give their kind away ("A Survey of …") are labels, too, of little weight each.
It needs scikit-learn.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from broadsheet.enrich.readings.kinds import WEIGHTS, kind_features
from broadsheet.enrich.readings.names import read_names
from broadsheet.enrich.readings.words import words_of

INVERSE_L2 = 0.4
TITLE_WEIGHT = 0.1  # of a label that a title gives, beside one by hand
SMALLEST = 0.02  # a weight below it is left out
FIELDS = ("cs.CL", "cs.LG", "cs.AI", "cs.SE", "cs.CV", "stat.ML", "cs.DC")
TOLD = {  # by its title, and how many papers of each kind are taken
    "survey": (r"\b(?:survey|review|overview)\b", 120),
    "dataset": (r"\b(?:dataset|corpus)\b", 120),
    "benchmark": (r"\b(?:benchmark|\w*bench)\b", 150),
    "theory": (r"\b(?:convergence|bounds?|theory of|provabl[ye]|sample complexity|minimax)\b", 150),
    "system": (r"\b(?:library|toolkit|platform|system for|engine|serving|infrastructure|compiler)\b", 120),
    "analysis": (r"\?|\b(?:analysis of|empirical study|understanding|impact of|role of|evidence)\b", 250),
    "model": (r"technical report|\b(?:foundation model for|family of|language model for)\b", 100),
    "method": (r"\bvia\b|\bwith\b.*\bnetworks?\b", 300),
}

Row = tuple[dict[str, float], str]


def features_of(title: str, abstract: str) -> dict[str, float]:
    features = kind_features(words_of(title), words_of(abstract), read_names(title, abstract))
    return dict.fromkeys(sorted(features), 1.0)


def labelled(labels: Path, papers: Path) -> list[Row]:
    texts = {row["id"]: row for row in map(json.loads, papers.read_text(encoding="utf-8").splitlines())}
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    return [(features_of(texts[r["id"]]["title"], texts[r["id"]]["abstract"]), r["kind"]) for r in rows]


def told_by_title(corpus: Path) -> Iterator[Row]:
    """The newest papers whose title matches one kind alone."""
    counts = Counter[str]()
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in sorted(rows, key=lambda row: (row["update_date"], row["id"]), reverse=True):
        if not row["categories"].startswith(FIELDS):
            continue
        told = [kind for kind, (words, _) in TOLD.items() if re.search(words, row["title"].lower())]
        if len(told) == 1 and counts[told[0]] < TOLD[told[0]][1]:
            counts[told[0]] += 1
            yield features_of(row["title"], row["abstract"]), told[0]


def fitted(hand: list[Row], titles: list[Row]) -> tuple[DictVectorizer, LogisticRegression]:
    rows = [*hand, *titles]
    weights = [1.0] * len(hand) + [TITLE_WEIGHT] * len(titles)
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform([features for features, _ in rows])
    model = LogisticRegression(C=INVERSE_L2, max_iter=3000)
    return vectorizer, model.fit(table, [kind for _, kind in rows], sample_weight=weights)


def accuracy(hand: list[Row], titles: list[Row], seed: int) -> float:
    right = 0
    kinds = np.array([kind for _, kind in hand])
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(kinds, kinds):
        vectorizer, model = fitted([hand[place] for place in train], titles)
        read = model.predict(vectorizer.transform([hand[place][0] for place in test]))
        right += int((read == kinds[test]).sum())
    return right / len(hand)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path, help="JSON Lines with id and kind")
    parser.add_argument("papers", type=Path, help="JSON Lines with id, title and abstract")
    parser.add_argument("corpus", type=Path, help="arXiv's metadata, gzipped JSON Lines")
    arguments = parser.parse_args()
    hand, titles = labelled(arguments.labels, arguments.papers), list(told_by_title(arguments.corpus))
    print("accuracy in cross-validation:", [round(accuracy(hand, titles, seed), 3) for seed in range(3)])
    vectorizer, model = fitted(hand, titles)
    weights = {kind: {"": round(float(model.intercept_[n]), 2)} for n, kind in enumerate(model.classes_)}
    for place, name in enumerate(vectorizer.get_feature_names_out()):
        for n, kind in enumerate(model.classes_):
            if abs(model.coef_[n][place]) >= SMALLEST:
                weights[kind][name] = round(float(model.coef_[n][place]), 2)
    WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
