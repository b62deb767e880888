"""python -m training.kinds LABELS.jsonl PAPERS.jsonl: makes the model of kinds anew; needs scikit-learn."""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from broadsheet.enrich.readings.kinds import WEIGHTS, kind_features
from broadsheet.enrich.readings.names import read_names
from broadsheet.enrich.readings.words import words_of

INVERSE_L2 = 0.4
SMALLEST = 0.02  # a weight below it is left out


def features_of(title: str, abstract: str) -> dict[str, float]:
    features = kind_features(words_of(title), words_of(abstract), read_names(title, abstract))
    return dict.fromkeys(sorted(features), 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path, help="JSON Lines with id and kind")
    parser.add_argument("papers", type=Path, help="JSON Lines with id, title and abstract")
    arguments = parser.parse_args()
    papers = {
        row["id"]: row for row in map(json.loads, arguments.papers.read_text(encoding="utf-8").splitlines())
    }
    labels = [json.loads(line) for line in arguments.labels.read_text(encoding="utf-8").splitlines()]
    rows = [features_of(papers[row["id"]]["title"], papers[row["id"]]["abstract"]) for row in labels]
    kinds = np.array([row["kind"] for row in labels])
    model = make_pipeline(DictVectorizer(), LogisticRegression(C=INVERSE_L2, max_iter=3000))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    print(f"accuracy in cross-validation: {cross_val_score(model, rows, kinds, cv=folds).mean():.3f}")
    model.fit(rows, kinds)
    vectorizer, linear = model[0], model[1]
    weights = {kind: {"": round(float(linear.intercept_[n]), 2)} for n, kind in enumerate(linear.classes_)}
    for place, name in enumerate(vectorizer.get_feature_names_out()):
        for n, kind in enumerate(linear.classes_):
            if abs(linear.coef_[n][place]) >= SMALLEST:
                weights[kind][name] = round(float(linear.coef_[n][place]), 2)
    WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
