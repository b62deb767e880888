"""Splits the author lines that arXiv and others print into names."""

import re

from broadsheet.domain.paper import unique
from broadsheet.lib.tex import without_accent_commands
from broadsheet.lib.text import plain_line

_BETWEEN = re.compile(r"\s*(?:,(?:\s*and\s)?|;|\band\s|\s&\s)\s*")
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}
_LONGEST_NAME = 300  # collaborations have long ones


def author_names(line: str) -> tuple[str, ...]:
    """
    >>> author_names("A. B. Doe (MIT, Boston), C. D. Roe, Jr. and E. Foe")
    ('A. B. Doe', 'C. D. Roe Jr.', 'E. Foe')
    """
    line = plain_line(line)
    if "\\" in line:
        line = without_accent_commands(line)
    if "(" in line or "[" in line:
        line = _without_brackets(line)
    if ";" not in line and " and " not in line and "&" not in line:  # the usual case, and the fast one
        names = [name.strip() for name in line.split(",")]
    else:
        names = _BETWEEN.split(line)
    return unique(_short(name) for name in _with_suffixes(names))


def _with_suffixes(names: list[str]) -> list[str]:
    if not any(name.lower() in _SUFFIXES for name in names[1:]):
        return names
    whole: list[str] = []
    for name in names:
        if whole and name.lower() in _SUFFIXES:
            whole[-1] += f" {name}"
        else:
            whole.append(name)
    return whole


def _without_brackets(line: str) -> str:
    """Drops what stands in round or square brackets, nested or never closed: institutes and footnotes."""
    kept, depth = [], 0
    for sign in line:
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(depth - 1, 0)
        elif depth == 0:
            kept.append(sign)
    return " ".join("".join(kept).split()).replace(" ,", ",")


def _short(name: str) -> str:
    return name.strip(" ,;*")[:_LONGEST_NAME]
