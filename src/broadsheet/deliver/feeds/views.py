"""Every list as a feed: `.atom`, `.rss` or `.json` behind its path, as in /day/2026-05-22.atom."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from broadsheet import wiring
from broadsheet.deliver import asked
from broadsheet.deliver.asked import answers
from broadsheet.deliver.feeds.formats import WRITERS, Head
from broadsheet.deliver.feeds.story import list_id, story_of
from broadsheet.deliver.lists import FIRST, PaperList
from broadsheet.index.base import Sort


def written(request: HttpRequest, told: PaperList, form: str) -> HttpResponse:
    site_url, hub = wiring.site_url(), str(wiring.option("WEBSUB_HUB"))
    content_type, write = WRITERS[form]
    items = told.read()
    stories = [story_of(told, item, site_url) for item in items]
    head = Head(
        id=list_id(told),
        title=told.title,
        page_url=site_url + told.path,
        feed_url=site_url + request.get_full_path(),
        hub=hub,
        updated=told.updated or max((item.at for item in items), default=FIRST),
    )
    reply = HttpResponse(write(head, stories), content_type=content_type)
    if hub:  # WebSub 1.0, section 4: in the headers first
        reply.headers["Link"] = f'<{hub}>; rel="hub", <{head.feed_url}>; rel="self"'
    return reply


newest = answers(asked.followed, written)
edition = answers(asked.edition, written)
search = answers(partial(asked.search, usual=Sort.NEWEST), written)
similar = answers(asked.similar, written)
author = answers(asked.author, written)
about = answers(asked.about, written)
