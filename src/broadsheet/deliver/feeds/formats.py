"""A list as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

The writers of XML are Django's; what is added here are several authors an entry, the hub, and dates for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from broadsheet.deliver.feeds.story import Story
from broadsheet.lib.text import without_controls

DC = "http://purl.org/dc/elements/1.1/"
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Head:
    id: str
    title: str
    page_url: str
    feed_url: str
    hub: str  # "": none
    updated: datetime


def atom(head: Head, stories: Sequence[Story]) -> bytes:
    return _xml(_Atom, head, stories)


def rss(head: Head, stories: Sequence[Story]) -> bytes:
    return _xml(_Rss, head, stories)


def json_feed(head: Head, stories: Sequence[Story]) -> bytes:
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{head.title} · Broadsheet",
        "home_page_url": head.page_url,
        "feed_url": head.feed_url,
        "language": "en",
        "items": [_json_item(story) for story in stories],
    }
    if head.hub:
        told["hubs"] = [{"type": "WebSub", "url": head.hub}]
    return orjson.dumps(told)


def _json_item(story: Story) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": story.id,
        "url": story.url,
        "title": story.title,
        "content_html": story.html,
        "date_published": story.published,
        "date_modified": story.updated,
        "authors": [{"name": name} for name in story.authors],
        "tags": list(story.categories),
    }
    return item | ({"summary": story.text} if story.text else {})


def _xml(kind: type[SyndicationFeed], head: Head, stories: Sequence[Story]) -> bytes:
    feed = kind(
        title=without_controls(f"{head.title} · Broadsheet"),  # a search may hold what no XML may
        link=head.page_url,
        description="The front page of research",
        language="en",
        feed_url=head.feed_url,
        feed_guid=head.id,
        hub=head.hub,
        updated=head.updated,
        author_name="Broadsheet",
    )
    for story in stories:
        feed.add_item(
            title=story.title,
            link=story.url,
            description=story.html,
            unique_id=story.id,
            unique_id_is_permalink=False,
            pubdate=story.published,
            updateddate=story.updated,
            categories=[without_controls(name) for name in story.categories],
            names=story.authors,
            one_line=story.text,
        )
    return feed.writeString("utf-8").encode()


class _Atom(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Of the list, also where it has become shorter."""
        updated: datetime = self.feed["updated"]
        return updated

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """As Django's, with all authors, and the HTML as content beside the line that sums it up."""
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("link", "", {"href": item["link"], "rel": "alternate"})
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("published", item["pubdate"].isoformat())
        handler.addQuickElement("updated", item["updateddate"].isoformat())
        for name in item["names"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        for name in item["categories"]:
            handler.addQuickElement("category", "", {"term": name})
        if item["one_line"]:
            handler.addQuickElement("summary", item["one_line"])
        handler.addQuickElement("content", item["description"], {"type": "html"})


class _Rss(Rss201rev2Feed):
    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated

    def rss_attributes(self) -> dict[str, str]:
        return {"version": "2.0", "xmlns:atom": ATOM, "xmlns:dc": DC}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["names"]:
            handler.addQuickElement("dc:creator", name)


WRITERS: dict[str, tuple[str, Callable[[Head, Sequence[Story]], bytes]]] = {
    "atom": ("application/atom+xml; charset=utf-8", atom),
    "rss": ("application/rss+xml; charset=utf-8", rss),
    "json": ("application/feed+json; charset=utf-8", json_feed),
}
