"""Picks, out of an edition, what one interest is about. Pure: the edition is read once, before.

Words are compared as folded whole words, so that "ran" does not mute "transformer".
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from broadsheet.domain.interest import Interest
from broadsheet.domain.likes import Likes
from broadsheet.lib.text import folded
from broadsheet.store.page_values import Placed

Positions = frozenset[int]  # places in the edition's order, from 0
NONE: Positions = frozenset()


class Seeks(Protocol):
    """Answers what only the site's index knows."""

    def found(self, query: str) -> Positions | None: ...  # None: it could not be asked

    def alike(self, more: Sequence[int], less: Sequence[int]) -> tuple[Positions, Positions]: ...


class Words:
    """Which of some texts hold a word, or several side by side."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [f" {text} " for text in texts]
        holding: dict[str, set[int]] = defaultdict(set)
        for at, text in enumerate(self._texts):
            for word in text.split():
                holding[word].add(at)
        self._holding = {word: frozenset(found) for word, found in holding.items()}

    def having(self, phrase: str) -> Positions:
        words = folded(phrase).split()
        if not words:
            return NONE
        found = frozenset.intersection(*(self._holding.get(word, NONE) for word in words))
        if len(words) == 1:
            return found
        spaced = f" {' '.join(words)} "
        return frozenset(at for at in found if spaced in self._texts[at])

    def having_one(self, phrases: Iterable[str]) -> Positions:
        return NONE.union(*map(self.having, phrases))


class Pool:
    """The papers of an edition and what they are chosen by, folded once for all readers."""

    def __init__(self, places: Sequence[Placed]) -> None:
        self.places = places
        self.all = frozenset(range(len(places)))
        self.words = Words(_told(place) for place in places)
        self.authors = Words(
            "|".join(f" {folded(name)} " for name in place.paper.authors) for place in places
        )
        in_category: dict[str, set[int]] = defaultdict(set)
        for at, place in enumerate(places):
            for name in place.paper.categories:
                in_category[name].add(at)
                in_category[name.partition(".")[0]].add(at)  # cs stands for all of cs.*
        self._in_category = in_category

    def in_one_of(self, categories: Iterable[str]) -> Positions:
        return NONE.union(*(self._in_category.get(name, NONE) for name in categories))


class Turn(StrEnum):
    """Why a paper stands where it does, in words; "": as the edition has it."""

    AUTHOR = "By an author you named."
    WORD = "Has a word you lift."
    LIKED = "Like a paper you wanted more of."
    OWN = ""
    DISLIKED = "Like a paper you wanted less of."


_ORDER = {Turn.AUTHOR: 0, Turn.WORD: 1, Turn.LIKED: 1, Turn.OWN: 2, Turn.DISLIKED: 3}


@dataclass(frozen=True, slots=True)
class Picked:
    places: list[tuple[Placed, Turn]]
    lacks_search: bool  # the reader's search could not be run: nothing was chosen by it


def picked(pool: Pool, interest: Interest, likes: Likes = Likes(), seeks: Seeks | None = None) -> Picked:  # noqa: B008
    """Papers by the reader's authors, then those with boosted words or like liked ones, then the others as
    the edition has them, and those like disliked ones last.

    An author's papers are there whatever else was chosen; what was disliked itself does not come back.
    """
    first = pool.authors.having_one(interest.authors)
    found = seeks.found(interest.query) if seeks and interest.query else None
    liked, disliked = seeks.alike(likes.more, likes.less) if seeks and likes else (NONE, NONE)
    wanted = pool.in_one_of(interest.categories) if interest.categories else pool.all
    wanted = (wanted if found is None else wanted & found) - pool.words.having_one(interest.muted)
    less = frozenset(likes.less)
    chosen = [at for at in wanted | first if pool.places[at].paper.paper_id not in less]
    lifted = pool.words.having_one(interest.boosted)
    sets = ((first, Turn.AUTHOR), (disliked, Turn.DISLIKED), (lifted, Turn.WORD), (liked, Turn.LIKED))
    turns = {at: next((turn for of, turn in sets if at in of), Turn.OWN) for at in chosen}
    ordered = sorted(chosen, key=lambda at: (_ORDER[turns[at]], at))
    return Picked([(pool.places[at], turns[at]) for at in ordered], bool(interest.query) and found is None)


def _told(place: Placed) -> str:
    paper = place.paper
    return folded(" ".join((paper.title, paper.own_line, paper.summary or paper.abstract)))
