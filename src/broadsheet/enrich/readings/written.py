"""Checks a summary that a machine wrote: a figure that the abstract does not hold may not be shown."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from broadsheet.lib.text import folded, plain_line

MOST_CHARACTERS = 280  # of a line: what a mail shows of one
WORDS = range(4, 46)
_SHARE_OF_TEXT = 0.4  # of its longer words: a refusal, or talk, has none of them
_LONG_WORD = 5  # letters; so many are compared, so that "sorting" is "sorts"
LONGEST = 200_000  # characters of either text
_TEX = re.compile(r"\\(?:times|cdot)(?![a-zA-Z])|\\[%, ;!]|[{}$~]|\b(?:sim|approx)(?=\s?\d)")
_TEX_SIGNS = {"\\times": "×", "\\cdot": "×", "\\%": "%", "{": "", "}": "", "$": "", "\\,": "", "\\!": ""}
_NUMBER = re.compile(
    r"(?<![\w.])(?P<whole>\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,30})(?P<part>\.\d{1,20})?"
    r"(?:(?:[eE]|\s?[×x*]\s?10\s?\^\s?)(?P<power>[-+−]?\d{1,2})(?!\w))?"
    r"(?:[\s-]?(?P<unit>%|percentage[\s-]points?|percent|points?|pp|pts?|times|folds?|thousand"
    r"|million|billion"
    r"|trillion|[xX×kKMBT])(?!\w))?"
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "billion": 9, "t": 12, "trillion": 12}
_KINDS = dict.fromkeys(["%", "percent", "percentage point", "point", "pp", "pt"], "%") | dict.fromkeys(
    ["x", "×", "time", "fold"], "x"
)
_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
_WORD = re.compile(r"\b(" + "|".join(_WORDS) + r")\b", re.IGNORECASE)
# How much, in words that hold no digit.
_AMOUNT = re.compile(
    r"\b(?:half|halv\w+|thirds?|quarters?|twice|thrice|doubl\w+|tripl\w+|quadrupl\w+|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|trillions?|\w{2,12}fold|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(?:" + "|".join(list(_WORDS)[2:]) + r")\b", re.IGNORECASE)  # "one" is seldom a figure
_MARKUP = re.compile(
    r"://|\bwww\.|\w@\w|<[a-zA-Z/!]|\]\(|[`|\\{}]|\*\*|__|^[#>*-]\s"
    r"|[a-z0-9-]{2}\.[a-z]{2}",  # what a mail program would make a link of
    re.IGNORECASE,
)
_LABEL = re.compile(r"\A(?:tl;?dr|summary|one[- ]line summary|sentence|answer)\s?:\s*", re.IGNORECASE)
_TALK = re.compile(
    r"(?:i|i['’]m|i['’]ll|sorry|sure|certainly|of course|okay|ok|unfortunately|please|thank you|thanks"
    r"|here (?:is|are)|here['’]s|as an? (?:ai|artificial|large|language|assistant|helpful))[\s,.!:]",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "'": "'", "«": "»", "**": "**", "*": "*"}


class Fault(StrEnum):
    """Why a written line may not be shown."""

    EMPTY = "empty"
    LENGTH = "too short or too long"
    MARKUP = "links or markup"
    TALK = "talk or a refusal"
    FOREIGN = "not about the paper"
    FIGURE = "a figure that the text does not hold"


def tidied(written: str) -> str:
    """What a model wrote as one plain line, without the quotes or the label that it likes to put around it.

    >>> tidied('TL;DR: "We sort\\nlists."')
    'We sort lists.'
    """
    line = _LABEL.sub("", plain_line(written[:LONGEST]))
    for opening, closing in _QUOTES.items():
        if len(line) > 2 * len(opening) and line.startswith(opening) and line.endswith(closing):
            return line[len(opening) : -len(closing)].strip()
    return line


def fault_of(line: str, title: str, abstract: str) -> Fault | None:
    """The first reason not to show a line; None when it may stand in the place of one of the abstract's."""
    text = f"{title}\n{abstract}"[:LONGEST]
    if not line:
        return Fault.EMPTY
    if len(line) > MOST_CHARACTERS or len(line.split()) not in WORDS:
        return Fault.LENGTH
    if _MARKUP.search(line):
        return Fault.MARKUP
    if _TALK.match(line):
        return Fault.TALK
    if not _is_about(line, text):
        return Fault.FOREIGN
    return None if figures_occur(line, text) and _amounts_occur(line, text) else Fault.FIGURE


def _is_about(line: str, text: str) -> bool:
    told = {word[:_LONG_WORD] for word in folded(text).split()}
    longer = [word[:_LONG_WORD] for word in folded(line).split() if len(word) >= _LONG_WORD]
    return bool(longer) and sum(word in told for word in longer) >= _SHARE_OF_TEXT * len(longer)


def _amounts_occur(line: str, text: str) -> bool:
    """Numbers in words, and signs like ½, stand in the text to the letter; up to twelve a digit will do."""
    held = text.lower()
    values = {value for value, _ in _figures(text)} | _in_words(text)
    signs = (sign for sign in line if not sign.isascii() and unicodedata.numeric(sign, None) is not None)
    return (
        all(sign in text for sign in signs)
        and all(found[0].lower() in held for found in _AMOUNT.finditer(line))
        and all(Decimal(_WORDS[found[0].lower()]).normalize() in values for found in _COUNT.finditer(line))
    )


class _Figure(NamedTuple):
    value: Decimal
    kind: str  # "%", "x", or "" for a bare number


def figures_occur(summary: str, abstract: str) -> bool:
    r"""Whether every number of the summary is in the abstract; a unit must agree where both have one.

    Percent, points and pp count as one unit, so do times, fold and x; k, million and the like are worked out.
    Numbers in words up to twelve are numbers of the abstract.

    >>> figures_occur("3.3x faster, 90% less memory", r"a 3.3$\\times$ speed-up and 90 percent less memory")
    True
    >>> figures_occur("3.4x faster", "3.3 times faster")
    False
    """
    known = set(_figures(abstract[:LONGEST]))
    values = {value for value, _ in known}
    bare = {value for value, kind in known if not kind} | _in_words(abstract[:LONGEST])
    return all(
        figure in known or figure.value in bare or (not figure.kind and figure.value in values)
        for figure in _figures(summary[:LONGEST])
    )


def _figures(text: str) -> Iterator[_Figure]:
    plain = _TEX.sub(lambda found: _TEX_SIGNS.get(found[0], " "), text)
    for found in _NUMBER.finditer(plain):
        value = Decimal(found["whole"].replace(",", "") + (found["part"] or ""))
        unit = re.sub(r"[\s-]", " ", found["unit"] or "").rstrip("s").lower()
        power = int((found["power"] or "0").replace("−", "-")) + _SCALES.get(unit, 0)
        yield _Figure(value.scaleb(power).normalize(), _KINDS.get(unit, ""))


def _in_words(text: str) -> set[Decimal]:
    return {Decimal(_WORDS[found[0].lower()]).normalize() for found in _WORD.finditer(text)}
