"""A page's own address answers in another form when Accept asks for that, and tells where its document is.

Whoever takes HTML as gladly, as every browser does, gets HTML. An ending beats Accept: it names one form.
RFC 9110, section 12.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from broadsheet.deliver.exports.formats import BY_TYPE

HTML = ("text/html", "application/xhtml+xml")
MARKDOWN = "text/markdown"
ENDINGS = BY_TYPE | {MARKDOWN: "md"}
LONGEST = 500  # characters of Accept that are read
PAGES = {
    *("front", "day", "week", "month", "trending", "newest-week", "newest-month", "newest-trending", "all"),
    *("paper", "similar", "search", "saved", "author", "name", "benchmark", "about", "ranking"),
}
TWINS = ("export-", "markdown-")  # how names of addresses with an ending begin


class Negotiation:
    """Middleware: asked once it is known which page was meant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reply = self.get_response(request)
        if _is_page(request):
            patch_vary_headers(reply, ["Accept"])
            link = f'<{_address(request, "md")}>; rel="alternate"; type="{MARKDOWN}"'
            reply.headers.setdefault("Link", link)
        return reply

    def process_view(
        self, request: HttpRequest, _: Any, args: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponse | None:
        ending = _ending(request) if _is_page(request) else ""
        if not ending:
            return None
        try:
            twin = resolve(f"{_path(request)}.{ending}")
        except Resolver404:
            return None
        if not str(twin.view_name).startswith(TWINS):
            return None
        reply: HttpResponse = twin.func(request, *twin.args, **twin.kwargs)
        reply.headers["Content-Location"] = _address(request, ending)
        return reply


def _is_page(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and found.view_name in PAGES and request.method in ("GET", "HEAD")


def _ending(request: HttpRequest) -> str:
    """Of the form that is preferred to HTML; "" for HTML."""
    accept = request.headers.get("Accept", "")
    if not any(type_ in accept for type_ in ENDINGS) or len(accept) > LONGEST:
        return ""
    return ENDINGS.get(request.get_preferred_type([*HTML, *ENDINGS]) or "", "")


def _path(request: HttpRequest) -> str:
    return "/day" if request.path_info == "/" else request.path_info


def _address(request: HttpRequest, ending: str) -> str:
    query = quote(request.META.get("QUERY_STRING", ""), safe="=&%+:,;/?@!$'()*~")
    return f"{quote(_path(request))}.{ending}" + (f"?{query}" if query else "")
