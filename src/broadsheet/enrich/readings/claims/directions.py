"""How a figure is meant, and whether it is good news: "up to", "at least", better or worse."""

import re

from broadsheet.domain.reading import Bound, Direction
from broadsheet.enrich.readings.claims.figures import Figure

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
_BOUND_WORDS = re.compile(r"\b(?:less|more|fewer|lower|higher|greater|better|smaller|larger) than$")
_BETTER = re.compile(
    r"\b(?:faster|better|improv|speed|accelerat|cheaper|outperform|surpass|superior|enhanc|saving|advantage)"
)
_WORSE = re.compile(r"\b(?:worse|slower|degrad|sacrific|deteriorat)")
_MORE = re.compile(
    r"\b(?:increas|gain|boost|higher|rais|more|greater|larger|longer|exceed|lift|rose|grow|double|doubling)"
)
_LESS = re.compile(r"\b(?:reduc|decreas|lower|fewer|less|sav|cut|smaller|compress|shorter|shrink|halv)")
_FALL = re.compile(r"\b(?:drop|declin|los(?:s|es|t|ing)\b|fall|fell)")
_COST = re.compile(
    r"\b(?:memory|latency|cost|flops|comput|time|runtime|error|perplexity|parameters|size|energy|power|fid|wer"
    r"|overhead|storage|cache|tokens|usage|bandwidth|consumption|hallucinat|rmse|mae|steps|complexity|footprint"
    r"|emission|iterations|budget)"
)
_WORTH = re.compile(
    r"\b(?:accurac|performance|score|quality|precision|recall|f1|bleu|throughput|success|efficien)"
)
_CLAUSE_END = re.compile(r"[,;:.()]| and | while | but | with | compared ")
_CLAUSE_START = re.compile(r"[,;:()]| and | while | but ")


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
    """By what follows in the clause; when that says nothing, by the whole clause."""
    right = lower[figure.said_from : min(sentence[1], figure.said_from + 60)]
    right = _CLAUSE_END.split(right, maxsplit=1)[0]
    left = lower[max(sentence[0], figure.start - 70) : figure.start]
    left = _BOUND_WORDS.sub("", _CLAUSE_START.split(left)[-1].rstrip(" ~<>+"))
    clause = f"{left} {right}"
    return _direction(right, clause) or _direction(clause, clause)


def _direction(told: str, clause: str) -> Direction | None:
    if _WORSE.search(told):
        return Direction.WORSE
    if _BETTER.search(told):
        return Direction.BETTER
    is_cost, is_worth = _COST.search(clause) is not None, _WORTH.search(clause) is not None
    if _FALL.search(told):
        is_good = is_cost and not is_worth
    elif _LESS.search(told):
        is_good = is_cost or not is_worth
    elif _MORE.search(told):
        is_good = is_worth or not is_cost
    else:
        return None
    return Direction.BETTER if is_good else Direction.WORSE
