"""The documents over HTTP: each reads what its page reads, and answers 304 to who has it already."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet import wiring
from broadsheet.deliver import asked, lists, named
from broadsheet.deliver.asked import answers, found_answers, own_answers
from broadsheet.deliver.emptiness import nothing_in, why_empty
from broadsheet.deliver.likeness import Neighbour, briefly_similar
from broadsheet.deliver.lists import PaperList, mark_of, shown_at
from broadsheet.deliver.markdown import documents, site
from broadsheet.deliver.named import NEWEST, NotHeld
from broadsheet.domain.ids import PaperKey, paper_ref
from broadsheet.index.base import IndexDamaged, Sort
from broadsheet.rank.search import search as ask
from broadsheet.store import claims, pages
from broadsheet.store.answers import upvotes
from broadsheet.store.marks import store_mark
from broadsheet.store.page_values import EditionHead, Facts

MARKDOWN = "text/markdown; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
MOST_PAGES = 50
PAPERS_SHOWN, MOST_SHOWN = 20, 500
SIMILAR_SHOWN, MOST_SIMILAR = 30, 100
SIMILAR_BESIDE = 5


@dataclass(frozen=True, slots=True)
class Document:
    write: Callable[[], str]
    mark: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Which of a list's papers are asked for."""

    page: int
    limit: int

    @property
    def skip(self) -> int:
        return (self.page - 1) * self.limit


def _markdown(_: HttpRequest, found: Document, __: str) -> HttpResponse:
    return HttpResponse(found.write(), content_type=MARKDOWN)


def _plain(_: HttpRequest, found: Document, __: str) -> HttpResponse:
    return HttpResponse(found.write(), content_type=PLAIN)


def _listed(_: HttpRequest, told: PaperList, __: str) -> HttpResponse:
    return HttpResponse(documents.papers(told, told.read()), content_type=MARKDOWN)


def _edition(request: HttpRequest, kind: str, slug: str = NEWEST) -> Document:
    window, category = asked.window_of(kind, slug), asked.category(request)
    part, head = _slice(request), pages.edition_head(window, asked.view(request))
    if head.edition_id is None:
        return Document(lambda: documents.empty(head, why_empty(head, pages.source_lines(), timezone.now())))
    return Document(lambda: _written(head, category, part), mark_of(head), shown_at(head))


def _written(head: EditionHead, category: str, part: Slice) -> str:
    places = pages.first_places(head, part.limit, category, behind=part.skip)
    if not places and part.page > 1:
        raise NotHeld(f"page: {head.window.title} is shorter than that")
    if not places:
        return documents.empty(head, nothing_in(category, head))
    return documents.edition(head, places, category=category, page=part.page)


def _paper(request: HttpRequest, ref: str) -> Document:
    key = named.held(ref, asked.FIELD)
    return Document(lambda: _whole(key), lists.found_mark(wiring.engines()))


def _whole(key: PaperKey) -> str:
    page = named.paper(paper_ref(key), asked.FIELD)
    return documents.paper(page, _near(page.paper))


def _near(one: Facts) -> list[Neighbour]:
    """A damaged index takes away what is similar, never the paper."""
    try:
        return briefly_similar(wiring.engines(), one, limit=SIMILAR_BESIDE)
    except IndexDamaged:
        return []


def _similar(request: HttpRequest, ref: str) -> PaperList:
    return asked.similar(request, ref, most=_limit(request, SIMILAR_SHOWN, MOST_SIMILAR))


def _author(request: HttpRequest, name: str) -> PaperList:
    return asked.author(request, name, most=_limit(request, PAPERS_SHOWN, MOST_SHOWN))


def _search(request: HttpRequest) -> Document:
    query, part = asked.query(request), _slice(request)
    sort = asked.sort(request, Sort, Sort.RELEVANCE)
    path = f"/search?{request.META.get('QUERY_STRING', '')}"
    return Document(lambda: _found(query, part, sort, path), lists.found_mark(wiring.engines()))


def _found(query: str, part: Slice, sort: Sort, path: str) -> str:
    how: Any = {"sort": sort, "votes": upvotes, "counts": True}
    results = ask(wiring.engines(), query, limit=part.limit, offset=part.skip, **how)
    if results.key is not None:
        return _whole(named.held(query, "q"))
    found = pages.papers_by_ids([one.paper_id for one in results.found])
    return documents.search(results, found, first=part.skip + 1, path=path)


def _claimed(request: HttpRequest, about: str, name: str) -> Document:
    what, page = claims.About(about), _page(request, MOST_PAGES)
    sort = asked.sort(request, claims.Sort, claims.Sort.DATE)
    of = named.name(name, asked.FIELD)
    if not claims.names(what, of):
        raise NotHeld("address: no paper here claims a figure that names it")
    return Document(lambda: _figures(what, of, sort, page), lists.short(store_mark()))


def _figures(what: claims.About, of: str, sort: claims.Sort, page: int) -> str:
    found = claims.claims_about(what, of, sort=sort, page=page)
    if not found.rows:
        raise NotHeld("page: this one lies behind the last")
    return documents.claims(what, found, page=page)


def _about(_: HttpRequest) -> Document:
    count, sources = pages.paper_count(), pages.source_lines()
    return Document(lambda: site.about(count, wiring.option("CATEGORIES"), sources))


def _ranking(_: HttpRequest) -> Document:
    usual = wiring.ranking_basis().usual
    return Document(lambda: site.ranking(usual))


def _llms(_: HttpRequest) -> Document:
    return Document(lambda: site.llms(wiring.option("CATEGORIES")))


def _slice(request: HttpRequest) -> Slice:
    limit = _limit(request, PAPERS_SHOWN, MOST_SHOWN)
    return Slice(_page(request, MOST_PAGES * PAPERS_SHOWN // limit), limit)


def _limit(request: HttpRequest, usual: int, most: int) -> int:
    return named.whole_number(request.GET, "limit", usual, most=most)


def _page(request: HttpRequest, most: int) -> int:
    return named.whole_number(request.GET, "page", 1, most=most)


edition = answers(_edition, _markdown)
paper = answers(_paper, _markdown)
similar = found_answers(_similar, _listed)
author = found_answers(_author, _listed)
chosen = found_answers(asked.chosen, _listed)
saved = own_answers(asked.saved, _listed)
search = found_answers(_search, _markdown)
claimed = answers(_claimed, _markdown)
about = answers(_about, _markdown)
ranking = answers(_ranking, _markdown)
llms = answers(_llms, _plain)  # browsers show it; Markdown they would save
