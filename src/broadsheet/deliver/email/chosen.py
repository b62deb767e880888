"""Says in one line what a digest was chosen by."""

from collections.abc import Sequence

from broadsheet.domain.interest import Interest
from broadsheet.domain.likes import Likes
from broadsheet.lib.text import shortened

LONGEST_LISTED = 80  # characters
NOT_SEARCHED = (
    "Your search could not be run just now, so these papers are chosen by your other choices alone."
)


def chosen_for(interest: Interest, likes: Likes) -> str:
    """ "" for a reader of everything.

    >>> chosen_for(Interest(categories=("cs.CL", "cs.LG"), muted=("survey",)), Likes(less=(7,)))
    'cs.CL, cs.LG; without “survey”; less like 1 paper'
    """
    return "; ".join(filter(None, [*_named(interest), *_liked(likes)]))


def _named(interest: Interest) -> list[str]:
    return [
        _listed("", interest.categories),
        f"the search “{shortened(interest.query, LONGEST_LISTED)}”" if interest.query else "",
        _listed("authors ", interest.authors),
        _listed("first ", [f"“{word}”" for word in interest.boosted]),
        _listed("without ", [f"“{word}”" for word in interest.muted]),
    ]


def _liked(likes: Likes) -> list[str]:
    told = ((len(likes.more), "more"), (len(likes.less), "less"))
    return [f"{word} like {count} paper{'' if count == 1 else 's'}" for count, word in told if count]


def _listed(label: str, names: Sequence[str]) -> str:
    return label + shortened(", ".join(names), LONGEST_LISTED) if names else ""
