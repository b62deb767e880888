"""Search: words lead to pages of results, the name of a paper leads straight to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from broadsheet import wiring
from broadsheet.deliver.web.asking import MOST_PAGES, not_found, page_number, pages_around, reader_page
from broadsheet.deliver.web.freshness import leave_out_of_etag
from broadsheet.deliver.web.narrowing import Asking, filters_in, groups, sorts, without_filters
from broadsheet.deliver.web.results import results_of
from broadsheet.deliver.words import counted
from broadsheet.domain.addresses import paper_path
from broadsheet.domain.ids import PaperKey, find_key, paper_ref
from broadsheet.index.base import IndexDamaged, Sort
from broadsheet.lib.text import plain_line
from broadsheet.rank.hits import NONE, words_of
from broadsheet.rank.search import By, Engines, Found, Results
from broadsheet.rank.search import search as ask
from broadsheet.store import pages
from broadsheet.store.answers import answers, upvotes

PAGE_SIZE = 20
LONGEST_SHOWN = 1_000
LONGEST_TAKEN = 20_000  # characters; how many of them are read, the query language says
TYPED_INTO = "q"  # the id of the box; typing into it asks for a part, as submitting the form does
MOST_SUGGESTED = 5

Context = dict[str, Any]


@reader_page
def search(request: HttpRequest) -> HttpResponse:
    page = page_number(request)
    if page is None:
        return not_found(request, "There is no such page", f"Results are shown on pages 1 to {MOST_PAGES}.")
    query = plain_line(request.GET.get("q", "")[:LONGEST_TAKEN])
    asking = Asking(query, _sort(request), mends=request.GET.get("mend") != "no")
    key = find_key(query)
    if key is not None:
        return _to_paper(request, asking, key)
    if not query:
        return _page(request, "blank", asking, {"held": pages.paper_count()})
    return _answer(request, asking, page)


@reader_page
def author(request: HttpRequest, name: str) -> HttpResponse:
    """The page of an author is a search."""
    bare = plain_line(name[:LONGEST_SHOWN]).replace('"', " ").strip()
    query = f'author:"{bare}"'
    return redirect(f"{reverse('search')}?{urlencode({'q': query, 'sort': Sort.NEWEST.value})}")


def _sort(request: HttpRequest) -> Sort:
    try:
        return Sort(request.GET.get("sort", ""))
    except ValueError:
        return Sort.RELEVANCE


def _answer(request: HttpRequest, asking: Asking, page: int) -> HttpResponse:
    engines, first = wiring.engines(), (page - 1) * PAGE_SIZE
    how: Any = {"sort": asking.sort, "votes": upvotes, "mends": asking.mends, "counts": True}
    try:
        results = ask(engines, asking.query, limit=PAGE_SIZE, offset=first, **how)
        if results.key is not None:
            return _to_paper(request, asking, results.key)
        words = words_of(results.asked)
        found = results_of(results.found, words, first=first + 1)
        more = _found(engines, results, asking, page) if found else _none(engines, results, asking, page)
    except IndexDamaged:  # the worker builds it anew at its next round
        return _page(request, "down", asking, {}, status=503)
    searched = asking.of(results.mended or results.asked.text)
    context = {"results": results, "words": words, "found": found, "page": page, "searched": searched}
    context |= {"filters": filters_in(searched)}
    reply = _page(request, "found" if found else "none", asking, context | more)
    return leave_out_of_etag(reply, "took")


def _found(engines: Engines, results: Results, asking: Asking, page: int) -> Context:
    searched = asking.of(results.mended or results.asked.text)
    count = min(MOST_PAGES, -(-results.total // PAGE_SIZE))
    return {
        "as_typed": replace(asking, mends=False).address,
        "or_mended": _or_mended(engines, results, asking),
        "nearest_only": all(one.by is By.MEANING for one in results.found),
        "groups": groups(engines, results, searched),
        "sorts": sorts(searched),
        "count": count,
        "numbers": pages_around(page, count) if count > 1 else [],
        "told": counted(results.total, "paper"),
    }


def _none(engines: Engines, results: Results, asking: Asking, page: int) -> Context:
    return {
        "or_mended": _or_mended(engines, results, asking),
        "suggested": _suggested(engines, results, asking) if page == 1 else [],
        "told": "Nothing found",
    }


def _or_mended(engines: Engines, results: Results, asking: Asking) -> Asking | None:
    """What else may have been meant by a query that was searched as typed."""
    mended = None if asking.mends else engines.words.mended(results.asked)
    return Asking(mended, asking.sort) if mended else None


def _suggested(engines: Engines, results: Results, asking: Asking) -> list[tuple[str, str, int]]:
    """Searches that find something where this one does not: without each filter, and each word alone."""
    asking = asking.of(results.mended or results.asked.text)
    filters = filters_in(asking)
    tried = [(f"Without {one.text}", one.rest.query) for one in filters]
    if len(filters) > 1:
        tried.append(("Without these limits", without_filters(asking.query)))
    words = words_of(results.asked)
    if len(words) > 1 or asking.query.lower() not in words:
        tried += [(f"Only “{word}”", word) for word in words]
    totals = [
        (label, asking.of(query).address, ask(engines, query, limit=1, mends=False, counts=True).total)
        for label, query in tried[:MOST_SUGGESTED]
        if query
    ]
    return [one for one in totals if one[2]]


def _to_paper(request: HttpRequest, asking: Asking, key: PaperKey) -> HttpResponse:
    """Straight to the paper. One who is still typing is shown it instead: the next sign may change it."""
    target = paper_path(key)
    if not _wants_part(request):
        return redirect(target)
    if not _is_typed(request):
        return HttpResponse(headers={"HX-Redirect": target})
    named = [Found(answer.paper_id, 0.0, By.NAME) for answer in answers([], key)]
    context = {"ref": paper_ref(key), "target": target, "found": results_of(named, NONE, first=1)}
    return _page(request, "named", asking, {**context, "words": NONE, "told": "The name of a paper"})


def _page(
    request: HttpRequest, part: str, asking: Asking, more: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The whole page, or for one who types only the part of it that changes."""
    template = "web/search_part.html" if _wants_part(request) else "web/search.html"
    shown = asking.of(asking.query[:LONGEST_SHOWN])
    context = {"section": "search", "part": part, "template": f"web/search_{part}.html", "asking": shown}
    reply = render(request, template, {**context, **more}, status=status)
    patch_vary_headers(reply, ["HX-Request", "HX-Trigger"])
    if _wants_part(request):  # typing changes the address that stands there; submitting adds a step
        reply.headers["Cache-Control"] = "no-store"  # a kept part would bring its own of the two again
        reply.headers["HX-Replace-Url" if _is_typed(request) else "HX-Push-Url"] = _address(shown, more)
    return reply


def _address(asking: Asking, more: Mapping[str, Any]) -> str:
    page = f"&page={more['page']}" if more.get("page", 1) > 1 else ""
    return reverse("search") + (f"{asking.address}{page}" if asking.query else "")


def _is_typed(request: HttpRequest) -> bool:
    return request.headers.get("HX-Trigger") == TYPED_INTO


def _wants_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers
