"""Which list an address means, and when it need not be told again: the same for feeds and exports.

A view that `answers` makes gets the list and writes it; what makes no sense is refused in one line of text.
"""

import re
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import lists
from broadsheet.deliver.lists import PaperList
from broadsheet.domain.edition import ONE_DAY, BadWindow, View, Window, WindowKind, parse_window
from broadsheet.domain.ids import PaperKey, find_key
from broadsheet.index.base import IndexDamaged, Sort
from broadsheet.lib.text import plain_line, shortened
from broadsheet.store import pages
from broadsheet.store.claims import About
from broadsheet.store.likes import paper_named
from broadsheet.store.paper_page import other_name

LONGEST_QUERY = 2_000  # characters
LONGEST_NAME = 200
RETRY_S = 60
_CATEGORY = re.compile(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")


class Refused(ValueError):
    """What was asked for makes no sense or is not there; the message says what is expected."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


Find = Callable[..., PaperList]
Write = Callable[[HttpRequest, PaperList, str], HttpResponse]
Answer = Callable[..., HttpResponse]


def answers(find: Find, write: Write) -> Answer:
    """The list that `find` names, told by `write` in the form asked for; 304 before its papers are read."""

    @require_safe
    def answer(request: HttpRequest, form: str, **named: str) -> HttpResponse:
        try:
            told = find(request, **named)
            return unless_known(request, told.mark, form, told.updated, lambda: write(request, told, form))
        except Refused as error:
            return plain(str(error), error.status)
        except IndexDamaged:
            return being_built()

    return answer


def being_built() -> HttpResponse:
    reply = plain("The index is being built anew. Please ask again in a minute.", 503)
    reply.headers["Retry-After"] = str(RETRY_S)
    return reply


def unless_known(
    request: HttpRequest, mark: str, form: str, updated: datetime | None, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """A reply that anybody may keep and must ask about again. Without a date its ETag alone counts."""
    etag, changed = quote_etag(f"{mark}-{form}"), int(updated.timestamp()) if updated else None
    reply = get_conditional_response(request, etag=etag, last_modified=changed)
    if reply is None:
        reply = make()
    reply.headers["ETag"] = etag
    if changed is not None:
        reply.headers["Last-Modified"] = http_date(changed)
    reply.headers["Access-Control-Allow-Origin"] = "*"  # programs in browsers may read what is public
    patch_cache_control(reply, public=True, no_cache=True)
    return reply


def plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def followed(request: HttpRequest, kind: str) -> PaperList:
    """The newest edition, and of days those before it: for whoever comes back."""
    cat = category(request)
    return _newest(kind, lambda window: lists.rolling(window.kind, window, cat))


def newest(request: HttpRequest, kind: str, *, most: int) -> PaperList:
    """The newest edition alone, as the page shows it."""
    cat, view = category(request), _view(request)
    return _newest(kind, lambda window: lists.edition(window, cat, view, most=most))


def _newest(kind: str, find: Callable[[Window], PaperList | None]) -> PaperList:
    window = pages.newest_window(WindowKind(kind), up_to=timezone.now().date() + ONE_DAY)
    return _there(find(window) if window else None, "There is no edition yet.")


def edition(request: HttpRequest, kind: str, slug: str, *, most: int = lists.MOST) -> PaperList:
    try:
        window = parse_window(WindowKind(kind), slug)
    except BadWindow as error:
        raise Refused(f"{error}.", 404) from error
    found = lists.edition(window, category(request), _view(request), most=most)
    return _there(found, f"{window.title} has no papers.")


def search(request: HttpRequest, *, usual: Sort, most: int = lists.MOST) -> PaperList:
    query = plain_line(request.GET.get("q", ""))
    if not query or len(query) > LONGEST_QUERY:
        raise Refused(f"q: expected a query of 1 to {LONGEST_QUERY} characters, as in ?q=agents")
    try:
        sort = Sort(request.GET.get("sort", usual))
    except ValueError as error:
        raise Refused("sort: expected new, relevance or trending") from error
    return lists.search(wiring.engines(), query, sort, most=most)


def similar(request: HttpRequest, ref: str, *, most: int = lists.MOST) -> PaperList:
    key = find_key(ref) if ref.isprintable() else None
    paper = paper_named(key) if key else None
    if paper is None:
        raise Refused("No paper of that name is held here.", 404)
    return lists.similar(wiring.engines(), paper, most=most)


def author(request: HttpRequest, name: str, *, most: int = lists.MOST) -> PaperList:
    return lists.author(wiring.engines(), _name(name), most=most)


def about(request: HttpRequest, about: str, name: str, *, most: int = lists.MOST) -> PaperList:
    found = lists.about(About(about), _name(name), most=most)
    return _there(found, "No paper here claims a figure that names it.")


def held_key(ref: str) -> PaperKey:
    """The key of a paper under any of its names."""
    key = find_key(ref) if ref.isprintable() else None
    if key is None:
        raise Refused(
            f"ref: {shortened(plain_line(ref), 80)!r} names no paper; expected an arXiv number such as"
            " 2401.01234 or a DOI"
        )
    return PaperKey(other_name(key) or key)


def category(request: HttpRequest) -> str:
    text = request.GET.get("cat", "")
    if text and not is_category(text):
        raise Refused("cat: expected a category like cs.LG")
    return text


def is_category(text: str) -> bool:
    return bool(_CATEGORY.fullmatch(text))


def _name(text: str) -> str:
    name = plain_line(text).replace('"', " ").strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"name: expected 1 to {LONGEST_NAME} characters")
    return name


def _view(request: HttpRequest) -> View:
    return View.LATEST if request.GET.get("view") == View.LATEST else View.PRINTED


def _there(found: PaperList | None, words: str) -> PaperList:
    if found is None:
        raise Refused(words, 404)
    return found
