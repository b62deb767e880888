"""python -m training.names PAPERS.jsonl.gz LABELS.jsonl…: makes the model of names anew; needs scikit-learn.

Four steps: contexts (what stands around the names that titles give away, and around names that many
papers mention), known names (those that stand as the work of others), contexts once more (around what
a first model is sure of, so that second names count, too), weights (of a candidate's features).
"""

import argparse
import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from broadsheet.enrich.readings.name_candidates import Candidates, candidates_of, key_of
from broadsheet.enrich.readings.name_contexts import BEFORE, context_of, contexts_by
from broadsheet.enrich.readings.name_features import COMMON, Features, features_of, view_of
from broadsheet.enrich.readings.names import FOLDER
from broadsheet.enrich.readings.scoring_names import Hits
from broadsheet.enrich.readings.words import Words, words_of
from broadsheet.lib.tex import without_accent_commands

SEED = 0
FIELDS = ("cs.", "stat.ML", "eess.")
OFTEN = 8  # papers that hold a name which is not the own one of any
MOST_CONTEXTS = 420_000  # mentions to learn from
SURE, SURELY_NOT = 1.2, -2.5  # log odds from which on, and below which, a candidate teaches contexts
FEWEST_CONTEXTS = 60  # mentions that a word must stand around
SMALLEST = 0.03  # a weight below it is left out
SMALLEST_BEFORE = 0.1  # one of a word somewhere before a mention: there are many, and none matters much
UNLIKE_OWN = 0.5  # log odds below which a mention is of others' work
FEWEST_ONE, FEWEST_MANY = 2, 4  # papers that a name of one word, of several, must stand in to be kept
FEWEST_FEATURES = 4  # candidates that a feature must occur with
INVERSE_L2 = 1.2
OWN = Path(__file__).parent / "names.jsonl"  # labels kept here, by arXiv id
OWN_WEIGHT = 1.0  # of one of them beside one that is measured by
PRIOR = {"by report": 6.0}  # "X Technical Report": too rare among the labels to be learned
THRESHOLD = -0.45  # log odds


@dataclass(frozen=True)
class Labelled:
    title: str
    abstract: str
    names: frozenset[str]  # keys
    unsure: frozenset[str] = frozenset()  # keys that are neither
    weight: float = 1.0


@dataclass
class Corpus:
    """Titles and abstracts without labels; what each says of others is kept, to leave it out for itself."""

    papers: list[tuple[str, str]]
    known: Counter[str] = field(default_factory=Counter)
    said: dict[str, list[str]] = field(default_factory=dict)  # by title
    common: frozenset[str] = frozenset()  # names that nobody would call their own


def read_corpus(path: Path, left_out: set[str]) -> Corpus:
    papers = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["update_date"] >= "2015" and any(
                one.startswith(FIELDS) for one in row["categories"].split()
            ):
                papers.append((row["title"], row["abstract"]))
    random.Random(SEED).shuffle(papers)
    return Corpus([(title, abstract) for title, abstract in papers if title_key(title) not in left_out])


def title_key(title: str) -> str:
    return " ".join(title.lower().split())


def contexts(corpus: Corpus) -> dict[str, float]:
    """Learns which words stand around a name of one's own.

    The head of a title ("LoRA: Low-Rank …") is one's own; a name that many papers hold and few titles is not.
    """
    papers, heads = Counter[str](), Counter[str]()
    for title, abstract in corpus.papers:
        found = candidates_of(words_of(title), words_of(abstract))
        papers.update(found.keys())
        heads.update(key for key, candidate in found.items() if "head" in candidate.found_by)
    common = {key for key, count in papers.items() if count >= OFTEN and heads[key] < 0.1 * count}
    cues: list[list[str]] = []
    own: list[bool] = []
    for title, abstract in corpus.papers:
        if ":" not in title or len(own) > MOST_CONTEXTS:
            continue
        text = words_of(abstract)
        for is_own, start, end in _mentions(candidates_of(words_of(title), text), common, heads):
            cues.append(list(context_of(start, end, text)))
            own.append(is_own)
    return _weights_of_cues(cues, own)


def _mentions(found: Candidates, common: set[str], heads: Counter[str]) -> Iterator[tuple[bool, int, int]]:
    own = {key for key, one in found.items() if "head" in one.found_by and heads[key] <= 3}
    if not any(found[key].in_abstract for key in own):
        return
    for key, candidate in found.items():
        text = candidate.text
        if key not in own and (
            key not in common or text.islower() or hash_of(key) % 5 < 3 * text[1:].islower()
        ):
            continue
        if key in own and not text[:1].isupper():
            continue
        for start, end in candidate.in_abstract[:6]:
            yield key in own, start, end


def hash_of(text: str) -> int:
    return sum(map(ord, text))


