"""Finds what is written as a number: "12,500", "$10^3$", "2.3e21", "48K", "1.5 billion", "twenty"."""

import re
from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple


class Number(NamedTuple):
    start: int
    end: int
    value: float
    is_scaled: bool  # "48K", "two million": a count rather than a score
    is_decimal: bool
    is_word: bool = False


# The test for what stands before comes after the first digit, so that the search can skip to digits.
_NUMBER = re.compile(
    r"[0-9](?<![A-Za-z0-9_^@#][0-9])"
    r"(?:[0-9]{0,2}(?:(?:,| , ?)[0-9]{3}(?![0-9]))+(?:\.[0-9]{1,12})?|[0-9]{0,14}(?:\.[0-9]{1,12})?)"
    r"(?![0-9]|\.[0-9])"
)
_POWER = re.compile(
    r" {0,3}(?P<times>(?:x|times|[*]) {0,3}10 {0,2})?\^ {0,3}(?P<to>-?[0-9]{1,3})|e(?P<e>[+-]?[0-9]{1,2})\b"
)
_SCALE = re.compile(r"([KkMBbT])(?![A-Za-z0-9])|[ -](thousand|million|billion|trillion)\b")
_SCALES = {
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "b": 1e9, "T": 1e12,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_NAMES = {name: float(value) for value, name in enumerate(_ONES.split())}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NAMES |= {name: 10.0 * value for value, name in enumerate(_TENS.split(), 2)}
_NAMES |= {
    "dozen": 12.0,
    "hundred": 100.0,
    **{name: scale for name, scale in _SCALES.items() if len(name) > 1},
}


def numbers_in(view: str) -> Iterator[Number]:
    r"""In the order of the text; what is part of a name ("GPT-4", "x1.0", "pass@1") is none.

    >>> [n.value for n in numbers_in("1,000 of 48K; 3 x 10^4 and 10^3, .5 on GPT-4 v2.1, 1.5 billion")]
    [1000.0, 48000.0, 30000.0, 1000.0, 0.5, 1500000000.0]
    >>> [n.value for n in numbers_in(".0.0 and .5")]
    [0.5]
    >>> [n.value for n in numbers_in("1.1 x 10^3 or 1.007e-19, .00001e3, 9 x 10^999 or 1e14")]
    [1100.0, 1.007e-19, 0.01, 100000000000000.0]
    """
    read_to = 0
    for found in _NUMBER.finditer(view):
        start, end = found.span()
        if start < read_to:  # the ten of "3 x 10^4"
            continue
        text = found[0]
        before = view[start - 1] if start else " "
        if before == "-" and start > 1 and view[start - 2].isalpha() and view[end : end + 1] != "%":
            continue
        if before == ".":
            if "." in text or (start > 1 and view[start - 2] not in " (~<>=+-"):
                continue
            start, text = start - 1, "." + text
        if _is_side(view, start, end) or _is_year(found[0], view[end : end + 1]):
            continue
        number = _scaled(view, start, end, float(text.replace(",", "").replace(" ", "")))
        read_to = number.end
        if isfinite(number.value):
            yield number


def _is_side(view: str, start: int, end: int) -> bool:
    """Whether it is one side of a size such as "512 x 512"."""
    if _SIDE_AFTER.match(view, end):
        return _POWER.match(view, end) is None
    return (
        view[start - 1 : start] in ("x", "*", " ")
        and _SIDE_BEFORE.search(view, max(0, start - 5), start) is not None
    )


_SIDE_AFTER = re.compile(r" {0,2}(?:[x*]|times) {0,2}[0-9]")
_SIDE_BEFORE = re.compile(r"[0-9] {0,2}[x*] {0,2}$")


def _is_year(written: str, after: str) -> bool:
    return (
        len(written) == 4
        and written.isdigit()
        and "1990" <= written <= "2035"
        and written != "2000"
        and after != "%"
    )


def _scaled(view: str, start: int, end: int, value: float) -> Number:
    is_decimal = "." in view[start:end]
    if (power := _POWER.match(view, end)) is not None:
        is_base = power["to"] is not None and power["times"] is None
        value = _power(value, power["to"]) if is_base else float(f"{value:.12f}e{power['to'] or power['e']}")
        return Number(start, power.end(), value, is_scaled=True, is_decimal=is_decimal)
    if (scale := _SCALE.match(view, end)) is not None:
        factor = _SCALES[scale[1] or scale[2]]
        return Number(start, scale.end(), round(value * factor, 6), is_scaled=True, is_decimal=is_decimal)
    return Number(start, end, value, is_scaled=False, is_decimal=is_decimal)


def _power(base: float, exponent: str) -> float:
    try:
        return base ** int(exponent)
    except (OverflowError, ZeroDivisionError):
        return float("inf")


def named_numbers_in(lower: str) -> Iterator[Number]:
    """
    >>> [n.value for n in named_numbers_in("two dozen models, a hundred tasks (three million images)")]
    [24.0, 100.0, 3000000.0]
    """
    spaced = " " + lower.replace("(", " ")  # so that the offset of the space is the word's in the text
    for found in _NAMED.finditer(spaced):
        value = _NAMES[found[1]] * (_NAMES[found[2]] if found[2] else 1.0)
        yield Number(found.start(), found.end() - 1, value, value >= 100, is_decimal=False, is_word=True)


_COUNTED = "|".join(
    name for name in _NAMES if name not in ("zero", "thousand", "million", "billion", "trillion")
)
# It begins with a plain space, which the search can skip to.
_NAMED = re.compile(
    rf" (?:an? )?({_COUNTED})(?:[ -](hundred|dozen|thousand|million|billion|trillion))?(?![a-z0-9])"
)
