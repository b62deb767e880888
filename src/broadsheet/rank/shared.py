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
    ours, theirs = _weights(one), _weights(other)
    both = sorted(
        (-(ours[key][0] * theirs[key][0]), key, theirs[key][1]) for key in ours.keys() & theirs.keys()
    )
    chosen: list[tuple[tuple[str, ...], str]] = []
    for _, key, words in both:
        if not any(set(key) & set(taken) for taken, _ in chosen):
            chosen.append((key, words))
    return [words for _, words in chosen[:MOST]]


@lru_cache(maxsize=512)
def _weights(text: Text) -> dict[tuple[str, ...], tuple[float, str]]:
    """How much each word and pair of words tells of a paper, and how it is written there; by their stems."""
    weights: dict[tuple[str, ...], tuple[float, str]] = {}
    for source, weight in ((text.title, TITLE_WEIGHT), (text.body[:_LONGEST_READ], 1)):
        for key, written in _singles_and_pairs(source):
            telling = weight * (PAIR_WEIGHT if len(key) == 2 else 1)
            before = weights.get(key, (0.0, written))
            weights[key] = (before[0] + telling, before[1])
    return weights


def _singles_and_pairs(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    before = None
    for word in folded(text).split():
        tells = word not in _GENERIC and _WORD.fullmatch(word) and not word.isdigit()
        stem = _stem(word) if tells else None
        if stem is None:
            before = None
            continue
        yield (stem,), word
        if before is not None:
            yield (before[0], stem), f"{before[1]} {word}"
        before = (stem, word)


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return (terms(word) or [word])[0]
