"""Every list and every paper as a file, by the ending of its address: /day/2026-05-22.bib."""

import re
from collections.abc import Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import asked, lists
from broadsheet.deliver.asked import Refused, answers, plain, unless_known
from broadsheet.deliver.cite.reference import references
from broadsheet.deliver.exports.formats import FORMS, Whole
from broadsheet.deliver.exports.plain import Told
from broadsheet.deliver.kept import kept_in
from broadsheet.deliver.lists import VERSION, Item, PaperList
from broadsheet.domain.addresses import paper_url
from broadsheet.domain.ids import PaperKey, paper_ref
from broadsheet.index.base import Sort
from broadsheet.lib.text import shortened
from broadsheet.store.held_papers import papers_by_keys
from broadsheet.store.paper_page import read_paper
from broadsheet.store.works import mark_of, work_of, works_by_ids

MOST = 1_000  # papers of an edition, which keeps fewer places
MOST_FOUND = 500  # by a search
MOST_SIMILAR = 100
MOST_CHOSEN = 500
LONGEST_FILE_NAME = 80


def written(request: HttpRequest, told: PaperList, form: str) -> HttpResponse:
    site_url = wiring.site_url()
    whole = Whole(told.title, site_url + told.path, _told(told.read()), site_url)
    return _file(form, whole, told.path)


def _told(items: Sequence[Item]) -> list[Told]:
    by_id = {item.paper.paper_id: item for item in items}
    found = references(works_by_ids(list(by_id)))
    listed = ((by_id[one.work.paper_id], one) for one in found)
    return [Told(one, item.rank, item.reason) for item, one in listed]


def _file(form: str, whole: Whole, named: str) -> HttpResponse:
    of = FORMS[form]
    type_ = of.types[0] if form == "csl.json" else f"{of.types[0]}; charset=utf-8"
    reply = HttpResponse(of.write(whole), content_type=type_)
    name = f"broadsheet-{_file_name(named)}.{form}"
    reply.headers["Content-Disposition"] = str(content_disposition_header(not of.is_shown, name))
    return reply


def _file_name(path: str) -> str:
    """Letters, digits and dashes, which every system takes.

    >>> _file_name("/day/2026-05-22?cat=cs.LG"), _file_name("/search?q=d%C3%A9j%C3%A0+vu&sort=new")
    ('day-2026-05-22-cs.LG', 'search-d-j-vu-new')
    """
    bare = re.sub(r"%[0-9A-Fa-f]{2}|[?&][a-z]+=", "-", path)
    words = re.sub(r"[^A-Za-z0-9.]+", "-", bare).strip("-.")
    return words[:LONGEST_FILE_NAME].rstrip("-.") or "day"


newest = answers(partial(asked.newest, most=MOST), written)
edition = answers(partial(asked.edition, most=MOST), written)
search = answers(partial(asked.search, usual=Sort.RELEVANCE, most=MOST_FOUND), written)
similar = answers(partial(asked.similar, most=MOST_SIMILAR), written)
author = answers(partial(asked.author, most=MOST_FOUND), written)
about = answers(partial(asked.about, most=MOST_FOUND), written)


def _chosen(request: HttpRequest) -> PaperList:
    refs = request.GET.getlist("ref")
    if not refs or len(refs) > MOST_CHOSEN:
        raise Refused(f"ref: expected 1 to {MOST_CHOSEN} papers, as in ?ref=2401.01234&ref=hep-th/9901001")
    keys = list(dict.fromkeys(map(asked.held_key, refs)))
    papers = papers_by_keys(keys)
    missing = [paper_ref(key) for key in keys if key not in papers]
    if missing:
        raise Refused(f"ref: {shortened(', '.join(missing), 200)} not held here", 404)
    return lists.chosen(list(papers.values()), "Chosen papers", "/papers")


chosen = answers(_chosen, written)


@require_safe
def saved(request: HttpRequest, form: str) -> HttpResponse:
    """What this browser keeps: for it alone, and in no cache."""
    if not wiring.option("READERS"):
        return plain("This site does not keep what readers choose.", 404)
    papers = papers_by_keys(list(kept_in(request).saved))
    told = lists.chosen(list(papers.values()), "What you saved", "/saved")
    reply = written(request, told, form)
    patch_cache_control(reply, private=True, no_store=True)
    patch_vary_headers(reply, ["Cookie"])
    return reply


@require_safe
def paper(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """One paper, by any of its names. Two queries where it is known already."""
    try:
        key = asked.held_key(ref)
        mark = mark_of(key)
        if mark is None:
            raise Refused(f"ref: {paper_ref(key)} is not held here")
        return unless_known(request, f"{VERSION}-{mark}", form, None, lambda: _paper(key, form))
    except Refused as error:
        return plain(str(error), 404)


def _paper(key: PaperKey, form: str) -> HttpResponse:
    page = read_paper(key)
    if page is None:
        raise Refused(f"ref: {paper_ref(key)} has gone just now")
    site_url = wiring.site_url()
    (found,) = references([work_of(page)])
    url = paper_url(site_url, key)
    return _file(form, Whole(page.paper.title, url, [Told(found)], site_url, is_paper=True), f"paper {key}")
