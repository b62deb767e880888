"""A page's own address answers in another form when that is asked for by Accept, and else as HTML.

Whoever takes HTML as gladly, as every browser does, gets HTML. RFC 9110, section 12.
"""

from collections.abc import Callable
from urllib.parse import quote

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from broadsheet.deliver.exports.formats import BY_TYPE

HTML = ("text/html", "application/xhtml+xml")
LONGEST = 500  # characters of Accept that are read
_PAGES = {
    *("front", "day", "week", "month", "trending", "newest-week", "newest-month", "newest-trending", "all"),
    *("paper", "similar", "search", "saved", "author", "name", "benchmark"),
}

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def negotiate(get_response: GetResponse) -> GetResponse:
    def answer(request: HttpRequest) -> HttpResponseBase:
        page = request.path_info
        ending = _ending(request) if request.method in ("GET", "HEAD") else ""
        path = f"{'/day' if page == '/' else page}.{ending}"
        is_export = bool(ending) and _named(page) in _PAGES and _named(path).startswith("export-")
        if is_export:
            request.path_info = path
        reply = get_response(request)
        if is_export or _is_page(request):
            patch_vary_headers(reply, ["Accept"])
        if is_export:
            reply.headers["Content-Location"] = quote(path) + _query(request)
        return reply

    return answer


def _ending(request: HttpRequest) -> str:
    """Of the form that is preferred to HTML; "" for HTML."""
    accept = request.headers.get("Accept", "")
    if not any(type_ in accept for type_ in BY_TYPE) or len(accept) > LONGEST:
        return ""
    return BY_TYPE.get(request.get_preferred_type([*HTML, *BY_TYPE]) or "", "")


def _named(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def _is_page(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in _PAGES


def _query(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"?{query}" if query else ""
