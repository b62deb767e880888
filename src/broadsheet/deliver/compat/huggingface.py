"""Hugging Face's paper endpoints: what `HfApi(endpoint=…)` and `hf papers` ask for."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.compat import hf_shapes
from broadsheet.deliver.compat.programs import given, marked, open_to_programs
from broadsheet.deliver.named import BadArgument, NotHeld, Refused
from broadsheet.domain.addresses import paper_path
from broadsheet.domain.edition import ONE_DAY, BadWindow, WindowKind, parse_window
from broadsheet.index.base import IndexDamaged
from broadsheet.rank.search import search as ask
from broadsheet.store import daily, pages
from broadsheet.store.answers import upvotes
from broadsheet.store.page_values import PaperPage

MOST, USUALLY = 100, 50
MOST_FOUND, USUALLY_FOUND = 120, 20
LONGEST_QUERY = 250
MOST_PAGES = 100
RETRY_S = 60
_KINDS = {"date": WindowKind.DAY, "week": WindowKind.WEEK, "month": WindowKind.MONTH}
_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)


def _json(told: object, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(told), status=status, content_type="application/json; charset=utf-8")


def _error(words: str, status: int) -> HttpResponse:
    reply = _json({"error": words}, status)
    reply.headers["X-Error-Message"] = words.encode("ascii", "replace").decode()
    return reply


def _answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """JSON that any page may read, errors too, and 304 to those who have it already."""

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            return marked(view)(request, **named)
        except Refused as error:
            return _error(str(error), error.status)
        except IndexDamaged:
            reply = _error("The index is being built anew. Please ask again in a minute.", 503)
            reply.headers["Retry-After"] = str(RETRY_S)
            return reply

    return open_to_programs(_error)(require_safe(answer))


@_answers
def daily_papers(request: HttpRequest) -> HttpResponse:
    asked = given(request)
    limit = named.whole_number(asked, "limit", USUALLY, most=MOST)
    page = named.whole_number(asked, "p", 0, least=0, most=MOST_PAGES)
    sort = asked.get("sort") or "publishedAt"
    if sort not in ("publishedAt", "trending"):
        raise BadArgument("sort", sort, "publishedAt or trending")
    kind, start = _window(asked)
    if asked.get("submitter"):  # nobody submits here
        return _json([])
    if sort == "trending" and start is None:
        newest = pages.newest_window(WindowKind.TRENDING, up_to=timezone.now().date() + ONE_DAY)
        kind, start = WindowKind.TRENDING, newest.start if newest else None
    ids = daily.placed_ids(
        kind,
        start,
        up_to=timezone.now().date() + ONE_DAY,
        by_date=sort == "publishedAt",
        within=slice(page * limit, (page + 1) * limit),
    )
    return _rows(ids)


def _window(asked: QueryDict) -> tuple[WindowKind, date | None]:
    told = {field: text for field in _KINDS if (text := asked.get(field, ""))}
    if len(told) > 1:
        raise BadArgument(" and ".join(told), " and ".join(told.values()), "only one of date, week and month")
    for field, text in told.items():
        try:
            window = parse_window(_KINDS[field], text)
        except BadWindow as error:
            raise BadArgument(field, text, _EXAMPLES[field]) from error
        if window.start > timezone.now().date():
            raise BadArgument(field, text, f"a {field} that has begun")
        return window.kind, window.start
    return WindowKind.DAY, None


_EXAMPLES = {
    "date": "a day like 2026-05-22",
    "week": "an ISO week like 2026-W21",
    "month": "a month like 2026-05",
}


@_answers
def search(request: HttpRequest) -> HttpResponse:
    asked = given(request)
    query = named.query(asked.get("q", ""), longest=LONGEST_QUERY)
    limit = named.whole_number(asked, "limit", USUALLY_FOUND, most=MOST_FOUND)
    results = ask(wiring.engines(), query, limit=limit, votes=upvotes)
    meant = named.page_of(results.key) if results.key else None
    ids = [meant.paper.paper_id] if meant else []
    return _rows(list(dict.fromkeys([*ids, *(one.paper_id for one in results.found)]))[:limit])


@_answers
def papers(request: HttpRequest) -> HttpResponse:
    """All papers with a day, the newest first; the next page is named as GitHub names it."""
    asked = given(request)
    limit = named.whole_number(asked, "limit", USUALLY, most=MOST)
    found = daily.newest_ids(_cursor(asked.get("cursor", "")), limit)
    reply = _rows([paper_id for paper_id, _ in found])
    if len(found) == limit:
        paper_id, day = found[-1]
        more = urlencode({"limit": limit, "cursor": f"{day}.{paper_id}"})
        reply.headers["Link"] = f'<{wiring.site_url()}{request.path}?{more}>; rel="next"'
    return reply


def _cursor(text: str) -> tuple[date, int] | None:
    if not text:
        return None
    found = _CURSOR.fullmatch(text)
    try:
        if found:
            return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        pass
    raise BadArgument("cursor", text, "the cursor of a Link header of this list")


@_answers
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    found = _found(ref).paper
    return _json(hf_shapes.alone(found, daily.dated([found.paper_id])[found.paper_id]))


@_answers
def paper_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Where its web page stands there, it leads to ours."""
    return HttpResponsePermanentRedirect(paper_path(_found(ref).paper.key))


def _found(ref: str) -> PaperPage:
    key = named.find(ref)
    page = named.page_of(key) if key else None
    if page is None:
        raise NotHeld("Paper not found: expected the arXiv number, like 2401.01234, of a paper held here")
    return page


def _rows(ids: Sequence[int]) -> HttpResponse:
    site_url, told = wiring.site_url(), daily.dated(ids)
    found = pages.papers_by_ids(ids)
    return _json([hf_shapes.row(one, told[one.paper_id], site_url) for one in found if one.paper_id in told])
