"""Reads what a reader's address asks for; what makes no sense is refused with a page that says so."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_cookie

from broadsheet.deliver.named import is_category
from broadsheet.domain import edition

MOST_PAGES = 50

View = Callable[..., HttpResponse]


def own_page(view: View) -> View:
    """A page that shows what this browser keeps: no cache may show it to another."""
    private = cache_control(no_cache=True, private=True)(vary_on_cookie(require_safe(view)))
    return conditional_page(private)


def make_own(response: HttpResponse) -> None:
    """For a reader page that shows something kept in this browser, and is the same for all without it."""
    patch_cache_control(response, private=True)
    patch_vary_headers(response, ["Cookie"])


def reader_page(view: View) -> View:
    """A page without cookies: a browser may keep it, and asks each time whether it has changed."""
    return conditional_page(cache_control(no_cache=True)(require_safe(view)))


def is_from_here(request: HttpRequest) -> bool:
    """Whether a form that was sent stood on a page of ours; also True when the browser does not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def local_address(address: str) -> str:
    """Only a path of ours: "//elsewhere" and "/\\elsewhere" would leave the site."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_path and len(address) < 2_000 else "/"


def page_number(request: HttpRequest) -> int | None:
    """The page asked for, counted from 1; None when that is no page."""
    text = request.GET.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        return None
    return int(text) if int(text) <= MOST_PAGES else None


def view(request: HttpRequest) -> edition.View:
    """As it was printed, unless what is known now is asked for."""
    is_latest = request.GET.get("view") == edition.View.LATEST
    return edition.View.LATEST if is_latest else edition.View.PRINTED


def category(request: HttpRequest) -> str | None:
    """The category asked for, "" for all; None when that is no category."""
    text = request.GET.get("cat", "")
    return text if not text or is_category(text) else None


def not_found(request: HttpRequest, headline: str, words: str, **more: object) -> HttpResponse:
    context = {"headline": headline, "words": words, **more}
    return render(request, "web/not_found.html", context, status=404)


def pages_around(page: int, count: int) -> list[int | None]:
    """The page numbers that a pager shows; None stands for a gap.

    >>> pages_around(1, 8)
    [1, 2, 3, None, 8]
    """
    near = sorted({1, count, *range(max(1, page - 2), min(count, page + 2) + 1)})
    shown: list[int | None] = []
    for number in near:
        if shown and number - (shown[-1] or 0) > 1:
            shown.append(None)
        shown.append(number)
    return shown
