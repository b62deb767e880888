"""What one reader has chosen out of editions that have closed: the list behind a subscription's feed."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from broadsheet.deliver import lists
from broadsheet.deliver.lists import FIRST, ONE_SECOND, Item, PaperList
from broadsheet.deliver.personal import picked
from broadsheet.deliver.seeking import choice_of
from broadsheet.domain.edition import ONE_DAY, WindowKind
from broadsheet.domain.news import is_for, kind_for
from broadsheet.index.base import IndexDamaged
from broadsheet.rank.found import Engines
from broadsheet.store import pages
from broadsheet.store.page_values import EditionHead
from broadsheet.store.subscription_feeds import OwnFeed

EDITIONS = {WindowKind.DAY: 3, WindowKind.WEEK: 2}  # that one feed holds
FOLLOWED = timedelta(hours=1)  # an index takes minutes
LOOKED_AT = 8  # windows: a weekday reader's Monday looks past the weekend
MOST_KEPT = 1_000  # choices, some 10 KB each

Chosen = tuple[int, int, str, datetime]  # a paper: id, rank, reason, published


def own_list(own: OwnFeed, engines: Callable[[], Engines], now: datetime) -> PaperList:
    """The mark changes with the editions and with what was chosen; that costs a few queries."""
    heads = _heads(own, now)
    chosen = hashlib.sha256(repr((own.interest, own.likes)).encode()).hexdigest()[:16]
    made = ".".join([*map(lists.mark_of, heads), _known_to_index(own, heads, engines, now)])
    return PaperList(
        name=f"subscription/{own.subscription_id}",
        title="Your papers",
        path="/",
        mark=lists.short(f"{chosen} {made}"),
        updated=max(map(lists.shown_at, heads), default=FIRST),
        read=lambda: _items(_kept(_Asked(own, heads, engines, f"{chosen} {made}"))),
    )


def _known_to_index(
    own: OwnFeed, heads: Sequence[EditionHead], engines: Callable[[], Engines], now: datetime
) -> str:
    """What is asked of an index may change while it follows; with older editions it has done so."""
    is_new = any(now - lists.shown_at(head) < FOLLOWED for head in heads)
    return engines().mark() if is_new and (own.interest.query or own.likes) else ""


def _heads(own: OwnFeed, now: datetime) -> Sequence[EditionHead]:
    kind, often = kind_for(own.interest.often), own.interest.often
    yesterday = now.astimezone(UTC).date() - ONE_DAY
    windows = pages.newest_windows(kind, up_to=yesterday, most=LOOKED_AT)
    closed = [one for one in windows if one.end <= now.astimezone(UTC).date() and is_for(often, one)]
    heads = pages.edition_heads(closed[: EDITIONS[kind]])
    return [head for head in heads if head.edition_id is not None]


class _Asked:
    """Equal where the same is to be chosen from the same."""

    def __init__(
        self, own: OwnFeed, heads: Sequence[EditionHead], engines: Callable[[], Engines], mark: str
    ) -> None:
        self.own, self.heads, self.engines, self.mark = own, heads, engines, mark

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.mark == other.mark

    def __hash__(self) -> int:
        return hash(self.mark)


@lru_cache(MOST_KEPT)
def _kept(asked: _Asked) -> tuple[Chosen, ...]:
    """Choosing looks at some hundred papers of each edition, which stay as they are."""
    return tuple(one for head in asked.heads for one in _chosen(asked.own, head, asked.engines))


def _chosen(own: OwnFeed, head: EditionHead, engines: Callable[[], Engines]) -> Iterable[Chosen]:
    """As the mail of that edition is chosen. Raises IndexDamaged where a saved search cannot be run now."""
    pool, seeker = choice_of(head, engines)
    found = picked(pool, own.interest, own.likes, seeker)
    if found.lacks_search:
        raise IndexDamaged("a saved search could not be run")
    base = lists.dated(head)
    for number, (place, turn) in enumerate(found.places[: own.interest.most], start=1):
        yield place.paper.paper_id, place.rank, f"{turn} {place.reason}".strip(), base - number * ONE_SECOND


def _items(choice: Sequence[Chosen]) -> list[Item]:
    papers = {paper.paper_id: paper for paper in pages.papers_by_ids([pk for pk, *_ in choice])}
    return lists.each_once(
        Item(rank, papers[pk], reason, published) for pk, rank, reason, published in choice if pk in papers
    )
