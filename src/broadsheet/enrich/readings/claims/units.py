"""What a number is a number of: percent, points, times, seconds. Reads what stands right after it."""

import re
from typing import NamedTuple


class Unit(NamedTuple):
    name: str  # as a claim shows it
    kind: str  # "share", "points", "factor", "time", "rate", "storage", "length", "power", "money"
    end: int


_RATES = (
    r"(?:tokens?|images?|frames|samples|queries|requests|words|steps|GB|MB|TFLOPs?|TFLOPS|GFLOPs?|GFLOPS)"
    r" {0,2}(?:/|per) {0,2}(?:seconds?|sec|s|minute|min|hour|GPU|watt|W|J)(?:/GPU)?|fps|FPS|QPS|qps|Hz"
    r"|[kMG]Hz"
)
_TIMES = (
    r"ms|milliseconds?|microseconds?|us|s|secs?|seconds?|mins?|minutes?"
    r"|(?:[A-Z]{1,4}\d{0,3}[ -])?GPU[ -]?(?:hours?|days?)"
    r"|accelerator hours|hours?|hrs?|h|days?|weeks?|months?|years?"
)
_OTHERS = (
    r"(?P<storage>[KMGT]i?B|[kMG]bits?|bytes?|bits?)|(?P<length>tokens?|words|digits?|characters"
    r"|context(?= (?:window|length|size)))"
    r"|(?P<power>m?W|watts?|[km]?J|joules?|k?Wh|dB|T?G?FLOPs?|[TGM]MACs?|mm|cm|km|m|liters?|litres?"
    r"|rollouts|GPUs|parameters)"
)
_UNIT = re.compile(
    r" {0,3}(?:"
    r"(?P<points>(?:% ?-? ?|percent(?:age)?[ -])(?:absolute )?points?\b|pp\b|p\.p\.)"
    r"|(?P<share>%|percent\b|per cent\b|pct\b)"
    r"|(?P<factor>x(?![A-Za-z0-9]| ?[0-9])|X(?![A-Za-z0-9])|times(?![A-Za-z]| ?[0-9])|-?folds?\b(?! "
    r"cross| CV))"
    rf"|-?(?:(?P<rate>{_RATES})|(?P<time>{_TIMES})|{_OTHERS})(?![A-Za-z0-9+])"
    r")"
)
# "23 absolute points" and "2.1 F1 points" are gains; "500 data points" and "a three-point list" are not.
_OF_POINTS = (
    r"(?:absolute|relative|percent(?:age)?|additional|accuracy|scores?|average|mean|success"
    r"|[A-Z][A-Za-z0-9@-]{0,15}|[a-z]{1,6}[@A-Z0-9][A-Za-z0-9@-]{0,12})[ -]"
)
_POINTS = re.compile(rf"(?: {{1,3}}|-)(?:{_OF_POINTS}){{0,3}}(?:points?|pts?)\b(?! (?:clouds?|sets?))")
_MAGNITUDES = re.compile(r" {0,2}-?orders? of magnitudes?\b")
_MONEY = re.compile(r"(?:\\|US|USD ?)\$ ?$")


def unit_after(view: str, end: int) -> Unit | None:
    """
    >>> [unit_after(text, 1).name for text in ("5 % points", "5x", "5-fold", "5 GPU hours", "5 F1 points")]
    ['points', 'x', 'x', 'GPU hours', 'points']
    """
    found = _UNIT.match(view, end)
    if found is None:
        return _points_after(view, end)
    kind = found.lastgroup or ""
    if kind in ("share", "points", "factor"):
        return Unit({"share": "%", "points": "points", "factor": "x"}[kind], kind, found.end())
    name = "tokens" if found[kind] == "context" else found[kind]
    return Unit(name, kind, found.end())


def _points_after(view: str, end: int) -> Unit | None:
    found = _POINTS.match(view, end)
    return Unit("points", "points", found.end()) if found is not None else None


def magnitudes_after(view: str, end: int) -> int | None:
    """Where "orders of magnitude" ends, when it follows."""
    found = _MAGNITUDES.match(view, end)
    return found.end() if found is not None else None
