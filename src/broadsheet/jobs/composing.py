"""Composes what webhooks are told of editions: each edition is read once a round, for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from broadsheet.deliver.email.chosen import chosen_for
from broadsheet.deliver.email.reading import Sheet, sheet_of
from broadsheet.deliver.personal import Turn, picked
from broadsheet.deliver.push.news import LONGEST_LINE, Kind, News, told
from broadsheet.domain.edition import Window
from broadsheet.domain.likes import Likes
from broadsheet.lib.clock import Clock
from broadsheet.lib.text import shortened
from broadsheet.rank.found import Engines
from broadsheet.store import pages, pushes
from broadsheet.store.page_values import EditionHead, Placed
from broadsheet.store.pushes import Claimed

Engine = Callable[[], Engines] | None


class NotNow(Exception):
    """What a push holds cannot be told now; the message says why."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What there is to tell, and the papers that were there to be told."""

    news: News | None
    papers: Sequence[int] = ()


class Composing:
    def __init__(self, site_url: str, clock: Clock, engines: Engine) -> None:
        self._site_url = site_url
        self._sheet = lru_cache(2)(partial(_sheet, site_url, clock, engines))

    def of(self, one: Claimed) -> Composed:
        """Without news when the edition has nothing, or later nothing more, for this one. Raises NotNow."""
        if one.window is None:
            raise NotNow("The message of these matches is lost: delete the webhook, and make it anew.")
        chosen = chosen_for(one.interest, Likes())
        if chosen or one.told is not None:
            return self._chosen(one, one.window, chosen)
        return self._whole(one, one.window)

    def _whole(self, one: Claimed, window: Window) -> Composed:
        head = pages.edition_head(window)
        places = pages.first_places(head, one.interest.most)
        ids = pushes.places_of(window)
        return Composed(self._news(one, head, "", places, head.paper_count), ids)

    def _chosen(self, one: Claimed, window: Window, chosen: str) -> Composed:
        sheet = self._sheet(window)
        found = picked(sheet.pool, one.interest, Likes(), sheet.seeks)
        if found.lacks_search:
            raise NotNow("The index cannot be asked just now.")
        had = one.told or frozenset()
        placed = frozenset(pushes.places_of(window)) if not chosen else None
        fresh = [
            _reasoned(place, turn)
            for place, turn in found.places
            if place.paper.paper_id not in had and (placed is None or place.paper.paper_id in placed)
        ]
        news = self._news(one, sheet.head, chosen, fresh[: one.interest.most], len(fresh))
        return Composed(news, [place.paper.paper_id for place, _ in found.places])

    def _news(
        self, one: Claimed, head: EditionHead, chosen: str, places: Sequence[Placed], matching: int
    ) -> News | None:
        if not places:
            return None
        return News(
            kind=Kind.PRINTED if one.told is None else Kind.ADDED,
            at=one.made_at,
            site_url=self._site_url,
            matching=matching,
            chosen_for=shortened(chosen, LONGEST_LINE),
            papers=told(places, self._site_url),
            window=one.window,
            paper_count=head.paper_count,
        )


def _reasoned(place: Placed, turn: Turn) -> Placed:
    return replace(place, reason=f"{turn} {place.reason}".strip())


def _sheet(site_url: str, clock: Clock, engines: Engine, window: Window) -> Sheet:
    return sheet_of(window, site_url=site_url, now=clock.now(), engines=engines)
