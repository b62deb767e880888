"""The documents over HTTP: each reads what its page reads, and answers 304 to who has it already."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.emptiness import nothing_in, why_empty
from broadsheet.deliver.likeness import Neighbour, briefly_similar, similar_to
from broadsheet.deliver.markdown import documents, site
from broadsheet.deliver.named import NEWEST, BadArgument, NotHeld
from broadsheet.domain.edition import View, WindowKind
from broadsheet.index.base import IndexDamaged, Sort
from broadsheet.lib.text import plain_line
from broadsheet.rank.search import search as ask
from broadsheet.store import claims, pages
from broadsheet.store.answers import upvotes
from broadsheet.store.page_values import EditionHead, Facts

MARKDOWN = "text/markdown; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
VERSION = version("broadsheet")
LONGEST_QUERY = 2_000
LONGEST_NAME = 200
MOST_PAGES = 50
PAPERS_SHOWN = 20
SIMILAR_SHOWN = 30
SIMILAR_BESIDE = 5
RETRY_S = 60


@dataclass(frozen=True, slots=True)
class Document:
    write: Callable[[], str]
    mark: str = ""  # another one whenever it changes; "": known only once it is written
    status: int = 200


Find = Callable[..., Document]


def _document(find: Find, content_type: str = MARKDOWN) -> Callable[..., HttpResponse]:
    @require_safe
    @wraps(find)
    def answer(request: HttpRequest, **named_in_path: str) -> HttpResponse:
        try:
            return _conditional(request, find(request, **named_in_path), content_type)
        except BadArgument as error:
            return _refused(str(error), 400)
        except NotHeld as error:
            return _refused(str(error), 404)
        except IndexDamaged:
            reply = _refused("The index is being built anew. Please ask again in a minute.", 503)
            reply.headers["Retry-After"] = str(RETRY_S)
            return reply

    return answer


def _conditional(request: HttpRequest, found: Document, content_type: str) -> HttpResponse:
    body = "" if found.mark else found.write()
    etag = quote_etag(hashlib.sha256((found.mark or body).encode()).hexdigest()[:32])
    reply = get_conditional_response(request, etag=etag)
    if reply is None:
        reply = HttpResponse(body or found.write(), status=found.status, content_type=content_type)
    if found.status == 200:
        reply.headers["ETag"] = etag
    reply.headers["Access-Control-Allow-Origin"] = "*"  # programs in browsers may read what is public
    patch_cache_control(reply, public=True, no_cache=True)
    return reply


def _refused(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type=PLAIN)


@_document
def newest(request: HttpRequest, kind: str) -> Document:
    return _edition(request, WindowKind(kind), NEWEST)


@_document
def edition(request: HttpRequest, kind: str, slug: str) -> Document:
    return _edition(request, WindowKind(kind), slug)


def _edition(request: HttpRequest, kind: WindowKind, slug: str) -> Document:
    now = timezone.now()
    window = named.window(kind, slug, now.date(), "address")
    category, page = named.category(request.GET.get("cat", ""), "cat"), _page(request)
    view = View.LATEST if request.GET.get("view") == View.LATEST else View.PRINTED
    head = pages.edition_head(window, view)
    if head.edition_id is None:
        return Document(lambda: documents.empty(head, why_empty(head, pages.source_lines(), now)))
    made = (VERSION, head.edition_id, head.made_at, head.readings_no, page, category)
    return Document(lambda: _written(head, category, page), mark=f"{made}")


def _written(head: EditionHead, category: str, page: int) -> str:
    skip = (page - 1) * PAPERS_SHOWN
    places = pages.first_places(head, PAPERS_SHOWN, category, behind=skip)
    if not places and page > 1:
        raise NotHeld(f"page: {head.window.title} is shorter than that")
    if not places:
        return documents.empty(head, nothing_in(category, head))
    return documents.edition(head, places, category=category, page=page)


@_document
def paper(request: HttpRequest, ref: str) -> Document:
    page = named.paper(ref, "address")
    return Document(lambda: documents.paper(page, _near(page.paper)))


def _near(one: Facts) -> list[Neighbour]:
    """A damaged index takes away what is similar, never the paper."""
    try:
        return briefly_similar(wiring.engines(), one, limit=SIMILAR_BESIDE)
    except IndexDamaged:
        return []


@_document
def similar(request: HttpRequest, ref: str) -> Document:
    one = named.paper(ref, "address").paper
    near = similar_to(wiring.engines(), one, limit=SIMILAR_SHOWN)
    return Document(lambda: documents.similar(one, near))


@_document
def search(request: HttpRequest) -> Document:
    typed, page = request.GET.get("q", ""), _page(request)
    query = plain_line(typed[: LONGEST_QUERY + 1])
    if not query or len(typed) > LONGEST_QUERY:
        raise BadArgument(
            "q", typed, f"a query of 1 to {LONGEST_QUERY} characters, as in /search.md?q=agents"
        )
    how: Any = {"sort": _sort(request, Sort, Sort.RELEVANCE), "votes": upvotes, "counts": True}
    skip = (page - 1) * PAPERS_SHOWN
    results = ask(wiring.engines(), query, limit=PAPERS_SHOWN, offset=skip, **how)
    if results.key is not None:
        return Document(lambda: documents.paper((one := named.paper(query, "q")), _near(one.paper)))
    found = pages.papers_by_ids([one.paper_id for one in results.found])
    path = request.get_full_path().replace("/search.md", "/search", 1)
    return Document(lambda: documents.search(results, found, first=skip + 1, path=path))


@_document
def claimed(request: HttpRequest, about: str, name: str) -> Document:
    what, page = claims.About(about), _page(request)
    if len(name) > LONGEST_NAME:
        raise BadArgument("address", name, f"a name of at most {LONGEST_NAME} characters")
    sort = _sort(request, claims.Sort, claims.Sort.DATE)
    found = claims.claims_about(what, plain_line(name), sort=sort, page=page)
    if not found.rows:
        raise NotHeld(
            "address: no paper here claims a figure that names it, or this page lies behind the last"
        )
    return Document(lambda: documents.claims(what, found, page=page))


@_document
def about(request: HttpRequest) -> Document:
    count, sources = pages.paper_count(), pages.source_lines()
    return Document(lambda: site.about(count, wiring.option("CATEGORIES"), sources))


@_document
def ranking(request: HttpRequest) -> Document:
    usual = wiring.ranking_basis().usual
    return Document(lambda: site.ranking(usual))


def _llms(request: HttpRequest) -> Document:
    return Document(lambda: site.llms(wiring.option("CATEGORIES")))


llms = _document(_llms, PLAIN)  # browsers show it; Markdown they would save


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= MOST_PAGES:
        raise BadArgument("page", text, f"a whole number from 1 to {MOST_PAGES}")
    return int(text)


def _sort(request: HttpRequest, kind: Any, default: Any) -> Any:
    text = request.GET.get("sort", default.value)
    try:
        return kind(text)
    except ValueError as error:
        raise BadArgument("sort", text, f"one of {', '.join(one.value for one in kind)}") from error
