"""Figures that measure nothing: "two-fold" reasons, four-fold symmetry, half maximum, two-point functions."""

import re

from broadsheet.enrich.readings.claims.figures import Figure

_NO_FACTOR = re.compile(
    r"[ -](?:coordinat|symmetr|periodic|degenera|way\b|ax[ei]s\b|rotation|cover|cross|cv\b|classif|validation"
    r"|valu|tensor|rationale|challeng|problem|approach|purpose|strategy|process|objective)"
)
_LISTING = re.compile(r"\b(?:is|are|was|were|be|of|mainly|mostly|contributions?|aims?|goals?) $")
_OFTEN = re.compile(
    r" (?:a|an|per|each|every|in a) (?:day|night|week|month|year|hour|minute|second|session)\b"
)
_GAIN = re.compile(
    r" (?:[a-z0-9@-]{2,12} )?(?:gain|increase|improvement|lead|drop|decrease|boost|advantage|margin"
    r"|difference|jump|reduction|rise|gap|higher|lower|better|worse)"
)
_NO_HALF = re.compile(
    r"[ -](?:maxim|max\b|width|li[fv]e|plane|space|line|integ|filling|of (?:the )?(?:[a-z]{1,12} )?century)"
)
_WHICH_HALF = re.compile(r"\b(?:first|second|latter|former|other|upper|lower|one|another) $")
_REACH = 24
_INTERVAL = re.compile(r"\[ ?-?[0-9.]{1,9} ?%? ?[,;–-] ?-?[0-9.]{1,9} ?%? ?\]")


def is_idiom(lower: str, figure: Figure) -> bool:
    """
    >>> four = "it has four-fold symmetry"
    >>> is_idiom(four, Figure(7, 11, 16, 4.0, "factor", "x"))
    True
    """
    if _is_bound_of_interval(lower, figure):
        return True
    before = lower[max(0, figure.start - _REACH) : figure.start]
    after = lower[figure.stop : figure.stop + 2 * _REACH]
    if figure.kind == "factor":
        return _is_no_factor(lower[figure.end : figure.stop], before, after, figure)
    if figure.kind == "points" and not figure.is_decimal:
        return _is_no_gain(lower[figure.end : figure.stop], before, after)
    return figure.is_phrase and figure.value == 50 and _is_no_half(before, after)


def _is_bound_of_interval(lower: str, figure: Figure) -> bool:
    """ "[20.32, 36.43]" behind a result says how sure it is."""
    opens = lower.rfind("[", max(0, figure.start - _REACH), figure.start + 1)
    return opens >= 0 and (found := _INTERVAL.match(lower, opens)) is not None and figure.start < found.end()


def _is_no_factor(unit: str, before: str, after: str, figure: Figure) -> bool:
    if unit.endswith("times"):
        return _OFTEN.match(after) is not None
    if not unit.endswith(("fold", "folds")):
        return False
    is_list = (
        figure.value <= 6 and _LISTING.search(before) is not None and after[:1] in ("", ".", ":", ";", ",")
    )
    return is_list or _NO_FACTOR.match(after) is not None


def _is_no_gain(unit: str, before: str, after: str) -> bool:
    """Of one point only a gain is told: "a two-point function", "in one point", "a 7-point scale"."""
    is_one = unit.endswith("point") and not unit.strip(" -").startswith(("percent", "%"))
    return is_one and not before.endswith("by ") and _GAIN.match(after) is None


def _is_no_half(before: str, after: str) -> bool:
    return _NO_HALF.match(after) is not None or _WHICH_HALF.search(before) is not None
