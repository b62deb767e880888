"""Picks, out of an edition, what one interest is about. Pure: the edition is read once, before.

Words are compared as folded whole words, so that "ran" does not mute "transformer".
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from broadsheet.domain.interest import Interest
from broadsheet.lib.text import folded
from broadsheet.store.page_values import Placed

Find = Callable[[str], Collection[int]]  # the ids of the papers that a query finds


@dataclass(frozen=True, slots=True)
class Choosable:
    """A placed paper, and the words by which it is chosen; folded once for all readers."""

    place: Placed
    categories: frozenset[str]
    authors: tuple[str, ...]
    words: str


def choosable(place: Placed) -> Choosable:
    paper = place.paper
    told = " ".join((paper.title, paper.one_line, paper.summary or paper.abstract))
    return Choosable(
        place,
        frozenset(paper.categories),
        tuple(_spaced(name) for name in paper.authors),
        _spaced(told),
    )


def picked(pool: Sequence[Choosable], interest: Interest, find: Find | None = None) -> list[Placed]:
    """Papers by the reader's authors, then those with boosted words, then the others as the edition has them.

    An author's papers are there whatever else was chosen. `find` answers the reader's query; without it a
    query chooses nothing away.
    """
    authors, muted, boosted = (
        [_spaced(word) for word in words if folded(word)]
        for words in (interest.authors, interest.muted, interest.boosted)
    )
    categories = frozenset(interest.categories)
    found = frozenset(find(interest.query)) if find and interest.query else None
    first: list[Placed] = []
    raised: list[Placed] = []
    others: list[Placed] = []
    for one in pool:
        if _has_author(one, authors):
            first.append(one.place)
        elif _is_wanted(one, categories, found) and not _has_word(one, muted):
            (raised if _has_word(one, boosted) else others).append(one.place)
    chosen = first + raised + others
    return [replace(place, rank=rank) for rank, place in enumerate(chosen, start=1)]


def _is_wanted(one: Choosable, categories: frozenset[str], found: frozenset[int] | None) -> bool:
    if categories and not categories & one.categories:
        return False
    return found is None or one.place.paper.paper_id in found


def _has_word(one: Choosable, words: Sequence[str]) -> bool:
    return any(word in one.words for word in words)


def _has_author(one: Choosable, names: Sequence[str]) -> bool:
    return any(name in author for name in names for author in one.authors)


def _spaced(text: str) -> str:
    return f" {folded(text)} "
