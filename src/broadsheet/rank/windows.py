"""Ranks the papers of a window: from what was counted to places with reasons. Pure.

What a paper gained is compared with what is usual, weighed by the formula in `trending`, and told in
words; the same candidates and the same basis give the same places.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from broadsheet.domain.pick import Brief, Candidates, Floats, Ints, Pick, Ranked, Term
from broadsheet.domain.signal import NUMBERS, SignalKind
from broadsheet.rank import beside
from broadsheet.rank.gains import Gains, gains_of
from broadsheet.rank.reasons import Standing, reason
from broadsheet.rank.records import HALVES_IN, Records
from broadsheet.rank.trending import FORMULA, KINDS, RECORD, Field, Order, rank
from broadsheet.rank.usual import Usual

LEAST_LEFT = 0.001  # of what a record promised, after some ten days: no longer looked up
OF_EACH_FIELD = 20  # places that a category keeps, however far down they are
MOST_DAMPED = 20
_STARS, _RECORD = NUMBERS[SignalKind.STARS], KINDS.index(RECORD)
# How many days a kind may be silent, while others are read, before it fades.
PATIENCE = np.array([{"stars": 3, "citations": 10, "points": 2, "replies": 2}.get(kind, 3) for kind in KINDS])
SLOW_TURN = 8  # days in which the stars of every repository are counted at least once


@dataclass(frozen=True, slots=True)
class Basis:
    """What a ranking rests on besides the papers: what is usual, and how authors' papers fared."""

    usual: Usual
    records: Records
    name: str = "shipped"  # what the site has learned and when, for an edition's inputs


@dataclass(frozen=True, slots=True)
class Measured:
    """The candidates as arrays: one row a paper, one column a kind."""

    held: Candidates
    field: Field
    gained: Gains
    as_of: int  # ordinal of the last day of which anything is known


def rank_window(held: Candidates, most: int, basis: Basis) -> Ranked:
    """The best `most` candidates and the best few of each category, with terms and reasons."""
    if not len(held):
        return Ranked([])
    measured = measure(held, basis)
    order = rank(measured.field)
    fields = _field_ranks(order.rows, held.categories)
    kept = _kept(order.rows, fields, most)
    return Ranked(
        _picks(measured, order, fields, kept),
        rising=beside.rising(held, basis.usual, order, measured.as_of),
        radar=beside.radar(held, measured.gained, order, fields),
        damped=_damped(measured, order),
        inputs={
            "formula": FORMULA,
            "as_of": date.fromordinal(measured.as_of).isoformat(),
            "since": held.since.isoformat(),
            "basis": basis.name,
            "shares": dict(zip(KINDS, np.round(measured.field.shares, 3).tolist(), strict=True)),
            "silent_days": _silence(measured),
        },
    )


def measure(held: Candidates, basis: Basis) -> Measured:
    """What each paper gained, and what is usual for one like it."""
    gained = gains_of(held, held.since.toordinal())
    gains = gained.gains
    gains[:, _STARS] /= np.maximum(1.0, held.sharers)
    listed = _ordinals(held.listed_on)
    as_of = _as_of(held, listed)
    gains[:, _RECORD] = _promised(held, basis.records, held.known_on.toordinal() - listed)
    dated = np.minimum(_ordinals(held.dated_on), as_of)
    field = Field(
        paper_ids=np.array(held.paper_ids, np.int64),
        ages=(as_of - dated) * float(held.counts_age),
        categories=_numbered(held.categories),
        gains=gains,
        usual=basis.usual.gains(
            np.maximum(0, gained.last_days - listed[:, None]),
            held.since.toordinal() - listed,
            held.categories,
        ),
        # Over all time a count of long ago is as good as one of today: old code is looked at monthly.
        stale_days=_stale_days(gained.last_days, as_of) * float(held.counts_age),
        shares=basis.usual.shares,
    )
    return Measured(held, field, gained, as_of)


def _promised(held: Candidates, known: Records, days: Floats) -> Floats:
    """What the authors' record promises, as a gain beside a usual one of 1; half of it with each day."""
    found: Floats = np.zeros(len(held))
    left = 0.5 ** (np.maximum(0, days - 1) / HALVES_IN)
    rows = np.flatnonzero(left >= LEAST_LEFT)
    promised = known.of([held.authors[row] for row in rows.tolist()])
    found[rows] = np.expm1(promised * left[rows] * np.log(2))
    return found


def _as_of(held: Candidates, listed: Floats) -> int:
    """The last day of which anything is known: when all sources are silent, none is staler than another."""
    newest = int(held.readings.days.max()) if len(held.readings.days) else 0
    return max(newest, int(listed.max()))


def _stale_days(last_days: Floats, as_of: int) -> Floats:
    """How long each count has been silent, beyond what is usual for its source."""
    newest = np.full(len(KINDS), np.nan)
    told = ~np.isnan(last_days).all(axis=0)
    newest[told] = np.nanmax(last_days[:, told], axis=0)
    stale = np.broadcast_to(np.maximum(0, as_of - newest - PATIENCE), last_days.shape).copy()
    stale[:, _STARS] = np.maximum(stale[:, _STARS], as_of - last_days[:, _STARS] - SLOW_TURN)
    found: Floats = np.nan_to_num(stale)
    return found


