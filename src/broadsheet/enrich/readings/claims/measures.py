"""What was measured: the name of the metric, as it stands near the figure."""

import re

from broadsheet.enrich.readings.claims.figures import Figure
from broadsheet.enrich.readings.claims.nouns import phrase_after, phrase_before
from broadsheet.enrich.readings.claims.words import CLASS_OF, word_set

_GAIN_OF = re.compile(
    r" {0,2}(?:relative |absolute |average |overall |further )?[a-z-]{3,15} (?:in|of|on|for)(?= )"
)
_BY = re.compile(r"(?:\bby|\bto|\bof|\bfrom|:|=)(?: [a-z]{2,9}){0,3} {0,3}[~<>+(]?$")
_BETTER = {
    "faster": "speed", "slower": "speed", "cheaper": "cost", "smaller": "size", "larger": "size",
    "longer": "length", "shorter": "length", "accurate": "accuracy",
}  # fmt: skip


# What stands around a measure's name: "[significantly reduces] latency", "[an average] improvement".
_NO_NAME = word_set(
    "by up to of at a an the our its only about over relative average overall further achieves "
    "achieve with than generate obtains gains significantly effectively substantially consistently "
    "its both that which + ~"
)


def metric_of(view: str, figure: Figure, sentence: tuple[int, int]) -> str:
    """The measure's name as it stands near the figure: after it, or before "of", "by" or "to"."""
    return _trimmed(_after(view, figure.said_from, sentence) or _before(view, figure, sentence))


def _after(view: str, stop: int, sentence: tuple[int, int]) -> str:
    first, last = phrase_after(view, stop, sentence[1], most=4)
    after = view[first:last]
    words = after.lower().split()
    if not words or view[stop:first].strip() or words[0] == "of":
        return ""
    if words[0] in _BETTER:
        return _BETTER[words[0]]
    classes = {name for word in words for name in CLASS_OF.get(word, ())}
    if "gain" in classes and len(words) <= 2:
        return _gained(view, stop, sentence, after)
    is_name = not classes.isdisjoint(("metric", "resource")) or (words[0] in _COMPARED and len(words) > 1)
    return after if is_name else ""


_COMPARED = word_set("fewer less more higher lower better")


def _trimmed(phrase: str) -> str:
    words = phrase.split()
    while words and (words[0].lower() in _NO_NAME or _is_verb(words)):
        words.pop(0)
    while words and words[-1].lower() in _NO_NAME:
        words.pop()
    return " ".join(words)


def _is_verb(words: list[str]) -> bool:
    """In "reduces latency" the first word is, in "speed" it is a measure."""
    return len(words) > 1 and "change" in CLASS_OF.get(words[0].lower(), ())


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
