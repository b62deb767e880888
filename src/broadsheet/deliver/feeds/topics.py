"""The feeds that a hub is told of: those of the newest editions, whole and by category of this site."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from broadsheet.domain.edition import CALENDAR, WindowKind

KINDS = (*CALENDAR, WindowKind.TRENDING)
FORMS = ("atom", "rss", "json")


def topics(kinds: Iterable[str], categories: Iterable[str]) -> Iterator[str]:
    """By the very paths that they name as their own."""
    names = tuple(categories)
    for kind in kinds:
        for form in FORMS:
            yield f"/{kind}.{form}"
            yield from (f"/{kind}.{form}?cat={quote(name)}" for name in names)
