"""Claims in words: the value as its authors wrote it, what it is of, against what, on which data."""

import re
from collections.abc import Sequence

from broadsheet.domain.reading import Claim, Direction
from broadsheet.lib.text import folded, shortened
from broadsheet.store.page_values import Claimed

MOST_SHOWN = 3  # of one paper in a list
LONGEST_PART = 60  # characters
_NUMBER = re.compile(r"\d[\d,]{0,20}(?:\.\d{1,12})?")
_UNITS = {"%": "%", "x": "×"}


def value_of(claim: Claim) -> str:
    """
    >>> from broadsheet.domain.reading import Bound, Span
    >>> value_of(Claim(90, "%", Span("by up to 90.0%", 0, 14), bound=Bound.UP_TO))
    'up to 90.0%'
    >>> value_of(Claim(41.2, "points", Span("from 41.2 to 47.9 F1", 0, 20), value_max=47.9))
    '41.2 to 47.9 points'
    """
    figures = _as_written(claim.value, claim.quote.text)
    if claim.value_max is not None:
        figures += f" to {_as_written(claim.value_max, claim.quote.text)}"
    unit = _UNITS.get(claim.unit, f" {shortened(claim.unit, LONGEST_PART)}" if claim.unit else "")
    return f"{claim.bound} {figures}{unit}" if claim.bound else f"{figures}{unit}"


def what_of(claim: Claim) -> str:
    """The metric; where none was read, whether it is better or worse."""
    if claim.metric:
        return shortened(claim.metric, LONGEST_PART)
    words = {Direction.BETTER: "better", Direction.WORSE: "worse"}
    return words[claim.direction] if claim.direction else ""


def context_of(claim: Claim) -> list[str]:
    """Against what, and on which data, unless that was said already."""
    parts = [(claim.baseline, f"vs {claim.baseline}"), (claim.dataset, claim.dataset)]
    said = {folded(claim.metric)}
    found = []
    for name, words in parts:
        if name and folded(name) not in said:
            said.add(folded(name))
            found.append(shortened(words, LONGEST_PART))
    return found


def in_words(claim: Claim) -> str:
    """All of it on one line."""
    head = " ".join(filter(None, (value_of(claim), what_of(claim))))
    return " · ".join([head, *context_of(claim)])


def headlines(claims: Sequence[Claimed], most: int = MOST_SHOWN) -> list[Claimed]:
    """The figures that tell most by themselves, in the order of the text."""
    by_worth = sorted(range(len(claims)), key=lambda place: (-_worth(claims[place].claim), place))
    return [claims[place] for place in sorted(by_worth[:most])]


def _worth(claim: Claim) -> int:
    """A gain against something named comes before a bare score, and a score before a mere number."""
    is_gain = claim.direction is Direction.BETTER
    told = (claim.baseline, claim.dataset, claim.metric, claim.unit in ("%", "x", "points"))
    return 2 * is_gain + sum(map(bool, told))


def _as_written(value: float, quote: str) -> str:
    """With the zeros and commas of the text, where the number stands there in figures."""
    for found in _NUMBER.finditer(quote):
        if float(found.group().replace(",", "")) == value:
            return found.group().rstrip(",")
    return f"{value:,.10g}"
