"""What unit a bare score has: "accuracy of 92.1" is percent, "0.89 correlation" on its own scale."""

import re

from broadsheet.enrich.readings.claims.figures import Figure
from broadsheet.enrich.readings.claims.nouns import phrase_after
from broadsheet.enrich.readings.claims.words import CLASS_OF

_PERCENT = re.compile(
    r"\b(?:accurac\w+|acc|pass@\w+|precision|recall|win rate|success|exact match|percent\w*)\b", re.IGNORECASE
)
_LESS_IS_MORE = re.compile(
    r"\b(?:FID|FVD|perplexity|PPL|RMSE|MAE|MSE|loss|error|LPIPS|correlation\w*|FLOPs|BLEU)", re.IGNORECASE
)
_FACTOR = re.compile(r"\bfactors? (?:of|[~])? {0,3}(?:about |over |up to )?[~]?$", re.IGNORECASE)
_COUNTED = re.compile(r" ([a-z]{3,14}s)(?= (?:on|per|in|for|of|from|each|and|a)\b|[.,;)]|$)")
_MEASURE = re.compile(r" {1,3}(?:on )?[A-Z][A-Za-z]{0,7}(?:[-@]?[0-9L]{1,3})?\b")
# A difference on whatever scale is in points of it: "outperforms it by 0.3".
_GAIN = re.compile(
    r"\b(?:by|by up to|by over|by at least|gains? of|improvements? of) {1,2}[+~]?$", re.IGNORECASE
)


def is_factor(view: str, figure: Figure) -> bool:
    """Whether "by a factor of" stands before it."""
    return figure.kind == "bare" and _FACTOR.search(view, max(0, figure.start - 32), figure.start) is not None


def unit_of_score(view: str, figure: Figure, sentence: tuple[int, int], metric: str) -> str:
    if figure.unit:
        return figure.unit
    if figure.is_scaled or (not figure.is_decimal and figure.value > 100):
        return _counted(view, figure, sentence)
    start = (figure.list_head or figure).start
    if _GAIN.search(view, max(0, start - 24), start):
        return "points"
    if (noun := _COUNTED.match(view, figure.stop)) and noun[1] not in CLASS_OF:
        return noun[1]  # "40.6 pages" are no points
    around = view[figure.stop : min(sentence[1], figure.stop + 24)]
    if not _MEASURE.match(around):  # "… from 41.2 to 47.9 F1" is of what follows, whatever stood before
        around = metric + " " + view[max(sentence[0], figure.start - 60) : figure.stop + 24]
    if _LESS_IS_MORE.search(around) or figure.value < 1:
        return ""
    return "%" if _PERCENT.search(around) else "points"


def _counted(view: str, figure: Figure, sentence: tuple[int, int]) -> str:
    first, last = phrase_after(view, figure.stop, sentence[1], most=1)
    is_next = not view[figure.stop : first].strip(" -")
    return view[first:last] if is_next else ""
