"""Figures told in words alone: "an order of magnitude", "by half", "two thirds fewer", "doubles"."""

import re
from collections.abc import Callable

from broadsheet.enrich.readings.claims.figures import Figure

_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTS |= {str(count): count for count in range(1, 7)}
_MAGNITUDE = re.compile(
    r"\b(an?|one|two|three|four|five|six|[1-6])(?: {0,2}(?:to|or|-) {0,2}(two|three|four|five|six"
    r"|[2-6]))?[ -]"
    r"orders?[ -]of[ -]magnitude\b"
)
_HALF = re.compile(
    r"(?:\bby (?:more than |over |about |nearly |almost |roughly |at least |up to )?(?:a )?|\bin "
    r"|\b(?:only|just|with|than|at|uses?|requir\w{1,4}) (?:about )?)"
    r"(half)\b|\b(halv(?:es|ing|ed))\b|\b(half)(?= (?:of )?(?:the|as many|as much|its) )",
)
_PARTS = re.compile(
    r"\b(?:(two|three)[ -](thirds|quarters|fifths)|(?:a|one)[ -](third|quarter|fifth|tenth))"
    r"(?= (?:of the|fewer|less|lower|smaller|faster|cheaper|more|higher|the|as)\b|[.,])",
)
_PART_SIZES = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_MULTIPLES = {"doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "twice": 2.0}
_MULTIPLE = re.compile(
    r"\b(?:more than|nearly|almost|roughly|approximately) (doubl|tripl|quadrupl)(?:es?|ed|ing)\b"
    r"|\b(doubl|tripl|quadrupl)(?:es|ed|ing)(?= (?:the|its|their|our)\b)"
    r"|\b(twice)(?= (?:as|the|faster|more|better|larger))",
)
_GLUED_FOLD = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|hundred)fold\b"
    r"(?= (?:increase|improvement|reduction|speed|faster|higher|lower|more|better|fewer|decrease|gain"
    r"|smaller|larger|in ))",
)
_NAMED_FOLDS = "two three four five six seven eight nine ten"
_FOLDS = {"hundred": 100.0} | {name: float(count) for count, name in enumerate(_NAMED_FOLDS.split(), 2)}


def phrase_figures_in(lower: str) -> list[Figure]:
    """
    >>> [(f.value, f.unit) for f in phrase_figures_in("by half, two thirds fewer, two orders of magnitude")]
    [(50.0, '%'), (66.7, '%'), (100.0, 'x')]
    """
    figures = []
    for pattern, hints, figure_of in _FORMS:
        places = [place for hint in hints if (place := lower.find(hint)) >= 0]
        if places:  # which is rare: a plain search first is what makes this cheap
            figures += [figure_of(found) for found in pattern.finditer(lower, max(0, min(places) - REACH))]
    return sorted(figures, key=lambda figure: figure.start)


REACH = 60


def _magnitude(found: re.Match[str]) -> Figure:
    high = 10.0 ** _COUNTS[found[2]] if found[2] else None
    return _factor(found, 10.0 ** _COUNTS[found[1]], high)


def _half(found: re.Match[str]) -> Figure:
    start, end = found.span(found.lastindex or 0)
    return Figure(start, end, end, 50.0, "share", "%", is_word=True, is_phrase=True)


def _parts(found: re.Match[str]) -> Figure:
    many = _COUNTS[found[1]] if found[1] else 1
    share = round(100 * many / _PART_SIZES[(found[2] or found[3]).rstrip("s")], 1)
    return Figure(found.start(), found.end(), found.end(), share, "share", "%", is_word=True, is_phrase=True)


def _multiple(found: re.Match[str]) -> Figure:
    return _factor(found, _MULTIPLES[found[1] or found[2] or found[3]])


def _fold(found: re.Match[str]) -> Figure:
    return _factor(found, _FOLDS[found[1]])


def _factor(found: re.Match[str], value: float, high: float | None = None) -> Figure:
    return Figure(
        found.start(), found.end(), found.end(), value, "factor", "x", high, is_word=True, is_phrase=True
    )


_FORMS: tuple[tuple[re.Pattern[str], tuple[str, ...], Callable[[re.Match[str]], Figure]], ...] = (
    (_MAGNITUDE, ("magnitude",), _magnitude),
    (_HALF, (" half", "halv"), _half),
    (_PARTS, ("third", "quarter", "fifth", "tenth"), _parts),
    (_MULTIPLE, ("doubl", "tripl", "quadrupl", "twice"), _multiple),
    (_GLUED_FOLD, ("fold ",), _fold),
)
