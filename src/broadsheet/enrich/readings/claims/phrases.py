"""Figures told in words alone: "an order of magnitude", "by half", "two thirds fewer", "doubles"."""

import re
from collections.abc import Iterator

from broadsheet.enrich.readings.claims.figures import Figure

_HINTS = (
    "magnitude",
    "half",
    "halv",
    "third",
    "quarter",
    "doubl",
    "tripl",
    "quadrupl",
    "twice",
    "fold",
    "factor",
)
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "1": 1,
    "two": 2,
    "2": 2,
    "three": 3,
    "3": 3,
    "four": 4,
    "4": 4,
    "five": 5,
    "six": 6,
}
_MAGNITUDE = re.compile(
    r"\b(an?|one|two|three|four|five|six|[1-6])(?: {0,2}(?:to|or|-) {0,2}(two|three|four|five|six|[2-6]))?[ -]"
    r"orders?[ -]of[ -]magnitude\b",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"(?:\bby (?:more than |over |about |nearly |almost |roughly |at least |up to )?(?:a )?|\bin |\b(?:only|just|with|than|at|uses?|requir\w{1,4}) (?:about )?)"
    r"(half)\b|\b(halv(?:es|ing|ed))\b|\b(half)(?= (?:of )?(?:the|as many|as much|its) )",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\b(?:(two|three)[ -](thirds|quarters|fifths)|(?:a|one)[ -](third|quarter|fifth|tenth))"
    r"(?= (?:of the|fewer|less|lower|smaller|faster|cheaper|more|higher|the|as)\b|[.,])",
    re.IGNORECASE,
)
_PART_SIZES = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_MULTIPLES = {"doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "twice": 2.0}
_MULTIPLE = re.compile(
    r"\b(doubl|tripl|quadrupl)(?:es|ed|ing)\b(?! (?:every|each|approximately every|roughly every|descent|down|as|up)\b)"
    r"|\bmore than (doubl|tripl)e\b|\b(twice)(?= (?:as|the|faster|more|better|larger))",
    re.IGNORECASE,
)
_GLUED_FOLD = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|hundred)fold\b"
    r"(?= (?:increase|improvement|reduction|speed|faster|higher|lower|more|better|fewer|decrease|gain|smaller|larger|in ))",
    re.IGNORECASE,
)
_FOLDS = dict(zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True)) | {
    "hundred": 100
}


def phrase_figures_in(view: str) -> list[Figure]:
    """
    >>> [(f.value, f.unit) for f in phrase_figures_in("cuts cost by half, two thirds fewer, two orders of magnitude")]
    [(50.0, '%'), (66.7, '%'), (100.0, 'x')]
    """
    if not any(hint in view for hint in _HINTS):
        return []
    return sorted(_all(view), key=lambda figure: figure.start)


def _all(view: str) -> Iterator[Figure]:
    for found in _MAGNITUDE.finditer(view):
        yield _magnitude(found)
    for found in _HALF.finditer(view):
        start, end = found.span(found.lastindex or 0)
        yield Figure(start, end, end, 50.0, "share", "%", is_word=True)
    for found in _PARTS.finditer(view):
        yield _parts(found)
    for found in _MULTIPLE.finditer(view):
        stem = (found[1] or found[2] or found[3]).lower()
        yield Figure(found.start(), found.end(), found.end(), _MULTIPLES[stem], "factor", "x", is_word=True)
    for found in _GLUED_FOLD.finditer(view):
        value = float(_FOLDS[found[1].lower()])
        yield Figure(found.start(), found.end(), found.end(), value, "factor", "x", is_word=True)


def _magnitude(found: re.Match[str]) -> Figure:
    low = 10.0 ** _COUNTS[found[1].lower()]
    high = 10.0 ** _COUNTS[found[2].lower()] if found[2] else None
    return Figure(found.start(), found.end(), found.end(), low, "factor", "x", high, is_word=True)


def _parts(found: re.Match[str]) -> Figure:
    many = _COUNTS[found[1].lower()] if found[1] else 1
    share = round(100 * many / _PART_SIZES[(found[2] or found[3]).lower().rstrip("s")], 1)
    return Figure(found.start(), found.end(), found.end(), share, "share", "%", is_word=True)
