"""Whether the words that a claim stands on hold its value in figures: what was corrected may not be there."""

import re
from math import isclose

from broadsheet.domain.reading import Claim

_WRITTEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
_POWER = re.compile(r"\^|\d[eE][+-]?\d")
_SCALES = (1.0, 1e3, 1e6, 1e9, 1e12)  # "48K" holds 48,000


def is_held(claim: Claim) -> bool:
    """Of a range both ends. Digits alone are compared where the words write a power of ten."""
    quote = claim.quote.text.replace("{,}", ",")
    written = [float(found[0].replace(",", "")) for found in _WRITTEN.finditer(quote)]
    values = [abs(value) for value in (claim.value, claim.value_max) if value is not None]
    if _POWER.search(quote):
        return {_digits(value) for value in values} <= {_digits(number) for number in written}
    return all(
        any(isclose(value, number * scale) for number in written for scale in _SCALES) for value in values
    )


def _digits(value: float) -> str:
    """
    >>> [_digits(value) for value in (48_000.0, 0.48, 4.8e-7)]
    ['48', '48', '48']
    """
    return f"{value:.9e}".split("e")[0].replace(".", "").rstrip("0")
