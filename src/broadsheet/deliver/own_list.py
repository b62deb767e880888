"""What one reader has chosen out of editions that have closed: the list behind a subscription's feed."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from broadsheet.deliver.lists import FIRST, ONE_SECOND, VERSION, Item, PaperList
from broadsheet.deliver.personal import Pool, picked
from broadsheet.deliver.seeking import Seeker
from broadsheet.domain.edition import ONE_DAY, WindowKind
from broadsheet.domain.news import is_for, kind_for
from broadsheet.rank.found import Engines
from broadsheet.store import pages
from broadsheet.store.page_values import EditionHead
from broadsheet.store.subscription_feeds import OwnFeed

EDITIONS = {WindowKind.DAY: 3, WindowKind.WEEK: 2}  # that one feed holds
LOOKED_AT = 8  # windows: a weekday reader's Monday looks past the weekend
POOL = 1_000  # papers of an edition, which keeps no more places


def own_list(own: OwnFeed, engines: Callable[[], Engines], now: datetime) -> PaperList:
    """The mark changes with the editions and with what was chosen; that costs a few queries."""
    heads = _heads(own, now)
    chosen = hashlib.sha256(repr((own.interest, own.likes)).encode()).hexdigest()[:16]
    made = ".".join(f"{head.edition_id}-{head.made_at.timestamp()}" for head in heads if head.made_at)
    return PaperList(
        name=f"subscription/{own.subscription_id}",
        title="Your papers",
        path="/",
        mark=f"{VERSION}-{chosen}-{made}",
        updated=max((head.made_at for head in heads if head.made_at), default=FIRST),
        read=lambda: [item for head in heads for item in _items(own, head, engines)],
    )


def _heads(own: OwnFeed, now: datetime) -> Sequence[EditionHead]:
    kind, often = kind_for(own.interest.often), own.interest.often
    yesterday = now.astimezone(UTC).date() - ONE_DAY
    windows = pages.newest_windows(kind, up_to=yesterday, most=LOOKED_AT)
    closed = [one for one in windows if one.end <= now.astimezone(UTC).date() and is_for(often, one)]
    heads = [pages.edition_head(window) for window in closed[: EDITIONS[kind]]]
    return [head for head in heads if head.edition_id is not None]


def _items(own: OwnFeed, head: EditionHead, engines: Callable[[], Engines]) -> list[Item]:
    places = pages.first_places(head, POOL)
    seeker = Seeker(engines, [place.paper.paper_id for place in places])
    chosen = picked(Pool(places), own.interest, own.likes, seeker).places[: own.interest.most]
    at = head.made_at or FIRST
    return [
        Item(place.rank, place.paper, f"{turn} {place.reason}".strip(), at - number * ONE_SECOND)
        for number, (place, turn) in enumerate(chosen, start=1)
    ]
