"""Puts numbers together into figures: a range, a list that shares its unit, "from … to …", "A vs. B"."""

import re
from dataclasses import dataclass
from itertools import pairwise

from broadsheet.enrich.readings.claims.numbers import Number, named_numbers_in, numbers_in
from broadsheet.enrich.readings.claims.units import unit_after


@dataclass(slots=True)
class Figure:
    start: int
    end: int  # after the number
    stop: int  # after its unit
    value: float
    kind: str = "bare"  # or a unit's kind: "share", "points", "factor", "time" …
    unit: str = ""
    value_max: float | None = None
    is_scaled: bool = False
    is_decimal: bool = False
    is_word: bool = False
    is_phrase: bool = False  # "by half": told without a number
    is_taken: bool = False  # it is the lower end of a range, a "from", or no number of its own
    before: "Figure | None" = None  # what it was before a change: "from 41.2"
    place: int = 0  # in a list of like figures
    list_head: "Figure | None" = None
    list_stop: int = 0  # of a head: where its list ends

    @property
    def said_from(self) -> int:
        """Where what is said of it begins: after its list."""
        return max(self.stop, (self.list_head or self).list_stop)


_RANGE = re.compile(r" {0,2}(?:-|~|to|sim|through) {0,2}[+~-]?$")
_SPREAD_OF = re.compile(r" {0,2}(?:±|pm|[+]/?-) {0,2}$")
_ARROW = re.compile(r" {0,2}(?:->|→|rightarrow|=>) {0,2}$")
_LIST = re.compile(
    r" {0,2}(?:,|and|or|/|&|;|, ?and|, ?or|, ?and/or)"
    r"(?: (?:up to|about|around|nearly|roughly|over|even|almost|additional|an additional|a))? "
    r"{0,3}[~+<>-]?$"
)
_ROUGH = (
    r"(?: (?:about|around|only|just|nearly|roughly|over|under|(?:more|less|fewer) than|an? average of|below"
    r"|above|as (?:low|high|little|few|many|much) as|at least|up to|approximately))?"
)
_FROM = re.compile(rf"\bfrom(?: a| an)?(?: [a-z]+)?{_ROUGH} {{0,3}}[~<>+]?$", re.IGNORECASE)
_TO = re.compile(rf"\bto{_ROUGH}(?: an?)? {{0,3}}[~<>+]?$")
_SPREAD = re.compile(
    r"\b(?:rang\w{1,4}|var\w{1,5}|span\w{0,5}|by|of|improvements|gains|anywhere|scal\w{1,4}"
    r"|between)(?: sizes?| in size)? from "
)
_BETWEEN = re.compile(r"\bbetween {1,2}[~]?$")
_FRACTION_END = re.compile(r"(?:th|rd)? (?:of )?(?:the|its)\b|(?:th|rd)\b")
FARTHEST = 70


def figures_in(view: str, lower: str) -> list[Figure]:
    figures = [_figure(view, number) for number in numbers_in(view)]
    named = [_figure(view, number) for number in named_numbers_in(lower)]
    figures += [figure for figure in named if figure.value != 1 or figure.unit]  # "one" alone is a pronoun
    figures.sort(key=lambda figure: figure.start)
    for one, other in pairwise(figures):
        if one.end <= other.start <= one.stop + FARTHEST:
            _join(view, one, other)
    for one, other in pairwise(reversed(figures)):
        _share_unit(one, other)
    return [figure for figure in figures if not figure.is_taken]


def _figure(view: str, number: Number) -> Figure:
    unit = unit_after(view, number.end)
    kind, name, stop = (unit.kind, unit.name, unit.end) if unit is not None else ("bare", "", number.end)
    return Figure(
        number.start, number.end, stop, number.value, kind, name,
        is_scaled=number.is_scaled, is_decimal=number.is_decimal, is_word=number.is_word,
    )  # fmt: skip


def _join(view: str, one: Figure, other: Figure) -> None:
    gap = view[one.stop : other.start]
    if len(gap) <= 9 and _SPREAD_OF.match(gap):
        other.is_taken = True
        if one.kind == "bare":
            one.kind, one.unit, one.stop = other.kind, other.unit, other.stop
        return
    if len(gap) <= 6 and not one.is_word:
        if gap == "/" and one.value == 1 and other.value > 1 and _FRACTION_END.match(view, other.end):
            _make_fraction(one, other)
            return
        if _ARROW.match(gap):
            _make_change(one, other)
            return
    is_from = _is_from(view, one, gap)
    if is_from and _is_change(view, one, other, gap):
        _make_change(one, other)
    elif len(gap) <= 6 and _same_kind(one, other) and _is_range(view, one, gap):
        _make_range(one, other)
    elif len(gap) <= 24 and one.is_scaled == other.is_scaled and _LIST.match(gap) and _same_kind(one, other):
        _list_on(one, other)


def _list_on(one: Figure, other: Figure) -> None:
    head = one.list_head or one
    other.list_head, other.place = head, one.place + 1
    head.list_stop = other.stop


def _is_from(view: str, one: Figure, gap: str) -> bool:
    return "to" in gap and _FROM.search(view, max(0, one.start - 40), one.start) is not None


def _is_change(view: str, one: Figure, other: Figure, gap: str) -> bool:
    if _TO.search(gap) is None or not _same_kind(one, other):
        return False
    return _SPREAD.search(view, max(0, one.start - 45), one.start) is None


def _is_range(view: str, one: Figure, gap: str) -> bool:
    if _RANGE.match(gap):
        return True
    return gap.strip() == "and" and _BETWEEN.search(view, max(0, one.start - 12), one.start) is not None


def _same_kind(one: Figure, other: Figure) -> bool:
    return one.kind in (other.kind, "bare")


def _make_range(low: Figure, high: Figure) -> None:
    if high.value < low.value and not (high.is_scaled and not low.is_scaled):
        return
    low.is_taken = True
    high.start, high.value, high.value_max = low.start, low.value, high.value
    high.is_decimal |= low.is_decimal
    if low.list_head is not None:
        high.list_head, high.place = low.list_head, low.place
        low.list_head.list_stop = high.stop


def _make_change(old: Figure, new: Figure) -> None:
    old.is_taken = True
    new.before = old


def _make_fraction(one: Figure, other: Figure) -> None:
    one.is_taken = True
    other.start, other.value = one.start, float(f"{1 / other.value:.3g}")
    other.kind, other.unit = "factor", "x"


def _share_unit(later: Figure, earlier: Figure) -> None:
    """The last of a list has the unit of all: "4.5, 4.0 and 4.1 points"."""
    is_listed = later.list_head is not None and later.place == earlier.place + 1
    if is_listed and earlier.kind == "bare" and later.list_head in (earlier, earlier.list_head):
        earlier.kind, earlier.unit = later.kind, later.unit
