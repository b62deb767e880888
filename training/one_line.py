"""python -m training.one_line TRAIN.jsonl.gz: makes the weights of the one line anew, in two minutes.

TRAIN is SciTLDR-A's train part: `source` (sentences), `target` (summaries) and `title`. Needs scikit-learn.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression, Ridge

from broadsheet.enrich.readings.cues import cues_of, others_of, terms_of
from broadsheet.enrich.readings.cuts import Cut, Front, Tail, cuts
from broadsheet.enrich.readings.rouge import best_rouge_1
from broadsheet.enrich.readings.sentences import sentences
from broadsheet.enrich.readings.summary import read_one_line
from broadsheet.enrich.readings.weighing import (
    FILE,
    LENGTHS,
    Floats,
    Weights,
    cut_features,
    is_common,
    sentence_features,
    shipped,
    weighing,
    word_features,
)
from broadsheet.enrich.readings.wording import WORD, Wording, worded

FOLDS = 5
FEWEST_WORDS, FEWEST_CUES = 30, 8  # how often one is met that has a weight of its own
MOST_CUES = 1_500
SOFT_WORDS, SOFT_CUES, SOFT_CANDIDATES = 0.05, 300.0, 30.0  # penalties, as scikit-learn takes them
OF_PAPER = 4  # features that all sentences of a paper share
SEED = 0


@dataclass(frozen=True)
class Example:
    title: str
    abstract: str
    summaries: Sequence[str]
    wording: Wording
    forms: Sequence[Sequence[Cut]]  # of each sentence
    values: Sequence[Floats]  # their ROUGE-1 F
    terms: Sequence[set[str]]  # of each sentence
    summed: NDArray[np.bool_]  # (distinct words,): whether the summary has it


@dataclass(frozen=True)
class Model:
    """Weights as the file keeps them."""

    words: dict[str, float]
    of_word: Floats
    cues: dict[str, float]
    of_candidate: Floats  # of its length, its front, its tail, its sentence

    def weights(self) -> Weights:
        return Weights(self.words, self.of_word, cues_of(self.cues), *self.split())

    def split(self) -> list[list[float]]:
        ends = np.cumsum([LENGTHS, len(Front), len(Tail)])
        return [part.tolist() for part in np.split(self.of_candidate.round(7), ends)]


def read(path: Path) -> Iterator[Example]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            abstract = " ".join(sentence.strip() for sentence in paper["source"])
            yield example(paper["title"] or "", abstract, paper["target"])


def example(title: str, abstract: str, summaries: Sequence[str]) -> Example:
    wording = worded(title, abstract, sentences(abstract))
    forms = [cuts(abstract, *place) for place in wording.places]
    values = [
        np.array([best_rouge_1(abstract[cut.start : cut.end], summaries) for cut in some]) for some in forms
    ]
    others = others_of(wording)
    terms = [_cues(terms_of(words, others)) for words in wording.words]
    summed = {word for summary in summaries for word in WORD.findall(summary.lower())}
    has = np.array([word in summed for word in wording.numbers], bool)
    return Example(title, abstract, summaries, wording, forms, values, terms, has)


def _cues(terms: Sequence[str]) -> set[str]:
    """Words and pairs of words, as the file keeps them. Words of a title in a row tell no more than one."""
    return {*terms[1:-1], *map(" ".join, pairwise(terms))} - {"T T"}


def _marks(rows: Iterable[Iterable[str]], known: dict[str, int]) -> csr_matrix:
    """(rows, known): 1 where a row has a term."""
    found = [sorted(known[term] for term in row if term in known) for row in rows]
    ends = np.cumsum([0, *map(len, found)])
    columns = [column for row in found for column in row]
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(found), len(known)))


def _met(rows: Iterable[Iterable[str]], fewest: int) -> dict[str, int]:
    counts = Counter(term for row in rows for term in row)
    often = sorted(term for term, count in counts.items() if count >= fewest)
    return {term: place for place, term in enumerate(often)}


def word_weights(examples: Sequence[Example]) -> tuple[dict[str, float], Floats]:
    known = _met((example.wording.numbers for example in examples), FEWEST_WORDS)
    marks = _marks(([word] for example in examples for word in example.wording.numbers), known)
    features = np.vstack([_both_kinds(example.wording) for example in examples])
    model = LogisticRegression(C=SOFT_WORDS, max_iter=300, fit_intercept=False)
    model.fit(hstack([csr_matrix(features), marks]).tocsr(), np.concatenate([e.summed for e in examples]))
    count = features.shape[1]
    return dict(zip(known, model.coef_[0, count:].tolist(), strict=True)), model.coef_[0, :count].reshape(
        2, -1
    )


def _both_kinds(wording: Wording) -> Floats:
    """(distinct words, 2 x features): nought in the half of the other kind."""
    features, common = word_features(wording).T, is_common(wording)[:, None]
    found: Floats = np.hstack([features * ~common, features * common])
    return found


def cue_weights(examples: Sequence[Example]) -> dict[str, float]:
    """Those that move most, fitted alone."""
    best = np.concatenate([_by_sentence(example) for example in examples])
    rows = [terms for example in examples for terms in example.terms]
    known = _met(rows, FEWEST_CUES)
    marks = _marks(rows, known)
    first = Ridge(alpha=SOFT_CUES, solver="sparse_cg").fit(marks, best).coef_
    moved = np.abs(first) * np.sqrt(np.asarray(marks.sum(0)).ravel())
    kept = np.argsort(-moved, kind="stable")[:MOST_CUES]
    names = list(known)
    weights = Ridge(alpha=SOFT_CUES, solver="sparse_cg").fit(marks[:, kept], best).coef_
    return {names[place]: float(weight) for place, weight in zip(kept, weights, strict=True)}


def _by_sentence(example: Example) -> Floats:
    best = np.array([values.max() for values in example.values])
    found: Floats = best - best.mean()
    return found


def features_by(example: Example, weights: Weights) -> Floats:
    of = weighing(example.wording, weights)
    of_sentences = [[*features[LENGTHS:], *_of_paper(of.wording)] for features in sentence_features(of)]
    rows = [
        [*length, *np.eye(len(Front))[cut.front], *np.eye(len(Tail))[cut.tail], *of_sentences[place]]
        for place, some in enumerate(example.forms)
        for cut, length in zip(some, cut_features(of, place, some), strict=True)
    ]
    return np.array(rows, np.float64)


def _of_paper(wording: Wording) -> list[float]:
    """What all of its sentences share. It ranks none before another, and keeps that out of other weights."""
    return [min(len(wording.words), 12), *map(any, zip(*wording.deeds, strict=True))]


def candidate_weights(examples: Sequence[Example], features: Sequence[Floats]) -> Floats:
    """In the features' own scale."""
    rows = np.vstack(features)
    spread = rows.std(0) + 1e-9
    of_each = [np.concatenate(example.values) for example in examples]
    wanted = np.concatenate([values - values.mean() for values in of_each])
    model = Ridge(alpha=SOFT_CANDIDATES).fit((rows - rows.mean(0)) / spread, wanted)
    return np.asarray((model.coef_ / spread)[:-OF_PAPER], np.float64)


