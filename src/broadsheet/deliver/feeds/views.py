"""Every list as a feed: `.atom`, `.rss` or `.json` behind its path, as in /day/2026-05-22.atom."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from broadsheet import wiring
from broadsheet.deliver import asked, named
from broadsheet.deliver.asked import answers, found_answers
from broadsheet.deliver.feeds.formats import WRITERS, Head
from broadsheet.deliver.feeds.opml import OPML_TYPE, outlines
from broadsheet.deliver.feeds.story import list_id, story_of
from broadsheet.deliver.feeds.topics import KINDS, topics
from broadsheet.deliver.lists import FIRST, PaperList
from broadsheet.deliver.named import BadArgument
from broadsheet.index.base import Sort

MOST_CATEGORIES = 50


def written(request: HttpRequest, told: PaperList, form: str, *, is_secret: bool = False) -> HttpResponse:
    site_url, own_path = wiring.site_url(), request.get_full_path()
    hub = "" if is_secret else _hub_of(own_path)
    content_type, write = WRITERS[form]
    items = told.read()
    stories = [story_of(told, item, site_url) for item in items]
    head = Head(
        id=list_id(told),
        title=told.title,
        page_url=site_url + told.path,
        feed_url=site_url + own_path,
        hub=hub,
        updated=told.updated or max((item.updated for item in items), default=FIRST),
    )
    reply = HttpResponse(write(head, stories), content_type=content_type)
    if hub:  # WebSub 1.0, section 4: in the headers first
        reply.headers["Link"] = f'<{hub}>; rel="hub", <{head.feed_url}>; rel="self"'
    return reply


def _hub_of(path: str) -> str:
    """Whoever trusts a hub hardly asks by itself, so only what the hub is told of names it."""
    hub: str = wiring.option("WEBSUB_HUB")
    return hub if hub and path in topics(KINDS, wiring.option("CATEGORIES")) else ""


newest = answers(asked.followed, written)
edition = answers(asked.edition, written)
search = found_answers(partial(asked.search, usual=Sort.NEWEST), written)
similar = found_answers(asked.similar, written)
author = found_answers(asked.author, written)
about = answers(asked.about, written)


@asked.refusing
def opml(request: HttpRequest) -> HttpResponse:
    """`?cat=cs.LG&cat=cs.CL`, or those of the site."""
    asked_for = [name for text in request.GET.getlist("cat") for name in text.replace(",", " ").split()]
    categories = list(dict.fromkeys(asked_for or wiring.option("CATEGORIES")))
    if len(categories) > MOST_CATEGORIES:
        expected = f"up to {MOST_CATEGORIES} categories, as in ?cat=cs.LG&cat=cs.CL"
        raise BadArgument("cat", f"{len(categories)} categories", expected)
    for name in categories:
        named.category(name, "cat")
    reply = HttpResponse(outlines(categories, wiring.site_url()), content_type=OPML_TYPE)
    reply.headers["Content-Disposition"] = 'attachment; filename="broadsheet-feeds.opml"'
    reply.headers["Access-Control-Allow-Origin"] = "*"
    return reply
