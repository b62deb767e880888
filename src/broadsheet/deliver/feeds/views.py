"""Every list as a feed: `.atom`, `.rss` or `.json` behind its path, as in /day/2026-05-22.atom."""

import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import lists
from broadsheet.deliver.feeds.formats import WRITERS, Head
from broadsheet.deliver.feeds.story import list_id, story_of
from broadsheet.deliver.lists import PaperList
from broadsheet.domain.edition import ONE_DAY, BadWindow, View, WindowKind, parse_window
from broadsheet.domain.ids import find_key
from broadsheet.index.base import IndexDamaged, Sort
from broadsheet.lib.text import plain_line
from broadsheet.store import pages
from broadsheet.store.paper_page import read_paper

LONGEST_QUERY = 2_000  # characters
RETRY_S = 60
_CATEGORY = re.compile(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")


class Refused(ValueError):
    """What was asked for makes no sense or is not there; the message says what is expected."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


Find = Callable[..., PaperList]


def _feed(find: Find) -> Callable[..., HttpResponse]:
    """The list that `find` names, in the format asked for; 304 before its papers are read."""

    @require_safe
    @wraps(find)
    def answer(request: HttpRequest, form: str, **named: str) -> HttpResponse:
        try:
            told = find(request, **named)
            return _conditional(request, told, form)
        except Refused as error:
            return _plain(str(error), error.status)
        except IndexDamaged:
            reply = _plain("The index is being built anew. Please ask again in a minute.", 503)
            reply.headers["Retry-After"] = str(RETRY_S)
            return reply

    return answer


def _conditional(request: HttpRequest, told: PaperList, form: str) -> HttpResponse:
    etag, changed = quote_etag(f"{told.mark}-{form}"), int(told.updated.timestamp())
    reply = get_conditional_response(request, etag=etag, last_modified=changed)
    if reply is None:
        reply = _written(told, request, form)
    reply.headers["ETag"] = etag
    reply.headers["Last-Modified"] = http_date(changed)
    reply.headers["Access-Control-Allow-Origin"] = "*"  # programs in browsers may read what is public
    patch_cache_control(reply, public=True, no_cache=True)
    return reply


def _written(told: PaperList, request: HttpRequest, form: str) -> HttpResponse:
    site_url = wiring.site_url()
    content_type, write = WRITERS[form]
    stories = [story_of(told, item, site_url) for item in told.read()]
    head = Head(
        id=list_id(told),
        title=told.title,
        page_url=site_url + told.path,
        feed_url=site_url + request.get_full_path(),
        hub=wiring.option("WEBSUB_HUB"),
        updated=told.updated,
    )
    return HttpResponse(write(head, stories), content_type=content_type)


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


@_feed
def newest(request: HttpRequest, kind: str) -> PaperList:
    category, today = _category(request), timezone.now().date()
    window = pages.newest_window(WindowKind(kind), up_to=today + ONE_DAY)
    found = lists.rolling(WindowKind(kind), window, category) if window else None
    return _there(found, "There is no edition yet.")


@_feed
def edition(request: HttpRequest, kind: str, slug: str) -> PaperList:
    try:
        window = parse_window(WindowKind(kind), slug)
    except BadWindow as error:
        raise Refused(f"{error}.", 404) from error
    view = View.LATEST if request.GET.get("view") == View.LATEST else View.PRINTED
    return _there(lists.edition(window, _category(request), view), f"{window.title} has no papers.")


@_feed
def search(request: HttpRequest) -> PaperList:
    query = plain_line(request.GET.get("q", ""))
    if not query or len(query) > LONGEST_QUERY:
        raise Refused(f"q: expected a query of 1 to {LONGEST_QUERY} characters, as in /search.atom?q=agents")
    try:
        sort = Sort(request.GET.get("sort", Sort.NEWEST))
    except ValueError as error:
        raise Refused("sort: expected new, relevance or trending") from error
    return lists.search(wiring.engines(), query, sort)


@_feed
def similar(request: HttpRequest, ref: str) -> PaperList:
    key = find_key(ref) if ref.isprintable() else None
    page = read_paper(key) if key else None
    if page is None:
        raise Refused("No paper of that name is held here.", 404)
    return lists.similar(wiring.engines(), page.paper)


def _category(request: HttpRequest) -> str:
    text = request.GET.get("cat", "")
    if text and not _CATEGORY.fullmatch(text):
        raise Refused("cat: expected a category like cs.LG")
    return text


def _there(found: PaperList | None, words: str) -> PaperList:
    if found is None:
        raise Refused(words, 404)
    return found
