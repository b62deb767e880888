"""The summands of a paper's score as the rows of a table, and the figures of the formula for its own page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from broadsheet.deliver.web import charts
from broadsheet.deliver.words import counted
from broadsheet.domain.pick import Term
from broadsheet.domain.signal import SignalKind
from broadsheet.rank import records, trending
from broadsheet.rank.usual import AGES, PRIOR, Usual
from broadsheet.store.page_values import Stood

NOTES = {
    "capped": "held to its repository’s pace before",
    "shared": "divided among the papers that name the repository",
    "damped": "no other crowd goes along: little counts beyond the knee",
    "stale": "not read lately: fading",
}
SHOWN_AGES = (0, 1, 7, 30)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    counted: str
    usual: str
    points: str
    note: str = ""


def rows_of(stood: Stood) -> list[Row]:
    """Each term of a score; none for an edition of a formula that kept no terms."""
    return [_row(term) for term in stood.terms]


def _row(term: Term) -> Row:
    points = f"{term.points:+.2f}".replace("-", "−")
    if term.kind == "age":
        return Row("Age", counted(int(term.gained), "day"), "", points)
    if term.kind == trending.RECORD:
        note = "of the usual upvotes" if term.points else "of the usual upvotes; its own count instead"
        return Row("Authors’ record", f"{1 + term.gained:.1f} times", "1", points, note)
    span = f" in {counted(term.days, 'day')}" if term.days else ""
    name = charts.NAMES[SignalKind(term.kind)]
    return Row(name, f"{number(term.gained)}{span}", number(term.usual), points, NOTES.get(term.note, ""))


def number(value: float) -> str:
    """
    >>> number(1234.0), number(4.5), number(0.25)
    ('1,234', '4.5', '0.2')
    """
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"


def weights(usual: Usual) -> Iterator[tuple[str, str, str, str, list[str]]]:
    """Of each kind: name, weight, knee, how much of it counts on this site, what is usual at some ages."""
    shares = dict(zip(trending.KINDS, usual.shares, strict=True))
    for kind in trending.KINDS[:-1]:
        totals = [number(usual.totals[kind][AGES.index(age)]) for age in SHOWN_AGES]
        knee = f"{2 ** trending.KNEES[kind] - 1:.0f} ×"
        yield (
            charts.NAMES[SignalKind(kind)],
            f"{trending.WEIGHTS[kind]:g}",
            knee,
            f"{100 * shares[kind]:.0f} %",
            totals,
        )


def backtest() -> dict[str, Any]:
    """The last back-test of the formula, as `python -m bench.trending` wrote it."""
    found: dict[str, Any] = orjson.loads((PRIOR / "backtest.json").read_bytes())
    rows = [
        {
            "name": score["name"],
            "ndcg": f"{score['ndcg@10'][0]:.3f}",
            "tau": f"{score['tau'][0]:.3f}".replace("-", "−"),
            "above": "" if score["name"] == trending.FORMULA else _interval(score["ours_above_ndcg@10"]),
        }
        for score in found["scores"]
    ]
    return found | {"rows": rows}


def _interval(bounds: list[float]) -> str:
    mean, low, high = bounds
    return f"{mean:.3f} ({low:.3f} to {high:.3f})"


def constants() -> dict[str, object]:
    """What the page of the formula names besides the tables."""
    return {
        "formula": trending.FORMULA,
        "record_weight": trending.WEIGHTS[trending.RECORD],
        "record_most": records.MOST,
        "age_weight": trending.AGE_WEIGHT,
        "fades_in": f"{trending.FADES_BY_HALF_IN:g}",
        "ages": SHOWN_AGES,
    }
