"""Papers of which a reader wants more, or less, of the same kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_LIKES = 50  # papers of each kind; the oldest are dropped


class Like(StrEnum):
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Likes:
    """Ids of papers, the oldest first; none is in both."""

    more: tuple[int, ...] = ()
    less: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.more or self.less)


def with_like(likes: Likes, paper_id: int, like: Like) -> Likes:
    """The newest word counts: liking a paper takes back that it was not.

    >>> with_like(Likes(less=(7, 8)), 7, Like.MORE)
    Likes(more=(7,), less=(8,))
    """
    rest = without_like(likes, paper_id)
    if like is Like.MORE:
        return Likes((*rest.more, paper_id)[-MOST_LIKES:], rest.less)
    return Likes(rest.more, (*rest.less, paper_id)[-MOST_LIKES:])


def without_like(likes: Likes, paper_id: int) -> Likes:
    return Likes(_without(likes.more, paper_id), _without(likes.less, paper_id))


def with_other(likes: Likes, former: int, now: int) -> Likes:
    """Where two papers turn out to be one. What was said of the one that stays counts.

    >>> with_other(Likes(more=(7, 8)), 7, 9)
    Likes(more=(9, 8), less=())
    """
    if now in (*likes.more, *likes.less):
        return without_like(likes, former)
    more, less = (tuple(now if one == former else one for one in ids) for ids in (likes.more, likes.less))
    return Likes(more, less)


def _without(ids: Sequence[int], paper_id: int) -> tuple[int, ...]:
    return tuple(one for one in ids if one != paper_id)
