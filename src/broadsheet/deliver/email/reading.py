"""Reads what the digest of a window holds. A fixed number of queries, however many papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.deliver.email.digest import Digest, story_of
from broadsheet.deliver.email.personal import Choosable, Find, choosable, picked
from broadsheet.deliver.emptiness import why_empty
from broadsheet.domain.edition import Window, next_announcement
from broadsheet.domain.interest import Interest
from broadsheet.store import pages

POOL = 1_000  # papers of an edition from which readers' choices are made


def digest_of(window: Window, *, most: int, site_url: str, now: datetime) -> Digest:
    """The first papers of the window's edition, or why it has none."""
    head = pages.edition_head(window)
    places = pages.first_places(head, most) if head.edition_id else []
    why = None if places else why_empty(head, pages.source_lines(), now)
    return Digest(
        window=window,
        paper_count=head.paper_count,
        stories=tuple(story_of(place, site_url) for place in places),
        url=f"{site_url}/{window.kind}/{window.slug}",
        site_url=site_url,
        empty_headline=why.headline if why else "",
        empty_words=why.words if why else "",
        next_on=next_announcement(now).date(),
    )


@dataclass(frozen=True, slots=True)
class Pool:
    """An edition read once, for the digests of all its readers."""

    window: Window
    papers: Sequence[Choosable]


def pool_of(window: Window) -> Pool:
    head = pages.edition_head(window)
    places = pages.first_places(head, POOL) if head.edition_id else []
    return Pool(window, [choosable(place) for place in places])


def personal_digest(
    pool: Pool, interest: Interest, *, site_url: str, now: datetime, find: Find | None = None
) -> Digest | None:
    """None when nothing in the edition is for this reader."""
    places, window = picked(pool.papers, interest, find), pool.window
    if not places:
        return None
    return Digest(
        window=window,
        paper_count=len(places),
        stories=tuple(story_of(place, site_url) for place in places[: interest.most]),
        url=f"{site_url}/{window.kind}/{window.slug}",
        site_url=site_url,
        empty_headline="",
        empty_words="",
        next_on=next_announcement(now).date(),
    )