def trained(examples: Sequence[Example]) -> Model:
    """The second step learns from chances and cues that the paper itself had no part in."""
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(examples))
    features: list[Floats] = [np.empty(0)] * len(examples)
    for fold in range(FOLDS):
        partial = _first_step([example for example, of in zip(examples, folds, strict=True) if of != fold])
        for place in np.flatnonzero(folds == fold).tolist():
            features[place] = features_by(examples[place], partial.weights())
    return replace(_first_step(examples), of_candidate=candidate_weights(examples, features))


def _first_step(examples: Sequence[Example]) -> Model:
    words, of_word = word_weights(examples)
    return Model(words, of_word, cue_weights(examples), np.empty(0))


def score(examples: Sequence[Example], weights: Weights) -> float:
    lines = [read_one_line(example.title, example.abstract, weights) for example in examples]
    values = [
        best_rouge_1(line.text if line else "", e.summaries) for line, e in zip(lines, examples, strict=True)
    ]
    return 100 * float(np.mean(values))


def cross_validated(examples: Sequence[Example]) -> float:
    folds = np.random.default_rng(SEED + 1).integers(0, FOLDS, len(examples))
    total = 0.0
    for fold in range(FOLDS):
        weights = trained(
            [example for example, of in zip(examples, folds, strict=True) if of != fold]
        ).weights()
        kept_back = [example for example, of in zip(examples, folds, strict=True) if of == fold]
        total += score(kept_back, weights) * len(kept_back)
    return total / len(examples)


def stemmed_score(examples: Sequence[Example], weights: Weights) -> float | None:
    """As `rouge-score` counts it with its stemmer; None where it is not installed."""
    try:
        from rouge_score.rouge_scorer import RougeScorer  # noqa: PLC0415  (only to tell a figure)
    except ImportError:
        return None
    scorer = RougeScorer(["rouge1"], use_stemmer=True)
    lines = [read_one_line(example.title, example.abstract, weights) for example in examples]
    values = [
        max(scorer.score(one, line.text if line else "")["rouge1"].fmeasure for one in example.summaries)
        for line, example in zip(lines, examples, strict=True)
    ]
    return 100 * float(np.mean(values))


def kept(path: Path, model: Model) -> None:
    def rounded(values: dict[str, float], digits: int) -> dict[str, float]:
        return {term: round(value, digits) for term, value in sorted(values.items()) if round(value, digits)}

    names = ("of_length", "of_front", "of_tail", "of_sentence")
    about = {
        "words": rounded(model.words, 3),
        "of_word": model.of_word.round(5).tolist(),
        "cues": rounded(model.cues, 5),
        **dict(zip(names, model.split(), strict=True)),
    }
    path.write_text(json.dumps(about, indent=0) + "\n")


def told(examples: Sequence[Example], weights: Weights) -> str:
    stemmed = stemmed_score(examples, weights)
    other = "needs rouge-score" if stemmed is None else f"{stemmed:.2f}"
    return (
        f"ROUGE-1 F of {len(examples):,} papers: {score(examples, weights):.2f}; with words stemmed: {other}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path, nargs="?", help="SciTLDR-A's train part, gzipped JSON Lines")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--cross-validate", action="store_true", help="say too what papers kept back score")
    parser.add_argument("--score", type=Path, help="another part: say what the weights in --out score on it")
    asked = parser.parse_args()
    if asked.train:
        train(list(read(asked.train)), asked.out, cross_validate=asked.cross_validate)
    if asked.score:
        print(told(list(read(asked.score)), shipped(asked.out)))


def train(papers: Sequence[Example], out: Path, *, cross_validate: bool) -> None:
    examples = [example for example in papers if example.forms]
    if cross_validate:
        print(f"ROUGE-1 F of papers kept back: {cross_validated(examples):.2f}", flush=True)
    model = trained(examples)
    print(f"{len(examples):,} papers, {len(model.words):,} words, {len(model.cues):,} cues")
    kept(out, model)


if __name__ == "__main__":
    main()
