"""Says in plain words why a paper answers a query: which words stand where, and whether meaning led to it."""

from collections.abc import Iterable, Mapping

from broadsheet.rank.found import By
from broadsheet.rank.hits import Words, hits

MOST_NAMED = 4
_NUMBERS = ("", "the one", "both", "all three", "all four", "all five", "all six")
NEAR = "close in meaning"


def why(by: By, words: Words, places: Mapping[str, str]) -> str:
    """One line without a full stop. `places` are the texts of the paper, named as in "in the title", in the
    order in which a word is looked for; each word is told once.

    >>> why(By.BOTH, ("vision", "cats"), {"in the title": "A Vision", "in the abstract": "A cat."})
    '“vision” in the title; “cats” in the abstract; close in meaning'
    >>> why(By.WORDS, ("vision", "cats"), {"in the title": "Vision of Cats"})
    'both words in the title'
    """
    if by is By.NAME:
        return "named by the query"
    if by is By.FILTERS:
        return "within what was asked for"
    parts = list(_standing(words, places))
    if by is By.MEANING and not parts:
        return f"{NEAR}, with none of your words" if words else NEAR
    parts = parts or ["holds what you asked for"]
    return "; ".join([*parts, NEAR] if by in (By.BOTH, By.MEANING) else parts)


def _standing(words: Words, places: Mapping[str, str]) -> Iterable[str]:
    left = words
    for place, text in places.items():
        held = {hit.word for hit in hits(text, words)} if left and text else set()
        here = [word for word in left if word in held]
        left = tuple(word for word in left if word not in held)
        if 1 < len(here) == len(words) < len(_NUMBERS):
            yield f"{_NUMBERS[len(here)]} words {place}"
        elif here:
            yield f"{listed(here)} {place}"


def listed(words: list[str]) -> str:
    """
    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e", "f"])
    ('“a” and “b”', '“a”, “b”, “c”, “d” and 2 more')
    """
    shown = [f"“{word}”" for word in words[:MOST_NAMED]]
    rest = len(words) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
