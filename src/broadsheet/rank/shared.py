"""Finds the words and pairs of words that two papers share and that tell something: why they are similar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.index.analysis import terms
from broadsheet.lib.text import folded
from broadsheet.rank.why import NEAR, listed

MOST = 3
TITLE_WEIGHT = 3
PAIR_WEIGHT = 2.5
_LONGEST_READ = 4_000  # characters of a paper's text
# In abstracts of any field; alone they tell nothing about what a paper is on.
_GENERIC = frozenset(
    re.findall(
        r"\w+",
        """a about above abstract achieve achieves across addition after all allow allows also
        although among an analysis and any applied apply approach approaches are as at available
        based be because been before behavior being best better between both but by can case
        cases challenge challenges compare compared comparison consider considered consistent
        contrast could current data demonstrate demonstrates describe design develop developed
        different directly discuss does due during each effect effective effects efficient
        either enable enables et evaluate evaluation even existing experimental experiments
        explore extensive finally find findings first focus following for framework from further
        general given gives good had has have here high higher how however i if important
        improve improved improvement improves in including increase increasing information
        instead into introduce introduced investigate is it its itself key known large larger
        less level like limited low lower main make making many may method methods model models
        more moreover most much multiple must need new no non not novel number observe obtain
        obtained of on one only open or order other others our outperform outperforms over own
        paper papers part particular per perform performance possible present presented presents
        previous prior problem problems propose proposed proposes provide provides quality
        question range recent recently related remain remains require requires research result
        results same second set several show shown shows significant significantly simple simply
        since single small so some specific state strong studied studies study such suggest
        system systems task tasks technique techniques test than that the their them then theory
        there therefore these they this those three through thus time to together two type under
        understanding up upon use used useful using various very via was way ways we well were
        what when where whereas whether which while who whose will with within without work
        works would yet""",
    )
)
_WORD = re.compile(r"[^\W_]{3,}")
_SPACED = {at: " " for at in range(128) if not chr(at).isalnum()}


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str


def why_similar(one: Text, other: Text) -> str:
    words = shared(one, other)
    return f"{NEAR}; shares {listed(words)}" if words else NEAR


def shared(one: Text, other: Text) -> list[str]:
    """At most three, the most telling first, as they stand in the other paper.

    >>> shared(Text("Folding proteins", "A language folds."), Text("Protein folding", "By languages."))
    ['folding', 'protein', 'languages']
    """
    ours = _weights(one)
    theirs = _weights_among(ours, other)
    both = sorted((-(ours[key][0] * weight), key, words) for key, (weight, words) in theirs.items())
    chosen: list[tuple[Key, str]] = []
    for _, key, words in both:
        if not any(set(key) & set(taken) for taken, _ in chosen):
            chosen.append((key, words))
    return [words for _, words in chosen[:MOST]]


Key = tuple[str, ...]  # the stem of a word, or of two side by side
Weights = dict[Key, tuple[float, str]]


@lru_cache(maxsize=512)
def _weights(text: Text) -> Weights:
    """How much each word and pair of words tells of a paper, and how it is written there; by their stems."""
    weights: Weights = {}
    for source, weight in _parts(text):
        for key, written in _singles_and_pairs(source):
            _add(weights, key, written, weight)
    return weights


def _weights_among(known: Weights, text: Text) -> Weights:
    """Of those words and pairs alone that another paper has: a long list asks this of each of its papers."""
    weights: Weights = {}
    for source, weight in _parts(text):
        words = _words(source)
        before: Key | None = None
        for at, stem in enumerate(map(_telling_stem, words)):
            single = (stem,) if stem is not None else None
            if single not in known:
                before = None
                continue
            _add(weights, single, words[at], weight)
            if before is not None and before + single in known:
                _add(weights, before + single, f"{words[at - 1]} {words[at]}", weight)
            before = single
    return weights


def _add(weights: Weights, key: Key, written: str, weight: float) -> None:
    telling = weight * (PAIR_WEIGHT if len(key) == 2 else 1)
    before = weights.get(key, (0.0, written))
    weights[key] = (before[0] + telling, before[1])


def _parts(text: Text) -> tuple[tuple[str, float], ...]:
    return (text.title, TITLE_WEIGHT), (text.body[:_LONGEST_READ], 1)


def _singles_and_pairs(text: str) -> Iterator[tuple[Key, str]]:
    before = None
    for word in _words(text):
        stem = _telling_stem(word)
        if stem is None:
            before = None
            continue
        yield (stem,), word
        if before is not None:
            yield (before[0], stem), f"{before[1]} {word}"
        before = (stem, word)


def _words(text: str) -> list[str]:
    """As `folded` has them; in ASCII in a third of the time."""
    return text.lower().translate(_SPACED).split() if text.isascii() else folded(text).split()


@lru_cache(maxsize=65_536)  # asked for each word of each paper of a list: all that is known of it, at once
def _telling_stem(word: str) -> str | None:
    if word in _GENERIC or not _WORD.fullmatch(word) or word.isdigit():
        return None
    return (terms(word) or [word])[0]
