"""arXiv's query API: https://info.arxiv.org/help/api/user-manual.html

What it refuses it refuses with status 400 and a feed of one entry that says why.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.compat.arxiv_feed import Head, error_feed, feed
from broadsheet.deliver.compat.arxiv_query import read_query
from broadsheet.deliver.compat.programs import given, marked, open_to_programs
from broadsheet.deliver.named import BadArgument
from broadsheet.domain.ids import PaperKey
from broadsheet.domain.moments import published_at, updated_at
from broadsheet.index.base import IndexDamaged
from broadsheet.index.grammar import Every, Ids, Node
from broadsheet.lib.text import shortened, without_controls
from broadsheet.store import provided
from broadsheet.store.provided import Row

SLICE = 2_000  # results of one answer
MOST_RESULTS = 30_000  # that may be asked for at once; the answer is a slice all the same
DEEPEST = 100_000  # results that one can page through
MOST_IDS = 2_000
RETRY_S = 60
_SORTS = {"relevance": "", "lastUpdatedDate": "updated", "submittedDate": "submitted"}
_ORDERS = ("ascending", "descending")
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class BadQuery(ValueError):
    """In arXiv's own words, as far as it has any."""


@dataclass(frozen=True, slots=True)
class _Asked:
    search_query: str
    id_list: str
    keys: Sequence[PaperKey]
    start: int
    count: int
    by: str  # "" for relevance, or a field of the index
    is_ascending: bool


def _refused(words: str, status: int, asked: QueryDict | None = None) -> HttpResponse:
    return _reply(error_feed(_head(asked or QueryDict(), 1, 0, 1), words), status)


@csrf_exempt  # nothing is changed by it, and long queries come by POST
@open_to_programs(_refused)
def query(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    told = given(request)
    try:
        return _answered(request, told=told)
    except (BadQuery, BadArgument) as error:
        return _refused(str(error), 400, told)
    except IndexDamaged:
        reply = _refused("the index is being built anew", 503, told)
        reply.headers["Retry-After"] = str(RETRY_S)
        return reply


@marked
def _answered(_: HttpRequest, *, told: QueryDict) -> HttpResponse:
    asked = _read(told)
    total, rows = _answer(asked)
    return _reply(feed(_head(told, total, asked.start, asked.count), rows, wiring.site_url()), 200)


def _reply(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/atom+xml; charset=utf-8")


def _head(asked: QueryDict, total: int, start: int, count: int) -> Head:
    told = {name: shortened(without_controls(asked.get(name, "")), 4_000) for name in _TOLD}
    told |= {name: told[name] or default for name, default in (("start", "0"), ("max_results", "10"))}
    readable = "&".join(f"{name}={value}" for name, value in told.items())
    url = f"{wiring.site_url()}/api/query?{urlencode(told)}"
    return Head(readable, url, provided.newest_time() or timezone.now(), total, start, count)


_TOLD = ("search_query", "id_list", "start", "max_results")


def _read(given: QueryDict) -> _Asked:
    start, count = _number(given, "start", 0), _number(given, "max_results", 10)
    if count > MOST_RESULTS:
        raise BadQuery(f"max_results must be at most {MOST_RESULTS}, not {count}")
    count = min(count, SLICE)
    if start + count > DEEPEST:
        expected = f"start must be at most {DEEPEST - SLICE}"
        raise BadQuery(f"{expected}, not {start}: narrow the query by submittedDate, or harvest /oai")
    sort, order = given.get("sortBy") or "relevance", given.get("sortOrder") or "descending"
    if sort not in _SORTS:
        raise BadQuery(f"sortBy must be in: {', '.join(_SORTS)}, not {shortened(sort, 40)!r}")
    if order not in _ORDERS:
        raise BadQuery(f"sortOrder must be in: {', '.join(_ORDERS)}, not {shortened(order, 40)!r}")
    search_query, id_list = given.get("search_query", "").strip(), given.get("id_list", "").strip()
    keys = [_key(name.strip()) for name in id_list.split(",") if name.strip()]
    if len(keys) > MOST_IDS:
        raise BadQuery(f"id_list must have at most {MOST_IDS} ids, not {len(keys)}")
    by, is_ascending = _SORTS[sort], order == "ascending"
    return _Asked(search_query, id_list, list(dict.fromkeys(keys)), start, count, by, is_ascending)


def _number(given: QueryDict, name: str, default: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not _WHOLE.fullmatch(text):
        raise BadQuery(f"{name} must be an integer, not {shortened(text, 40)!r}")
    if int(text) < 0:
        raise BadQuery(f"{name} must be non-negative, not {int(text)}")
    return int(text)


def _key(name: str) -> PaperKey:
    key = named.find(name)
    if key is None:
        raise BadQuery(f"incorrect id format for {shortened(name, 60)}")
    return key


def _answer(asked: _Asked) -> tuple[int, list[Row]]:
    ids = provided.ids_of(asked.keys) if asked.keys else []
    if asked.search_query:
        return _found(asked, ids)
    rows = provided.by_ids(ids)
    if asked.by:
        date_of = updated_at if asked.by == "updated" else published_at
        rows.sort(key=date_of, reverse=not asked.is_ascending)
    return len(rows), rows[asked.start : asked.start + asked.count]


def _found(asked: _Asked, ids: Sequence[int]) -> tuple[int, list[Row]]:
    node = read_query(asked.search_query, _paper_id)
    if node is None or (asked.keys and not ids):
        return 0, []
    wanted: Node = Every((Ids(tuple(ids)), node)) if asked.keys else node
    hits = wiring.words_index().exactly(
        wanted, limit=max(1, asked.count), offset=asked.start, by=asked.by, is_ascending=asked.is_ascending
    )
    if hits.is_loose:  # what was found is not what was asked for
        raise BadQuery("search_query: its phrases are of words too common; add rarer words to them, or less")
    found = [hit.paper_id for hit in hits.hits[: asked.count]]
    return hits.total, provided.by_ids(found)


def _paper_id(key: str) -> int | None:
    return next(iter(provided.ids_of([PaperKey(key)])), None)
