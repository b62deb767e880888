"""Reads what the digest of a window holds. A fixed number of queries, however many papers."""

from datetime import datetime

from broadsheet.deliver.email.digest import Digest, story_of
from broadsheet.deliver.emptiness import why_empty
from broadsheet.domain.edition import Window, next_announcement
from broadsheet.store import pages


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
