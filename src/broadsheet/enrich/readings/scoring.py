"""How good a reading of claims is, next to one made by hand: what `evaluate readings` prints."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from broadsheet.domain.reading import Claim
from broadsheet.enrich.readings.claims.reader import all_figures
from broadsheet.enrich.readings.claims.view import texts_of
from broadsheet.enrich.readings.claims.words import word_set

_SAME_UNIT = {
    **dict.fromkeys(("%", "percent", "point", "points", "pp", "percentage point", "percentage points"), "%"),
    **dict.fromkeys(("x", "×", "time", "times", "fold"), "x"),
}
_FIELDS = ("subject", "dataset", "baseline")
_WORD = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*")
_EMPTY_WORDS = word_set(
    "a an the of on in for to and or with at by from as than its their our other all same is are method "
    "approach model models"
)
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class ClaimScore:
    found: int = 0
    wanted: int = 0
    right: int = 0
    right_context: int = 0  # of the right ones

    def __add__(self, other: "ClaimScore") -> "ClaimScore":
        return ClaimScore(
            self.found + other.found,
            self.wanted + other.wanted,
            self.right + other.right,
            self.right_context + other.right_context,
        )

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0

    @property
    def context(self) -> float:
        return self.right_context / self.right if self.right else 0.0


Gold = Mapping[str, object]  # a row of "results": value, unit, subject, dataset, baseline, …


def is_proven(claim: Claim, text: str) -> bool:
    """Whether the quote stands in the text to the letter, and holds the value, in digits or in words."""
    quote = claim.quote
    told = {
        value for figure in all_figures(*texts_of(quote.text)) for value in (figure.value, figure.value_max)
    }
    return bool(quote.text) and text[quote.start : quote.end] == quote.text and claim.value in told


def score_claims(found: Sequence[Claim], gold: Sequence[Gold]) -> ClaimScore:
    """Of one paper. Each claim answers one gold row at most; of several of a value, the best told first."""
    pairs = match_claims(found, gold)
    contexts = sum(has_context(found[ours], gold[theirs]) for ours, theirs in pairs)
    return ClaimScore(len(found), len(gold), len(pairs), contexts)


def match_claims(found: Sequence[Claim], gold: Sequence[Gold]) -> list[tuple[int, int]]:
    fits = [
        (not has_context(claim, row), ours, theirs)
        for ours, claim in enumerate(found)
        for theirs, row in enumerate(gold)
        if same_value(claim, row)
    ]
    pairs: list[tuple[int, int]] = []
    for _, ours, theirs in sorted(fits):
        if all(ours != one and theirs != other for one, other in pairs):
            pairs.append((ours, theirs))
    return pairs


def same_value(claim: Claim, row: Gold) -> bool:
    value = row["value"]
    if not isinstance(value, int | float) or abs(claim.value - value) > _CLOSE * max(1.0, abs(value)):
        return False
    return same_unit(claim.unit, str(row.get("unit") or ""))


def same_unit(ours: str, theirs: str) -> bool:
    """
    >>> same_unit("points", "%"), same_unit("x", "times"), same_unit("x", "%")
    (True, True, False)
    """
    return _folded_unit(ours) == _folded_unit(theirs)


def _folded_unit(unit: str) -> str:
    folded = unit.strip().lower()
    return _SAME_UNIT.get(folded, folded)


def has_context(claim: Claim, row: Gold) -> bool:
    """Whether of the fields that the gold fills at least half are told with the same words."""
    filled = [name for name in _FIELDS if row.get(name)]
    agreeing = sum(agrees(getattr(claim, name), str(row[name])) for name in filled)
    return 2 * agreeing >= len(filled)


def agrees(ours: str, theirs: str) -> bool:
    """Half of the content words of the shorter one are in the other.

    >>> agrees("SHViT-S4", "our SHViT-S4 model"), agrees("BigReader", "the best rival")
    (True, False)
    """
    one, other = content_words(ours), content_words(theirs)
    return bool(one and other) and 2 * len(one & other) >= min(len(one), len(other))


def content_words(text: str) -> frozenset[str]:
    words = frozenset(_WORD.findall(text.lower()))
    return words - _EMPTY_WORDS or words


_CHANGE = re.compile(r"\bfrom\b.{1,80}?\bto\b|->|→")
_DIGIT = re.compile(r"[0-9]")


def pattern_of(unit: str, quote: str, is_range: bool) -> str:
    """The form in which a figure is told, for a table of which forms are read how well.

    >>> pattern_of("times", "2 to 3 times faster", True), pattern_of("%", "from 41 % to 62 %", False)
    ('factor, range', 'percent or points, from … to')
    """
    folded = _folded_unit(unit)
    kind = {"%": "percent or points", "x": "factor", "": "score"}.get(folded, "other unit")
    if is_range:
        return f"{kind}, range"
    if _CHANGE.search(quote):
        return f"{kind}, from … to"
    return kind if _DIGIT.search(quote) else f"{kind}, in words"


def score_by_pattern(papers: Iterable[tuple[Sequence[Claim], Sequence[Gold]]]) -> dict[str, ClaimScore]:
    """How often each form was found, wanted and right, over all papers; the most wanted first."""
    scores: dict[str, ClaimScore] = {}

    def count(pattern: str, score: ClaimScore) -> None:
        scores[pattern] = scores.get(pattern, ClaimScore()) + score

    for found, gold in papers:
        of_gold = [_pattern_of_row(row) for row in gold]
        of_ours = [pattern_of(claim.unit, claim.quote.text, claim.value_max is not None) for claim in found]
        pairs = match_claims(found, gold)
        for ours, theirs in pairs:
            count(of_gold[theirs], ClaimScore(1, 1, 1, int(has_context(found[ours], gold[theirs]))))
        for place in set(range(len(gold))) - {theirs for _, theirs in pairs}:
            count(of_gold[place], ClaimScore(wanted=1))
        for place in set(range(len(found))) - {ours for ours, _ in pairs}:
            count(of_ours[place], ClaimScore(found=1))
    return dict(sorted(scores.items(), key=lambda item: (-item[1].wanted, item[0])))


def _pattern_of_row(row: Gold) -> str:
    return pattern_of(
        str(row.get("unit") or ""), str(row.get("quote") or ""), row.get("value_max") is not None
    )
