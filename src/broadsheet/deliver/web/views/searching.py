"""Search: words lead to pages of results, the name of a paper leads straight to it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from broadsheet import wiring
from broadsheet.deliver.web.asking import MOST_PAGES, not_found, page_number, pages_around, reader_page
from broadsheet.deliver.web.marks import Stems, snippet, stems_of
from broadsheet.domain.ids import find_key, paper_ref
from broadsheet.index.base import IndexDamaged, Sort
from broadsheet.index.query import telling
from broadsheet.lib.text import plain_line
from broadsheet.rank.search import Results, explain
from broadsheet.rank.search import search as search_words
from broadsheet.store import pages
from broadsheet.store.page_values import Facts

PAGE_SIZE = 20
LONGEST_QUERY = 500
MOST_SUGGESTED = 4


@dataclass(frozen=True, slots=True)
class Result:
    rank: int
    paper: Facts
    snippet: str
    why: str


@reader_page
def search(request: HttpRequest) -> HttpResponse:
    query = plain_line(request.GET.get("q", ""))[:LONGEST_QUERY]
    page = page_number(request)
    if page is None:
        return not_found(request, "There is no such page", f"Results are shown on pages 1 to {MOST_PAGES}.")
    key = find_key(query)
    if key is not None:
        return redirect("paper", ref=paper_ref(key))
    if not query:
        return render(
            request, "web/search.html", {"section": "search", "query": "", "count": pages.paper_count()}
        )
    return _answer(request, query, page)


def _answer(request: HttpRequest, query: str, page: int) -> HttpResponse:
    sort = Sort.NEWEST if request.GET.get("sort") == Sort.NEWEST else Sort.RELEVANCE
    try:
        results = search_words(
            wiring.words_index(), query, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE, sort=sort
        )
    except IndexDamaged:  # the worker builds it anew at its next round
        return render(request, "web/search_down.html", {"section": "search", "query": query}, status=503)
    stems = stems_of(results.words)
    found = _results(results, stems, first=(page - 1) * PAGE_SIZE + 1)
    context = {"section": "search", "query": query, "results": results, "sort": sort.value, "stems": stems}
    if not found:
        context |= {"suggested": _suggested(results) if page == 1 else [], "page": page}
        return render(request, "web/search_none.html", context)
    count = min(MOST_PAGES, -(-results.total // PAGE_SIZE))
    address = "?" + urlencode({"q": query, "sort": sort.value} if sort is Sort.NEWEST else {"q": query})
    numbers = pages_around(page, count) if count > 1 else []
    context |= {"found": found, "page": page, "count": count, "numbers": numbers, "address": address}
    return render(request, "web/search.html", context)


def _results(results: Results, stems: Stems, *, first: int) -> list[Result]:
    papers = pages.papers_by_ids([found.paper_id for found in results.found])
    return [_result(rank, paper, results.words, stems) for rank, paper in enumerate(papers, start=first)]


def _result(rank: int, paper: Facts, asked: tuple[str, ...], stems: Stems) -> Result:
    text = paper.summary or paper.abstract or paper.one_line
    why = explain(
        telling(asked),
        title=paper.title,
        text=" ".join((paper.summary, paper.abstract, paper.one_line)),
        authors=" ".join(paper.authors),
    )
    return Result(rank, paper, snippet(text, stems), why)


def _suggested(results: Results) -> list[tuple[str, int]]:
    """Each word alone, with how many papers it finds."""
    if len(results.words) < 2 and '"' not in results.query:
        return []
    counts = [
        (word, search_words(wiring.words_index(), word, limit=1).total)
        for word in results.words[:MOST_SUGGESTED]
    ]
    return [(word, count) for word, count in counts if count]
