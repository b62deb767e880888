"""Reads what a reader's address asks for; what makes no sense is refused with a page that says so."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

MOST_PAGES = 50
_CATEGORY = re.compile(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")

View = Callable[..., HttpResponse]


def reader_page(view: View) -> View:
    """A page without cookies: a browser may keep it, and asks each time whether it has changed."""
    return conditional_page(cache_control(no_cache=True)(require_safe(view)))


def page_number(request: HttpRequest) -> int | None:
    """The page asked for, counted from 1; None when that is no page."""
    text = request.GET.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        return None
    return int(text) if int(text) <= MOST_PAGES else None


def category(request: HttpRequest) -> str | None:
    """The category asked for, "" for all; None when that is no category."""
    text = request.GET.get("cat", "")
    return text if not text or _CATEGORY.fullmatch(text) else None


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