def _weights_of_cues(cues: list[list[str]], own: list[bool]) -> dict[str, float]:
    counts = Counter(cue for one in cues for cue in set(one))
    places = {
        cue: place for place, cue in enumerate(sorted(c for c, n in counts.items() if n >= FEWEST_CONTEXTS))
    }
    rows = [sorted({places[cue] for cue in one if cue in places}) for one in cues]
    table = _sparse(rows, [[1.0] * len(row) for row in rows], len(places))
    fitted = LogisticRegression(C=0.02, solver="liblinear").fit(table, np.array(own))
    return _kept(places, fitted)


def _sparse(rows: list[list[int]], values: list[list[float]], width: int) -> csr_matrix:
    starts = np.cumsum([0] + [len(row) for row in rows])
    flat = np.fromiter((place for row in rows for place in row), dtype=np.int32)
    data = np.fromiter((value for row in values for value in row), dtype=np.float32)
    return csr_matrix((data, flat, starts), shape=(len(rows), width))


def _kept(places: Mapping[str, int], fitted: LogisticRegression) -> dict[str, float]:
    weights = {name: round(float(fitted.coef_[0][place]), 3) for name, place in places.items()}
    least = {name: SMALLEST_BEFORE if name.startswith(BEFORE) else SMALLEST for name in weights}
    kept = {name: weight for name, weight in weights.items() if abs(weight) >= least[name]}
    return {"": round(float(fitted.intercept_[0]), 3), **kept}


def count_known(corpus: Corpus, weights: Mapping[str, float]) -> None:
    """Counts the papers in which each name reads like others' work."""
    for title, abstract in corpus.papers:
        text = words_of(abstract)
        found = candidates_of(words_of(title), text)
        said = [
            key for key, one in found.items() if _is_of_others(one.in_abstract, one.found_by, text, weights)
        ]
        said = [key for key in said if not found[key].text.islower()]
        corpus.known.update(said)
        corpus.said[title_key(title)] = said
    corpus.common = frozenset(key for key, count in corpus.known.items() if count >= COMMON)


def _is_of_others(
    places: Sequence[tuple[int, int]], found_by: set[str], text: Words, weights: Mapping[str, float]
) -> bool:
    if "head" in found_by or not places:
        return False
    odds = (sum(weights.get(cue, 0.0) for cue in context_of(*place, text)) for place in places[:4])
    return weights[""] + max(odds) < UNLIKE_OWN


def kept_known(corpus: Corpus, title: str = "") -> Mapping[str, int]:
    """The table as it is shipped; with a title, without what that paper itself says."""
    known = corpus.known.copy()
    known.subtract(corpus.said.get(title_key(title), ()))
    return {key: n for key, n in known.items() if n >= (FEWEST_MANY if " " in key else FEWEST_ONE)}


@dataclass
class Examples:
    """The candidates of one labelled paper."""

    keys: list[str]
    features: list[Features]
    is_name: list[bool]
    paper: Labelled


def contexts_again(
    corpus: Corpus, cues: Mapping[str, float], weights: Mapping[str, float]
) -> dict[str, float]:
    """Learns contexts anew, from all candidates that a model by labels is sure of."""
    around: list[list[str]] = []
    own: list[bool] = []
    for title, abstract in corpus.papers:
        if len(own) > MOST_CONTEXTS:
            break
        text = words_of(abstract)
        for is_own, start, end in _sure_mentions(
            Labelled(title, abstract, frozenset()), cues, weights, corpus
        ):
            around.append(context_of(start, end, text))
            own.append(is_own)
    return _weights_of_cues(around, own)


def _sure_mentions(
    paper: Labelled, cues: Mapping[str, float], weights: Mapping[str, float], corpus: Corpus
) -> Iterator[tuple[bool, int, int]]:
    score = scored([examples_of(paper, cues, corpus)], weights)[0]
    for key, candidate in candidates_of(words_of(paper.title), words_of(paper.abstract)).items():
        odds = score.get(key, -math.inf)  # what is not scored is hopeless
        is_own, text = odds > SURE, candidate.text
        if text.islower() or SURELY_NOT <= odds <= SURE:
            continue
        if not is_own and hash_of(key) % 5 < 3 * text[1:].islower():
            continue
        yield from ((is_own, start, end) for start, end in candidate.in_abstract[:6])


def examples_of(paper: Labelled, weights: Mapping[str, float], corpus: Corpus) -> Examples:
    said = set(corpus.said.get(title_key(paper.title), ()))

    def known(key: str) -> int:
        count = corpus.known[key] - (key in said)
        return count if count >= (FEWEST_MANY if " " in key else FEWEST_ONE) else 0

    title, abstract = words_of(paper.title), words_of(paper.abstract)
    common = corpus.common - said
    view = view_of(title, abstract, candidates_of(title, abstract, common), contexts_by(weights), known)
    keys = [key for key in view.candidates if key not in paper.unsure]
    features = [features_of(view.candidates[key], view) for key in keys]
    return Examples(keys, features, [key in paper.names for key in keys], paper)


