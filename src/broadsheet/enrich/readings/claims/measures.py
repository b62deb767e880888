"""What was measured and whether the figure is good news: metric, direction, bound."""

import re

from broadsheet.domain.reading import Bound, Direction
from broadsheet.enrich.readings.claims.figures import Figure
from broadsheet.enrich.readings.claims.nouns import phrase_after, phrase_before
from broadsheet.enrich.readings.claims.words import CLASS_OF

_UP_TO = re.compile(
    r"(?:\bup to|\bas (?:much|many|high|long|low|little|few) as|\bat most|\bunder|\bbelow|\b(?:less"
    r"|fewer|lower|smaller|no more) than|<)(?: an?)? {0,6}$",
)
_AT_LEAST = re.compile(
    r"(?:\bat least|\bover|\b(?:more|greater|higher|larger|longer|better) than|\babove|\bexceed\w{1,3}"
    r"|\bbeyond|>)(?: an?)? {0,6}[+]?$",
)
_ABOUT = re.compile(
    r"(?:\babout|\baround|\bapproximately|\bapprox\.?|\broughly|\bnearly|\balmost|\bclose to|~|\bsim"
    r"|\bsome)(?: an?)? {0,6}[+]?$",
)
_MORE = re.compile(
    r"\b(?:increas|improv|gain|boost|higher|rais|better|more|greater|faster|speed|accelerat|larger"
    r"|longer|outperform|surpass|exceed|enhanc|superior|cheaper|lift|advantage)",
)
_LESS = re.compile(
    r"\b(?:reduc|decreas|lower|drop|fewer|less|sav|cut|smaller|declin|degrad|compress|shorter|shrink"
    r"|sacrific|los(?:s|es|t|ing)\b|worse|slower|halv)",
)
_ALWAYS_GOOD = re.compile(
    r"\b(?:faster|better|improv|speed|accelerat|cheaper|outperform|surpass|superior|enhanc|saving"
    r"|advantage)",
)
_ALWAYS_BAD = re.compile(r"\b(?:worse|slower|degrad|sacrific|deteriorat)")
_COST = re.compile(
    r"\b(?:memory|latency|cost|flops|comput|time|runtime|error|loss|perplexity|parameters|size|energy"
    r"|power|fid|wer|overhead|storage"
    r"|cache|tokens|usage|bandwidth|consumption|rate of|hallucinat|rmse|mae|steps|complexity|footprint"
    r"|emission)",
)  # fmt: skip


def bound_of(lower: str, figure: Figure) -> Bound | None:
    left = lower[max(0, figure.start - 24) : figure.start]
    if _UP_TO.search(left):
        return Bound.UP_TO
    if (
        _AT_LEAST.search(left)
        or lower[figure.end : figure.end + 1] == "+"
        or lower[figure.stop : figure.stop + 1] == "+"
    ):
        return Bound.AT_LEAST
    return Bound.ABOUT if _ABOUT.search(left) else None


def direction_of(lower: str, figure: Figure, sentence: tuple[int, int]) -> Direction | None:
    right = lower[figure.stop : min(sentence[1], figure.stop + 60)]
    right = re.split(r"[,;:.()]| and | while | but | with ", right, maxsplit=1)[0]
    left = lower[max(sentence[0], figure.start - 70) : figure.start]
    left = re.split(r"[,;:()]| and | while | but ", left)[-1]
    for text in (right, left + right):
        if (direction := _direction(text, left + right)) is not None:
            return direction
    return None


def _direction(text: str, around: str) -> Direction | None:
    if _ALWAYS_BAD.search(text):
        return Direction.WORSE
    if _ALWAYS_GOOD.search(text):
        return Direction.BETTER
    is_less = _LESS.search(text) is not None
    if not is_less and not _MORE.search(text):
        return None
    return Direction.BETTER if is_less == (_COST.search(around) is not None) else Direction.WORSE


_GAIN_OF = re.compile(
    r" {0,2}(?:relative |absolute |average |overall |further )?[a-z-]{3,15} (?:in|of|on|for)(?= )"
)
_BY = re.compile(r"(?:\bby|\bto|\bof|\bfrom|:|=)(?: [a-z]{2,9}){0,3} {0,3}[~<>+(]?$")
_BETTER = {
    "faster": "speed", "slower": "speed", "cheaper": "cost", "smaller": "size", "larger": "size",
    "longer": "length",
    "shorter": "length", "accurate": "accuracy",
}  # fmt: skip


def metric_of(view: str, figure: Figure, sentence: tuple[int, int]) -> str:
    """The measure's name as it stands near the figure: after it, or before "of", "by" or "to"."""
    stop = figure.stop
    first, last = phrase_after(view, stop, sentence[1], most=4)
    after = view[first:last]
    words = after.lower().split()
    if words in (["more"], ["less"], ["fewer"]) or words[:1] == ["of"]:
        words = []
    if words and words[0] in _BETTER:
        return _BETTER[words[0]]
    if words and view[stop:first].strip() == "":
        classes = {name for word in words for name in CLASS_OF.get(word, ())}
        if "gain" in classes and len(words) <= 2:
            return _gained(view, stop, sentence, after)
        if not classes.isdisjoint(("metric", "resource", "better")):
            return after
    return _before(view, figure, sentence) or after


def _gained(view: str, stop: int, sentence: tuple[int, int], after: str) -> str:
    found = _GAIN_OF.match(view, stop)
    if found is None:
        return after
    first, last = phrase_after(view, found.end(), sentence[1], most=5)
    return view[first:last] or after


def _before(view: str, figure: Figure, sentence: tuple[int, int]) -> str:
    left = view[max(sentence[0], figure.start - 100) : figure.start]
    found = _BY.search(left)
    end = figure.start - len(left) + (found.start() if found is not None else len(left))
    first, last = phrase_before(view, sentence[0], end, most=4)
    return view[first:last].strip()
