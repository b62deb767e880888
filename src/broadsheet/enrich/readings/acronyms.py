"""Finds the words that an acronym stands for, among those right before it. Knows nothing of papers."""

import re

from broadsheet.enrich.readings.words import FUNCTION_WORDS, Words

MOST_WORDS = 10  # that one acronym stands for
LONGEST = 15  # signs of an acronym
MOST_PARTS = 20  # of those words, cut at hyphens and before capitals
SPARE = 2  # words that it may leave out: "Token Type Classification function (TTC)"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

_Known = dict[tuple[int, int, int], bool]


def long_form_start(text: Words, acronym: str, end: int) -> int:
    """Where the words before `end` begin that the acronym stands for; `end` when they do not match.

    The shortest phrase counts that needs no other words; else the shortest that needs up to two.
    """
    letters = "".join(sign for sign in acronym.removesuffix("s").lower() if sign.isalnum())
    parts: list[str] = []
    loose = end
    if len(acronym) > LONGEST:
        return end
    for start in range(end - 1, max(-1, end - 1 - MOST_WORDS), -1):
        word = text.words[start]
        parts[:0] = (word if word.islower() else _HUMP.sub("-", word).lower()).split("-")
        if len(parts) > MOST_PARTS:
            break
        if len(parts) > 1 and parts[0][:1] == letters[:1]:
            spare = sum(part not in FUNCTION_WORDS for part in parts) - len(letters)  # left out at least
            if spare <= 0 and _stands_for(parts, letters, 0, {}):
                return start
            if (
                loose == end
                and spare <= SPARE
                and len(letters) > 1
                and _stands_for(parts, letters, SPARE, {})
            ):
                loose = start
        if text.gaps[start] != " ":
            break
    return loose


def _stands_for(parts: list[str], letters: str, spare: int, known: _Known) -> bool:
    """Whether the letters are the first ones of all parts, and in between any others of theirs in order.

    Small words may be left out, and as many others as there are to spare. `known` keeps the answers
    for shorter ends, so the time stays small.
    """
    if not parts:
        return not letters
    state = (len(parts), len(letters), spare)
    if state not in known:
        known[state] = _stands_for_anew(parts, letters, spare, known)
    return known[state]


def _stands_for_anew(parts: list[str], letters: str, spare: int, known: _Known) -> bool:
    first, rest = parts[0], parts[1:]
    if first in FUNCTION_WORDS and _stands_for(rest, letters, spare, known):
        return True
    if spare and _stands_for(rest, letters, spare - 1, known):
        return True
    if not letters or not first.startswith(letters[0]):
        return False
    place = 0
    while letters and place >= 0:
        letters = letters[1:]
        if _stands_for(rest, letters, spare, known):
            return True
        place = first.find(letters[:1], place + 1)
    return False
