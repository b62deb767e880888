"""python -m training.claims READINGS PAPERS ARXIV: makes anew the weights that tell results from sizes.

Prints how well the weights do on papers that they were not made from; seconds on one core, needs only numpy.
"""

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.readings.claims.decide import WEIGHTS, Role, Weights, role_of
from broadsheet.enrich.readings.claims.figures import Figure
from broadsheet.enrich.readings.claims.reader import weighed_figures
from broadsheet.enrich.readings.claims.view import texts_of
from broadsheet.enrich.readings.scoring import same_unit

ROLES = list(Role)
MORE = Path(__file__).parent / "claims_more.jsonl"
FOLDS = 10
RARE = 3  # a cue that fewer figures have gets no weight
RIDGE = 2.0
STEPS = 800


@dataclass
class Example:
    paper: str  # "" of those marked singly, which nothing is measured on
    cues: frozenset[str]
    role: Role


def examples(readings: Path, papers: Path) -> Iterator[Example]:
    abstracts = {row["id"]: row["abstract"] for row in map(json.loads, papers.read_text().splitlines())}
    for gold in map(json.loads, readings.read_text().splitlines()):
        abstract = abstracts[gold["id"]]
        weighed = weighed_figures(texts_of(abstract))
        labels = labelled([figure for figure, _, _ in weighed], gold, abstract)
        for place, (_, _, cues) in enumerate(weighed):
            yield Example(gold["id"], frozenset(cues), labels.get(place, Role.NEITHER))


def more_examples(abstracts: Path) -> Iterator[Example]:
    """Single figures of other papers, marked by hand: those that the first weights were least sure of."""
    marked = {row["arxiv_id"]: row for row in map(json.loads, MORE.read_text().splitlines())}
    with gzip.open(abstracts, "rt") as lines:
        for paper in map(json.loads, lines):
            if (mark := marked.get(paper["id"])) is None:
                continue
            for figure, _, cues in weighed_figures(texts_of(paper["abstract"])):
                if figure.start <= mark["start"] < figure.stop:
                    yield Example("", frozenset(cues), Role(mark["is"]))


def labelled(figures: Sequence[Figure], gold: dict[str, Any], abstract: str) -> dict[int, Role]:
    """Each row of the gold marks one figure: of its value, inside its quote if one is."""
    labels: dict[int, Role] = {}
    for role, rows in ((Role.RESULT, gold["results"]), (Role.SIZE, gold["sizes"])):
        for row in rows:
            start = abstract.find(row["quote"])
            end = start + len(row["quote"])
            fits = [
                (not start <= figure.start < end, place)
                for place, figure in enumerate(figures)
                if place not in labels and _fits(figure, row, role)
            ]
            if fits:
                labels[min(fits)[1]] = role
    return labels


def _fits(figure: Figure, row: dict[str, Any], role: Role) -> bool:
    if row["value"] not in (figure.value, figure.value_max):
        return False
    return role is Role.SIZE or figure.kind == "bare" or same_unit(figure.unit, row.get("unit") or "")


def trained(given: Sequence[Example]) -> Weights:
    """Multinomial logistic regression with a ridge, by accelerated gradient descent (Nesterov, 1983)."""
    counts = Counter(cue for example in given for cue in example.cues)
    columns = {cue: place for place, cue in enumerate(sorted(cue for cue in counts if counts[cue] >= RARE))}
    seen = np.zeros((len(given), len(columns) + 1))
    seen[:, -1] = 1  # what all share
    for row, example in enumerate(given):
        seen[row, [columns[cue] for cue in example.cues if cue in columns]] = 1
    weights = _descended(seen, np.eye(3)[[ROLES.index(example.role) for example in given]])
    relative = weights[:, :2] - weights[:, 2:]  # ROLES ends in neither
    return {cue: [round(float(w), 3) for w in relative[place]] for cue, place in [*columns.items(), ("", -1)]}


def _descended(seen: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    ridge = np.full((seen.shape[1], 1), RIDGE)
    ridge[-1] = 0
    pace = 1 / (np.linalg.norm(seen, 2) ** 2 / 2 + RIDGE)
    now = ahead = np.zeros((seen.shape[1], 3))
    for step in range(STEPS):
        scores = seen @ ahead
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        slope = seen.T @ (odds / odds.sum(axis=1, keepdims=True) - wanted) + ridge * ahead
        before, now = now, ahead - pace * slope
        ahead = now + step / (step + 3) * (now - before)
    return now


def fold_of(paper: str) -> int:
    """-1 of no paper: in every training, in no trial."""
    return hashlib.sha256(paper.encode()).digest()[0] % FOLDS if paper else -1


def crossed(given: Sequence[Example]) -> Counter[tuple[Role, Role]]:
    """How often each role was told as each, by weights made without the paper's fold."""
    confusion: Counter[tuple[Role, Role]] = Counter()
    for fold in range(FOLDS):
        weights = trained([example for example in given if fold_of(example.paper) != fold])
        tried = [example for example in given if fold_of(example.paper) == fold]
        confusion.update((example.role, role_of(example.cues, weights)) for example in tried)
    return confusion


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readings", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument("arxiv", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    given = [*examples(options.readings, options.papers), *more_examples(options.arxiv)]
    confusion = crossed(given)
    for role in (Role.RESULT, Role.SIZE):
        right = confusion[role, role]
        found = sum(confusion[other, role] for other in ROLES)
        wanted = sum(confusion[role, other] for other in ROLES)
        print(f"{role.value}: precision {right / found:.3f}, recall {right / wanted:.3f} of {wanted}")
    lines = ",\n".join(
        f"  {json.dumps(cue)}: {json.dumps(both)}" for cue, both in sorted(trained(given).items())
    )
    options.out.write_text(f'{{"weights": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