def fitted(examples: Sequence[Examples]) -> dict[str, float]:
    rows = [features for one in examples for features in one.features]
    counts = Counter(name for features in rows for name in features)
    places = {name: n for n, name in enumerate(sorted(c for c, n in counts.items() if n >= FEWEST_FEATURES))}
    kept = [
        [(places[name], value) for name, value in features.items() if name in places] for features in rows
    ]
    table = _sparse([[p for p, _ in row] for row in kept], [[v for _, v in row] for row in kept], len(places))
    weights = np.array([one.paper.weight for one in examples for _ in one.keys])
    truth = np.array([is_name for one in examples for is_name in one.is_name])
    model = LogisticRegression(C=INVERSE_L2, max_iter=3000).fit(table, truth, sample_weight=weights)
    return _kept(places, model) | PRIOR


def read_labels(path: Path, texts: Mapping[str, tuple[str, str]], weight: float) -> list[Labelled]:
    """Labels in JSON Lines: id, names and perhaps unsure, joined with the papers by id."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(*texts[row["id"]], _keys(row["names"]), _keys(row.get("unsure", ())), weight)
        for row in rows
        if row["id"] in texts
    ]


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(key_of(without_accent_commands(name)) for name in names)


def read_texts(path: Path) -> dict[str, tuple[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return {row["id"]: (row["title"], row["abstract"]) for row in rows}


def scored(examples: Sequence[Examples], weights: Mapping[str, float]) -> list[dict[str, float]]:
    return [
        {
            key: weights[""] + sum(weights.get(name, 0.0) * value for name, value in features.items())
            for key, features in zip(one.keys, one.features, strict=True)
        }
        for one in examples
    ]


def cross_validated(
    gold: Sequence[Examples], others: Sequence[Examples], seed: int = SEED
) -> list[dict[str, float]]:
    """Scores of every gold paper by a model that has not seen it."""
    scores: list[dict[str, float]] = [{} for _ in gold]
    for train, test in KFold(5, shuffle=True, random_state=seed).split(np.arange(len(gold))):
        weights = fitted([*(gold[place] for place in train), *others])
        for place, score in zip(test, scored([gold[place] for place in test], weights), strict=True):
            scores[place] = score
    return scores


def at_threshold(
    examples: Sequence[Examples], scores: Sequence[Mapping[str, float]], threshold: float
) -> Hits:
    total = Hits()
    for one, score in zip(examples, scores, strict=True):
        read = {key for key in score if score[key] >= threshold and not _is_cut_short(key, one)}
        total += Hits(len(read & one.paper.names), len(read), len(one.paper.names))
    return total


def _is_cut_short(key: str, one: Examples) -> bool:
    pairs = zip(one.keys, one.features, strict=True)
    return any("by with version" in features and name.startswith(key + " ") for name, features in pairs)


def write(out: Path, corpus: Corpus, cues: Mapping[str, float], weights: Mapping[str, float]) -> None:
    out.mkdir(exist_ok=True)
    model = {"threshold": THRESHOLD, "contexts": cues, "weights": weights}
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":"))
    (out / "model.json").write_text(text, encoding="utf-8")
    with gzip.GzipFile(out / "known.txt.gz", "wb", mtime=0) as file:
        known = sorted(kept_known(corpus).items())
        file.write("".join(f"{key}\t{min(count, 99)}\n" for key, count in known).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="arXiv's metadata, gzipped JSON Lines")
    parser.add_argument("labels", type=Path, help="JSON Lines with id and names, as measured by")
    parser.add_argument("papers", type=Path, help="JSON Lines with id, title and abstract, for the labels")
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    texts = read_texts(arguments.papers)
    corpus = read_corpus(arguments.corpus, {title_key(title) for title, _ in texts.values()})
    cues = contexts(corpus)
    count_known(corpus, cues)
    own = read_labels(OWN, read_texts(arguments.corpus), OWN_WEIGHT)
    first = fitted([examples_of(one, cues, corpus) for one in own])
    cues = contexts_again(corpus, cues, first)
    gold = [examples_of(one, cues, corpus) for one in read_labels(arguments.labels, texts, 1.0)]
    others = [examples_of(one, cues, corpus) for one in own]
    for seed in (0, 1, 2):
        hits = at_threshold(gold, cross_validated(gold, others, seed), THRESHOLD)
        print(f"cross-validated: precision {hits.precision:.3f} recall {hits.recall:.3f} F1 {hits.f1:.3f}")
    write(arguments.out, corpus, cues, fitted([*gold, *others]))


if __name__ == "__main__":
    main()
