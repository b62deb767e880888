"""On what a figure was measured, and against what."""

import re

from broadsheet.enrich.readings.claims.nouns import phrase_after, phrase_before
from broadsheet.enrich.readings.claims.whose import Own

_AGAINST = re.compile(
    r"\b(?:than(?! (?:[0-9]|a |an |one |half|two))|(?:as )?compared (?:to|with|against)|over(?! [0-9])|against|relative to"
    r"|with respect to|vs\.?|versus|in comparison (?:to|with)|superior(?:ity)? to|inferior to|outperform\w{0,3}|surpass\w{0,3}"
    r"|exceed\w{0,3}|beat\w{0,3}|advantage over|improv\w{0,7} (?:on|upon)|of the original|from|cf\.?|speed\w{0,3} up)(?= )",
    re.IGNORECASE,
)
_ON = re.compile(
    r"\b(?:on|in|across|over|for|of|from|at|with|to|evaluating|solving|during)(?= )", re.IGNORECASE
)
_SET_WORDS = frozenset(
    "dataset datasets benchmark benchmarks task tasks set suite corpus split test challenge questions problems games "
    "retrieval generation classification segmentation detection reasoning translation summarization recognition "
    "domains languages images samples prediction answering scenarios environments leaderboard evaluation data "
    "modeling inference understanding planning tests".split()
)
_SKIP = re.compile(
    r"^(?:a|an|one|two|single|average|total|particular|addition|contrast|order|terms|up)\b|^[0-9.,]+ ?%?x?$",
    re.IGNORECASE,
)
_MODEL_ISH = re.compile(r"^(?:[A-Z][\w.-]*)$")


def baseline_of(view: str, sentence: tuple[int, int], start: int, stop: int) -> str:
    """
    >>> text = "On GLUE it is 3x faster than BigReader, with 2% higher F1 than the best rival."
    >>> baseline_of(text, (0, len(text)), 14, 16)
    'BigReader'
    """
    after = _AGAINST.search(view, stop, min(sentence[1], stop + 150))
    if after is not None and (phrase := _phrase(view, after.end(), sentence[1])):
        return phrase
    first = max(sentence[0], start - 220)
    for found in reversed(list(_AGAINST.finditer(view, first, start))):
        if phrase := _phrase(view, found.end(), start):
            return phrase
    after = _AGAINST.search(view, stop, sentence[1])
    return _phrase(view, after.end(), sentence[1]) if after is not None else ""


def _phrase(view: str, start: int, end: int) -> str:
    first, last = phrase_after(view, start, end, most=8)
    text = view[first:last].strip()
    return "" if _SKIP.match(text) or text[:1].isdigit() else text


def dataset_of(view: str, sentence: tuple[int, int], start: int, stop: int, own: Own) -> str:
    """The nearest of what follows "on", "across", "in" and looks like something to measure on."""
    places = [found.end() for found in _ON.finditer(view, stop, min(sentence[1], stop + 130))]
    before = [found.end() for found in _ON.finditer(view, max(sentence[0], start - 240), start)]
    for at in places + before[::-1]:
        first, last = phrase_after(view, at, sentence[1], most=6)
        text = view[first:last]
        if _is_set(text):
            return text
    return own.name if own.is_data else ""


def _is_set(text: str) -> bool:
    if not text or _SKIP.match(text):
        return False
    words = text.split()
    if any(word.lower().strip(".,") in _SET_WORDS for word in words):
        return True
    return any(sign.isupper() for sign in words[0][:6])