def _silence(measured: Measured) -> dict[str, int]:
    """Kinds that have fallen silent, and since how many days."""
    last = measured.gained.last_days
    return {
        kind: int(measured.as_of - np.nanmax(last[:, column]))
        for column, kind in enumerate(KINDS)
        if not np.isnan(last[:, column]).all()
        and measured.as_of - np.nanmax(last[:, column]) > PATIENCE[column]
    }


def _ordinals(days: Iterable[date]) -> Floats:
    return np.array([day.toordinal() for day in days], np.float64)


def _numbered(categories: Sequence[str]) -> Ints:
    """Numbers in the order of the names, so that they do not hang on the order of the papers."""
    numbers = {name: number for number, name in enumerate(sorted(set(categories) - {""}))}
    return np.array([numbers.get(name, -1) for name in categories], np.int64)


def _field_ranks(rows: Ints, categories: Sequence[str]) -> list[int]:
    """For each row its place among the papers of its primary category."""
    held: Counter[str] = Counter()
    found = [0] * len(rows)
    for row in rows.tolist():
        held[categories[row]] += 1
        found[row] = held[categories[row]]
    return found


def _kept(rows: Ints, fields: Sequence[int], most: int) -> NDArray[np.bool_]:
    kept: NDArray[np.bool_] = np.array(fields) <= OF_EACH_FIELD
    kept[rows[:most]] = True
    return kept


def _picks(measured: Measured, order: Order, fields: Sequence[int], kept: NDArray[np.bool_]) -> list[Pick]:
    held, gains = measured.held, np.nan_to_num(measured.field.gains)
    standings = beside.standings(measured.gained.gains, held.listed_on)
    has_any = np.any(gains > 0, axis=1).tolist()  # most papers of a window have nothing but an age
    scores, is_kept = np.round(order.scores, 4).tolist(), kept.tolist()
    found = []
    for place, row in enumerate(order.rows.tolist(), 1):
        if is_kept[row]:
            terms = [*(_terms(measured, order, row) if has_any[row] else ()), _age(measured, order, row)]
            standing = Standing(place, len(held), standings[row])
            why = reason(terms, standing, float(held.sharers[row]))
            field_rank = fields[row] if held.categories[row] else None
            found.append(Pick(held.paper_ids[row], place, scores[row], why, terms, field_rank))
    return found


def _terms(measured: Measured, order: Order, row: int) -> list[Term]:
    """What the score is the sum of besides the age, the largest first."""
    gains = measured.field.gains[row].tolist()
    found = [
        Term(
            kind,
            round(float(measured.field.gains[row, column]), 2),
            round(float(measured.field.usual[row, column]), 2),
            0 if column == _RECORD else int(measured.gained.days[row, column]),
            round(float(order.terms[row, column]), 4),
            _note(measured, order, row, column),
        )
        for column, kind in enumerate(KINDS)
        if gains[column] > 0
    ]
    found.sort(key=lambda term: (-term.points, KINDS.index(term.kind)))
    return found


def _age(measured: Measured, order: Order, row: int) -> Term:
    return Term("age", float(measured.field.ages[row]), 0.0, 0, round(float(order.age_terms[row]), 4))


def _note(measured: Measured, order: Order, row: int, column: int) -> str:
    if column == _STARS and measured.gained.gains[row, column] < measured.gained.told[row, column]:
        return "shared" if measured.held.sharers[row] > 1 else "capped"
    if measured.field.stale_days[row, column] > 0:
        return "stale"
    return "damped" if order.damped[row, column] else ""


def _damped(measured: Measured, order: Order) -> list[Brief]:
    """What was held back, the most first: for the owner's log."""
    told, counted = measured.gained.told[:, _STARS], measured.field.gains[:, _STARS]
    held_back = np.nan_to_num(told - counted)
    rows = [int(row) for row in np.argsort(-held_back, kind="stable") if held_back[row] >= 1]
    rows += [int(row) for row in np.flatnonzero(order.damped.any(axis=1)) if row not in rows]
    places = {row: place for place, row in enumerate(order.rows.tolist(), 1)}
    ordered = sorted(rows[: 4 * MOST_DAMPED], key=lambda row: (-held_back[row], measured.held.paper_ids[row]))
    return [
        Brief(measured.held.paper_ids[row], places[row], _held_back(measured, order, row))
        for row in ordered[:MOST_DAMPED]
    ]


def _held_back(measured: Measured, order: Order, row: int) -> str:
    told, counted = measured.gained.told[row, _STARS], measured.field.gains[row, _STARS]
    if told - counted >= 1:
        shared = measured.held.sharers[row]
        why = f"{shared:,.0f} papers share the repository" if shared > 1 else "above its own pace before"
        return f"{told:,.0f} stars told, {counted:,.0f} counted: {why}"
    kinds = ", ".join(kind for column, kind in enumerate(KINDS) if order.damped[row, column])
    return f"{kinds}: beyond the knee, and no other crowd goes along: little of the rest counts"
