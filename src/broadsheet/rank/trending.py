"""The formula that orders an edition: published, pure, the same inputs give the same order.

A paper's score is a sum of terms, one for each kind of signal, less a term for its age. A term compares
what a paper gained with what is usual for a paper of its age, source and category:

    term  = weight * share * freshness * bent(log2(1 + gain / usual))
    score = sum of terms - AGE_WEIGHT * log2(1 + age in days)

so that one point more means: about twice the attention. `docs/ranking.md` says it in words, with an example.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.domain.pick import Floats, Ints
from broadsheet.domain.signal import CROWDS, Crowd, SignalKind
from broadsheet.rank.spread import spread

FORMULA = "trending-2"
RECORD = "record"  # how the earlier papers of its authors fared, from rank.records
KINDS: tuple[str, ...] = (*(kind.value for kind in SignalKind), RECORD)

# Points for each doubling. Those of stars, record and age are learned (`python -m bench.trending`); no open
# data has the others day by day, so they are set by hand: what people say outright counts most.
WEIGHTS: dict[str, float] = {
    SignalKind.UPVOTES: 1.0,
    SignalKind.COMMENTS: 0.2,
    SignalKind.STARS: 0.7,
    SignalKind.POINTS: 0.4,
    SignalKind.REPLIES: 0.1,
    SignalKind.CITATIONS: 0.4,
    SignalKind.OPENS: 0.1,
    SignalKind.SAVES: 0.2,
    SignalKind.VOTES: 0.4,
    RECORD: 0.8,
}
AGE_WEIGHT = 0.15
RECORD_FADES = 0.5  # by so much for each point that the paper earns by itself
# Doublings up to which a kind counts in full whatever others say: as much as is usual for what is cheap to
# buy or to arrange, more for upvotes and citations. Beyond, it counts in full as far as another crowd goes
# along; of the rest a tenth, and never much.
KNEES: dict[str, float] = dict.fromkeys(KINDS, 1.0) | {
    SignalKind.UPVOTES: 4.0,
    SignalKind.POINTS: 2.0,
    SignalKind.CITATIONS: 3.0,
    RECORD: np.inf,
}
BEYOND_KNEE = 0.1
MOST_BEYOND = 3.0  # doublings of which that little counts
NOTICED_FROM = 1.0  # doublings: as much as is usual
FADES_BY_HALF_IN = 3.0  # days without a new reading
FRONT = 3  # the first places need two crowds ...
FROM = 6  # ... which are looked for among so many

_WEIGHTS = np.array([WEIGHTS[kind] for kind in KINDS])
_KNEES = np.array([KNEES[kind] for kind in KINDS])
_RECORD = KINDS.index(RECORD)
_CROWDS = [[column for column, kind in enumerate(SignalKind) if CROWDS[kind] is crowd] for crowd in Crowd]


@dataclass(frozen=True, slots=True)
class Field:
    """The papers of a window, one a row, as they stood at one moment."""

    paper_ids: Ints  # (papers,)
    ages: Floats  # (papers,) days since it was submitted
    categories: Ints  # (papers,) a number for each primary category, -1 for none
    gains: Floats  # (papers, kinds) in the window; nan where nobody told
    usual: Floats  # (papers, kinds) what a paper like it gains
    stale_days: Floats  # (papers, kinds) days for which the source has been silent; 0 is fresh
    shares: Floats  # (kinds,) 0 to 1: how much this site knows of the kind


@dataclass(frozen=True, slots=True)
class Order:
    """Who stands where, and the terms that the scores are the sums of."""

    rows: Ints  # (papers,) rows of the Field, best first
    scores: Floats  # (papers,) by row
    terms: Floats  # (papers, kinds) by row
    age_terms: Floats  # (papers,) by row; never above 0
    damped: NDArray[np.bool_]  # (papers, kinds) by row: counted less, as no other crowd goes along
    crowds: Ints  # (papers,) by row: how many crowds gave it as much as is usual


def rank(field: Field) -> Order:
    """Order the papers of a field. Takes time in proportion to the number of papers (and its logarithm)."""
    weighed = np.clip(_finite(field.shares), 0, 1) * freshness(field.stale_days)
    doublings = doublings_of(field.gains, field.usual)
    alone = bent(doublings, _KNEES) * weighed
    seen = np.column_stack([alone[:, members].max(axis=1) for members in _CROWDS])  # (papers, crowds)
    limits = _limits(seen)
    counted, damped = bent(doublings, limits), doublings > limits
    terms = counted * _WEIGHTS * weighed
    own = terms.sum(axis=1) - terms[:, _RECORD]
    terms[:, _RECORD] = np.maximum(0, terms[:, _RECORD] - RECORD_FADES * own)
    age_terms = -AGE_WEIGHT * np.log2(1 + _finite(field.ages))
    scores = np.round(terms.sum(axis=1) + age_terms, 9)  # so that no order hangs on the last bit of a sum
    rows = np.lexsort((field.paper_ids, _finite(field.ages), -scores))
    rows = spread(rows, scores, field.categories)
    crowds = (seen >= NOTICED_FROM).sum(axis=1)
    return Order(_noticed_first(rows, crowds), scores, terms, age_terms, damped, crowds)


def doublings_of(gains: Floats, usual: Floats) -> Floats:
    """log2(1 + gain / usual), 0 where nobody told; any number may come in, none but finite ones go out."""
    return np.log2(1 + _finite(gains) / np.maximum(_finite(usual), 1e-3))


def freshness(stale_days: Floats) -> Floats:
    """1 for what was read lately, falling by half for every few days of silence."""
    found: Floats = 0.5 ** (_finite(stale_days) / FADES_BY_HALF_IN)
    return found


def bent(doublings: Floats, limits: Floats) -> Floats:
    """In full up to the limits; of what lies beyond little, and never much."""
    beyond = np.maximum(0, doublings - limits)
    found: Floats = doublings - beyond + BEYOND_KNEE * np.minimum(MOST_BEYOND, beyond)
    return found


def _limits(seen: Floats) -> Floats:
    """(papers, kinds) the knee of each kind, or as far as the best other crowd goes along."""
    limits = np.tile(_KNEES, (len(seen), 1))
    for crowd, members in enumerate(_CROWDS):
        others = np.delete(seen, crowd, axis=1).max(axis=1)
        limits[:, members] = np.maximum(limits[:, members], others[:, None])
    return limits


def _noticed_first(rows: Ints, crowds: Ints) -> Ints:
    """Of the first six, papers that two crowds noticed take the first three places."""
    head = rows[:FROM]
    noticed = head[crowds[head] > 1][:FRONT]
    return np.concatenate([noticed, head[~np.isin(head, noticed)], rows[FROM:]])


def _finite(values: Floats) -> Floats:
    """Not a number counts as nothing told; so does anything below 0."""
    return np.clip(np.nan_to_num(values, nan=0.0, posinf=1e12, neginf=0.0), 0.0, 1e12)
