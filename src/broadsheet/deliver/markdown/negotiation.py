"""Answers whoever prefers Markdown to HTML with the document in place of the page; tells others where it is.

Browsers never name text/markdown; programs that read pages for a model do.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from broadsheet.deliver.markdown import views

TWINS: dict[str, Callable[..., HttpResponse]] = {
    "front": partial(views.newest, kind="day"),
    "newest-week": views.newest,
    "newest-month": views.newest,
    "newest-trending": partial(views.newest, kind="trending"),
    "all": partial(views.newest, kind="all"),
    "day": views.edition,
    "week": views.edition,
    "month": views.edition,
    "trending": views.edition,
    "paper": views.paper,
    "similar": views.similar,
    "search": views.search,
    "name": views.claimed,
    "benchmark": views.claimed,
    "about": views.about,
    "ranking": views.ranking,
}
_KINDS = ["text/html", views.MARKDOWN.partition(";")[0]]  # the first is what those get who take anything


class Negotiation:
    """Middleware: asked once it is known which page was meant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reply = self.get_response(request)
        if _twin(request):
            patch_vary_headers(reply, ["Accept"])
            reply.headers.setdefault("Link", f'<{_address(request)}>; rel="alternate"; type="{_KINDS[1]}"')
        return reply

    def process_view(
        self, request: HttpRequest, _: Any, args: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponse | None:
        twin = _twin(request)
        return twin(request, *args, **named) if twin and _prefers_markdown(request) else None


def _twin(request: HttpRequest) -> Callable[..., HttpResponse] | None:
    found = request.resolver_match
    return TWINS.get(found.view_name) if found and request.method in ("GET", "HEAD") else None


def _prefers_markdown(request: HttpRequest) -> bool:
    is_named = _KINDS[1] in request.headers.get("Accept", "")
    return is_named and request.get_preferred_type(_KINDS) == _KINDS[1]


def _address(request: HttpRequest) -> str:
    path, mark, query = request.get_full_path().partition("?")
    return f"{'/index' if path == '/' else path}.md{mark}{query.replace('>', '%3E').replace('<', '%3C')}"
