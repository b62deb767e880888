"""Which claims of a paper stand: those that were read, and what its owner has corrected or removed.

A correction belongs to a claim of the same paper that has the value as it was read, or as it was corrected,
and was read from the same words: at least half of the words of the shorter quote stand in the other. So it
survives another reader, which cuts quotes elsewhere, and small changes of the text. It is laid upon one
claim only, the one most like what was read then. A corrected claim that is no longer read stays as long as
its quote stands in the text; without its words it rests, and comes back with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from broadsheet.domain.reading import Claim, Span
from broadsheet.lib.text import folded

_COMPARED = ("unit", "value_max", "metric", "subject", "dataset", "baseline", "bound", "direction")
_LIKE = 0.5  # of the words of the shorter quote


@dataclass(frozen=True, slots=True)
class Corrected:
    """What the owner did last with one claim, whose thread this is."""

    thread: str
    as_read: Claim
    stands: Claim | None  # None: removed


@dataclass(frozen=True, slots=True)
class Standing:
    claim: Claim
    thread: str = ""
    is_removed: bool = False


def standing(read: Sequence[Claim], corrections: Iterable[Corrected], text: str) -> list[Standing]:
    """In the order of the text."""
    found = [Standing(claim) for claim in read]
    kept: list[Standing] = []
    seen: set[tuple[float, Span]] = set()  # two papers that were one may bring the same correction twice
    for one in corrections:
        if (key := (one.as_read.value, one.as_read.quote)) in seen:
            continue
        seen.add(key)
        free = [place for place, held in enumerate(found) if not held.thread]
        place = max(free, key=lambda at: _likeness(one, found[at].claim), default=None)
        if place is not None and _is_same(one, found[place].claim):
            found[place] = _laid_upon(found[place].claim, one)
        elif one.stands is not None and (span := _found_again(one.stands.quote, text)):
            kept.append(Standing(replace(one.stands, quote=span), one.thread))
    told = {(one.claim.value, one.claim.quote) for one in found}
    found += [one for one in kept if (one.claim.value, one.claim.quote) not in told]
    return sorted(found, key=lambda one: one.claim.quote.start)


def _laid_upon(claim: Claim, correction: Corrected) -> Standing:
    if correction.stands is None:
        return Standing(claim, correction.thread, is_removed=True)
    return Standing(replace(correction.stands, quote=claim.quote), correction.thread)


def _is_same(correction: Corrected, claim: Claim) -> bool:
    values = {one.value for one in (correction.as_read, correction.stands) if one is not None}
    return claim.value in values and _shared(correction.as_read.quote, claim.quote) >= _LIKE


def _likeness(correction: Corrected, claim: Claim) -> tuple[bool, int, float, int]:
    was = correction.as_read
    same = sum(getattr(was, name) == getattr(claim, name) for name in _COMPARED)
    away = abs(was.quote.start - claim.quote.start)
    return _is_same(correction, claim), same, _shared(was.quote, claim.quote), -away


def _shared(one: Span, other: Span) -> float:
    words, others = set(folded(one.text).split()), set(folded(other.text).split())
    return len(words & others) / max(1, min(len(words), len(others)))


def _found_again(quote: Span, text: str) -> Span | None:
    """Where it stood, or else where the same words stand now."""
    if text[quote.start : quote.end] == quote.text:
        return quote
    at = text.find(quote.text)
    return Span(quote.text, at, at + len(quote.text)) if at >= 0 else None
