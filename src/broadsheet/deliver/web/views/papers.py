"""The page of one paper, under any of its names."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.cite.bibtex import bibtex
from broadsheet.deliver.cite.reference import reference
from broadsheet.deliver.kept import COOKIE, kept_in
from broadsheet.deliver.likeness import Neighbour, briefly_similar, similar_to
from broadsheet.deliver.web import charts
from broadsheet.deliver.web.asking import make_own, not_found, reader_page
from broadsheet.deliver.web.claim_rows import linked_names
from broadsheet.deliver.web.claim_rows import rows_of as rows_of_claims
from broadsheet.deliver.web.counting import counts_opens
from broadsheet.deliver.web.metadata import metadata_of
from broadsheet.deliver.web.proofs import proven
from broadsheet.deliver.web.terms import rows_of
from broadsheet.domain.addresses import arxiv_url, doi_url
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.ids import PaperKey, paper_ref
from broadsheet.index.base import IndexDamaged
from broadsheet.store.page_values import Facts, PaperPage
from broadsheet.store.paper_page import other_name, read_paper
from broadsheet.store.works import work_of

AUTHORS_SHOWN = 40
SIMILAR_SHOWN = 5
MOST_SIMILAR = 30


@counts_opens
@reader_page
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    found = _read(request, ref, "paper")
    if isinstance(found, HttpResponse):
        return found
    response = render(request, "web/paper.html", _context(found) | _choices(request, found))
    if COOKIE in request.COOKIES:
        make_own(response)
    return response


@reader_page
def similar(request: HttpRequest, ref: str) -> HttpResponse:
    found = _read(request, ref, "similar")
    if isinstance(found, HttpResponse):
        return found
    engines = wiring.engines()
    near = similar_to(engines, found.paper, limit=MOST_SIMILAR)
    context = {"paper": found.paper, "similar": near, "has_vectors": engines.has_meaning}
    return render(request, "web/similar.html", context)


def _read(request: HttpRequest, ref: str, view: str) -> PaperPage | HttpResponse:
    """The paper of that name; or the way to it under its best name, or what is known of it instead."""
    key = named.find(ref)
    if key is None:
        words = "Expected an arXiv number such as 2401.01234, a DOI, or the address of a paper."
        return not_found(request, "That is not the name of a paper", words, query=ref[:200])
    page = read_paper(key)
    if page is None:
        return _elsewhere(request, key, view)
    if ref != paper_ref(key):
        return redirect(view, ref=paper_ref(key), permanent=True)
    return page


def _elsewhere(request: HttpRequest, key: PaperKey, view: str) -> HttpResponse:
    name = other_name(key)
    if name is not None:
        return redirect(view, ref=paper_ref(name), permanent=True)
    words = "No source that is read here has told of it."
    return not_found(request, f"We do not hold {paper_ref(key)}", words, upstream=upstream_of(key))


def upstream_of(key: str) -> str:
    """Where the paper itself is: its page at arXiv or its publisher's; "" when nobody told."""
    kind, _, name = key.partition(":")
    if kind == "arxiv":
        return arxiv_url(name)
    return doi_url(name) if kind == "doi" else ""


def _context(page: PaperPage) -> dict[str, object]:
    kinds = list(WindowKind)  # a day says most, then a week, a month, what trended
    best = min(page.stood, key=lambda stood: (kinds.index(stood.window.kind), stood.rank), default=None)
    sentences = proven(page.paper.text, page.paper.claims)
    number = page.paper.key.removeprefix("arxiv:") if page.paper.key.startswith("arxiv:") else ""
    return {
        "page": page,
        "paper": page.paper,
        "shown": page.paper.authors[:AUTHORS_SHOWN],
        "hidden": page.paper.authors[AUTHORS_SHOWN:],
        "arxiv": number,
        "upstream": upstream_of(page.paper.key),
        "panels": charts.panels(page.paper),
        "kinds": [charts.NAMES[kind] for kind in charts.NAMES if page.paper.series.get(kind)],
        "table": charts.table(page.paper),
        "best": best,
        "terms": rows_of(best) if best else [],
        "bibtex": bibtex(reference(work_of(page)), has_abstract=False),
        "meta": metadata_of(page, wiring.site_url()),
        "similar": _similar(page.paper),
        "sentences": sentences,
        "claims": rows_of_claims(page.paper.claims, sentences),
        "names": linked_names(page.names, page.paper.claims),
    }


def _choices(request: HttpRequest, page: PaperPage) -> dict[str, object]:
    """Whether this browser has saved it and voted for it."""
    kept = kept_in(request)
    return {"is_saved": page.paper.key in kept.saved, "is_voted": page.paper.key in kept.voted}


def _similar(paper: Facts) -> list[Neighbour]:
    """A damaged index takes away what is similar, never the page; health and doctor tell of it."""
    try:
        return briefly_similar(wiring.engines(), paper, limit=SIMILAR_SHOWN)
    except IndexDamaged:
        return []
