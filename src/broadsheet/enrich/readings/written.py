"""Checks a summary that a machine wrote: a figure that the abstract does not hold may not be shown."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

LONGEST = 200_000  # characters of either text
_TEX = re.compile(r"\\(?:times|cdot)(?![a-zA-Z])|\\[%, ;!]|[{}$~]|\b(?:sim|approx)(?=\s?\d)")
_TEX_SIGNS = {"\\times": "×", "\\cdot": "×", "\\%": "%", "{": "", "}": "", "$": "", "\\,": "", "\\!": ""}
_NUMBER = re.compile(
    r"(?<![\w.])(?P<whole>\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,30})(?P<part>\.\d{1,20})?"
    r"(?:(?:[eE]|\s?[×x*]\s?10\s?\^\s?)(?P<power>[-+−]?\d{1,2})(?!\w))?"
    r"(?:[\s-]?(?P<unit>%|percentage[\s-]points?|percent|points?|pp|pts?|times|folds?|thousand"
    r"|million|billion"
    r"|trillion|[xX×kKMBT])(?!\w))?"
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "billion": 9, "t": 12, "trillion": 12}
_KINDS = dict.fromkeys(["%", "percent", "percentage point", "point", "pp", "pt"], "%") | dict.fromkeys(
    ["x", "×", "time", "fold"], "x"
)
_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
_WORD = re.compile(r"\b(" + "|".join(_WORDS) + r")\b", re.IGNORECASE)


class _Figure(NamedTuple):
    value: Decimal
    kind: str  # "%", "x", or "" for a bare number


def figures_occur(summary: str, abstract: str) -> bool:
    r"""Whether every number of the summary is in the abstract; a unit must agree where both have one.

    Percent, points and pp count as one unit, so do times, fold and x; k, million and the like are worked out.
    Numbers in words up to twelve are numbers of the abstract.

    >>> figures_occur("3.3x faster, 90% less memory", r"a 3.3$\\times$ speed-up and 90 percent less memory")
    True
    >>> figures_occur("3.4x faster", "3.3 times faster")
    False
    """
    known = set(_figures(abstract[:LONGEST]))
    values = {value for value, _ in known}
    bare = {value for value, kind in known if not kind} | _in_words(abstract[:LONGEST])
    return all(
        figure in known or figure.value in bare or (not figure.kind and figure.value in values)
        for figure in _figures(summary[:LONGEST])
    )


def _figures(text: str) -> Iterator[_Figure]:
    plain = _TEX.sub(lambda found: _TEX_SIGNS.get(found[0], " "), text)
    for found in _NUMBER.finditer(plain):
        value = Decimal(found["whole"].replace(",", "") + (found["part"] or ""))
        unit = re.sub(r"[\s-]", " ", found["unit"] or "").rstrip("s").lower()
        power = int((found["power"] or "0").replace("−", "-")) + _SCALES.get(unit, 0)
        yield _Figure(value.scaleb(power).normalize(), _KINDS.get(unit, ""))


def _in_words(text: str) -> set[Decimal]:
    return {Decimal(_WORDS[found[0].lower()]).normalize() for found in _WORD.finditer(text)}
