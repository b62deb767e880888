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
_UNIT = (
    r"(?:[\s-]?(?P<unit>%|×|(?:percentage[\s-]points?|percent|per\scent|points?|pp|pts?|times|folds?"
    r"|orders?\sof\smagnitude|thousand|million|billion|trillion|[xXkKMBT])(?!\w))|(?!\w|\.\d|[%×]))"
)
# A number that stands by itself: "A100", "GPT-4", "20ms" and "1.2.3" are tokens, and "3-5" holds no minus.
_NUMBER = re.compile(
    r"(?<![\w.])(?<![^\W\d_]-)(?P<sign>(?<![\w.)%–−-])[–−-])?"
    r"(?:(?P<whole>\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,30})(?P<part>\.\d{1,20})?|(?P<small>\.\d{1,20}))"
    r"(?:(?:[eE]|\s?[×x*]\s?10\s?\^\s?)(?P<power>[-+−]?\d{1,2})(?!\w))?" + _UNIT
)
_FACTOR = re.compile(r"\bfactors?\sof\s\Z")
_TO = re.compile(r"\s?[–-]{1,2}\s?|\sto\s")
_TOKEN = re.compile(r"[\w.%×-]+")
_APART = re.compile(r"(?<=\d)[\s-](?=[^\W\d_])")  # "20 ms" holds "20ms" too
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "billion": 9, "t": 12, "trillion": 12}
_KINDS = dict.fromkeys(["%", "percent", "per cent", "percentage point", "point", "pp", "pt"], "%")
_KINDS |= dict.fromkeys(["x", "×", "time", "fold"], "x")
_KINDS |= dict.fromkeys(["order of magnitude", "orders of magnitude"], "order")
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
_WORD = re.compile(r"\b(?P<word>" + "|".join(_WORDS) + ")" + _UNIT, re.IGNORECASE)
# How much, in words that hold no digit.
_AMOUNT = re.compile(
    r"\b(?:half|halv\w+|thirds?|quarters?|twice|thrice|doubl\w+|tripl\w+|quadrupl\w+|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|trillions?|orders? of magnitude|\w{2,12}fold"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"://|\bwww\.|\w@\w|<[a-zA-Z/!]|\]\(|[`|\\{}]|\*\*|__|^[#>*-]\s"
    r"|[^\W_]:[\w/]"  # "http:name", "mailto:name"
    r"|[\w-][.。．｡][^\W\d_]{2}",  # what a mail program would make a link of
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
    """Amounts in words, and signs like ½, stand in the text to the letter; up to twelve a digit will do."""
    signs = (sign for sign in line if not sign.isascii() and unicodedata.numeric(sign, None) is not None)
    counts = {figure for figure in _in_words(line) if figure.value > 1}  # "one" is seldom a figure
    return all(sign in text for sign in signs) and _amounts(line) <= _amounts(text) and counts <= _known(text)


def _amounts(text: str) -> set[str]:
    return set(_AMOUNT.findall(" ".join(text.lower().split())))


class _Figure(NamedTuple):
    value: Decimal
    kind: str  # "%", "x", "order", or "" for a bare number


def figures_occur(summary: str, abstract: str) -> bool:
    r"""Whether every number of the summary is in the abstract, with its unit where the summary tells one.

    Percent, points and pp count as one unit, so do times, fold and x; k, million and the like are worked out.
    Numbers in words up to twelve are numbers of the abstract. Whatever else holds a digit ("GPT-4") stands
    there to the letter.

    >>> figures_occur("3.3x faster, 90% less memory", r"a 3.3$\times$ speed-up and 90 percent less memory")
    True
    >>> figures_occur("3.4x faster", "3.3 times faster")
    False
    >>> figures_occur("beats GPT-4", "beats GPT-3.5 on 4 tasks")
    False
    """
    line, text = _plain(summary[:LONGEST]), _plain(abstract[:LONGEST])
    return set(_figures(line)) <= _known(text) and _tokens(line) <= _held(text)


def _plain(text: str) -> str:
    return _TEX.sub(lambda found: _TEX_SIGNS.get(found[0], " "), text)


def _known(text: str) -> set[_Figure]:
    """What a text vouches for: "2%" for "2" too, "2" not for "2%"."""
    told = {*_figures(_plain(text)), *_in_words(text)}
    return told | {figure._replace(kind="") for figure in told}


def _figures(plain: str) -> Iterator[_Figure]:
    """Of "40 to 50%" both are percents."""
    unit, begins = "", -1  # of the figure behind, since they are read from the end
    for found in reversed(list(_NUMBER.finditer(plain))):
        is_joined = begins >= 0 and _TO.fullmatch(plain, found.end(), begins)
        unit, begins = found["unit"] or (unit if is_joined else ""), found.start()
        if not unit and _FACTOR.search(plain[max(0, begins - 12) : begins]):
            unit = "times"
        yield _figure(_value(found), unit)


def _value(found: re.Match[str]) -> Decimal:
    digits = (found["whole"] or "0").replace(",", "") + (found["part"] or found["small"] or "")
    power = int((found["power"] or "0").replace("−", "-"))
    return Decimal(f"-{digits}" if found["sign"] else digits).scaleb(power)


def _in_words(text: str) -> Iterator[_Figure]:
    for found in _WORD.finditer(text):
        yield _figure(Decimal(_WORDS[found["word"].lower()]), found["unit"])


def _figure(value: Decimal, unit: str | None) -> _Figure:
    name = re.sub(r"[\s-]", " ", unit or "").rstrip("s").lower()
    return _Figure(value.scaleb(_SCALES.get(name, 0)).normalize(), _KINDS.get(name, ""))


def _tokens(line: str) -> set[str]:
    """Those with a digit that belongs to no figure."""
    read = {at for found in _NUMBER.finditer(line) for at in range(*found.span())}
    return {
        _bare(found[0])
        for found in _TOKEN.finditer(line)
        if any(sign.isdecimal() and at not in read for at, sign in enumerate(found[0], found.start()))
    }


def _held(text: str) -> set[str]:
    """Its tokens, and "GPT-4" of "GPT-4-based"."""
    whole = {_bare(token) for told in (text, _APART.sub("", text)) for token in _TOKEN.findall(told)}
    return whole | {token.rpartition("-")[0] for token in whole}


def _bare(token: str) -> str:
    return token.strip(".-").casefold()
