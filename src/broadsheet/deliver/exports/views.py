"""Every list and every paper as a file, by the ending of its address: /day/2026-05-22.bib."""

import re
from collections.abc import Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from broadsheet import wiring
from broadsheet.deliver import asked, named
from broadsheet.deliver.asked import answers, found_answers, own_answers, refusing, unless_known
from broadsheet.deliver.cite.reference import references
from broadsheet.deliver.exports.formats import FORMS
from broadsheet.deliver.exports.plain import Told
from broadsheet.deliver.lists import VERSION, Item, PaperList
from broadsheet.domain.ids import PaperKey, paper_ref
from broadsheet.index.base import Sort
from broadsheet.store.works import mark_of, work_of, works_by_ids

MOST = 1_000  # papers of an edition, which keeps fewer places
MOST_FOUND = 500  # by a search
MOST_SIMILAR = 100
LONGEST_FILE_NAME = 80


def written(_: HttpRequest, told: PaperList, form: str) -> HttpResponse:
    return _file(form, _told(told.read()), told.path)


def _told(items: Sequence[Item]) -> list[Told]:
    by_id = {item.paper.paper_id: item for item in items}
    found = references(works_by_ids(list(by_id)))
    listed = ((by_id[one.work.paper_id], one) for one in found)
    return [Told(one, item.rank, item.reason) for item, one in listed]


def _file(form: str, told: Sequence[Told], path: str) -> HttpResponse:
    of = FORMS[form]
    type_ = of.types[0] if form == "csl.json" else f"{of.types[0]}; charset=utf-8"
    reply = HttpResponse(of.write(told, wiring.site_url()), content_type=type_)
    name = f"broadsheet-{_file_name(path)}.{form}"
    reply.headers["Content-Disposition"] = str(content_disposition_header(True, name))
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
search = found_answers(partial(asked.search, usual=Sort.RELEVANCE, most=MOST_FOUND), written)
similar = found_answers(partial(asked.similar, most=MOST_SIMILAR), written)
author = found_answers(partial(asked.author, most=MOST_FOUND), written)
about = answers(partial(asked.about, most=MOST_FOUND), written)


chosen = found_answers(asked.chosen, written)
saved = own_answers(asked.saved, written)


@refusing
def paper(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """One paper, by any of its names. Two queries where it is known already."""
    key = named.held(ref, asked.FIELD)
    return unless_known(request, f"{VERSION}-{mark_of(key)}", form, None, lambda: _paper(key, form))


def _paper(key: PaperKey, form: str) -> HttpResponse:
    page = named.paper(paper_ref(key), asked.FIELD)
    return _file(form, [Told(found) for found in references([work_of(page)])], f"paper {key}")
