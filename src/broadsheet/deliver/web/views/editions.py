"""The front page, and the editions of days, weeks and months."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from broadsheet.deliver.web import emptiness
from broadsheet.deliver.web.asking import category, not_found, page_number, reader_page
from broadsheet.deliver.web.shelf import Shelf
from broadsheet.domain.edition import (
    BadWindow,
    Window,
    WindowKind,
    next_announcement,
    parse_window,
    window_of,
)
from broadsheet.store import pages
from broadsheet.store.page_values import EditionHead, SourceLine

STILL_TRENDING = 5
ONE_DAY = timedelta(days=1)
_bodies = Shelf(most=600)  # some 20 KB each


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see of an edition."""

    page: int
    category: str
    is_front: bool


@reader_page
def front(request: HttpRequest) -> HttpResponse:
    today = timezone.now().date()
    newest = pages.newest_window(WindowKind.DAY, up_to=today + ONE_DAY)
    return _show(request, newest or window_of(WindowKind.DAY, today), is_front=True)


@reader_page
def edition(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    try:
        window = parse_window(WindowKind(kind), slug)
    except BadWindow as error:
        return not_found(request, "There is no such edition", f"{error}.")
    return _show(request, window, is_front=False)


@reader_page
def newest(request: HttpRequest, kind: str) -> HttpResponse:
    today = timezone.now().date()
    found = pages.newest_window(WindowKind(kind), up_to=today + ONE_DAY)
    return redirect(kind, slug=(found or window_of(WindowKind(kind), today)).slug)


def _show(request: HttpRequest, window: Window, *, is_front: bool) -> HttpResponse:
    page, asked_category = page_number(request), category(request)
    if page is None or asked_category is None:
        return not_found(
            request, "There is no such page", "A page is a number, a category a name like cs.LG."
        )
    asked = Asked(page, asked_category, is_front)
    head, sources, now = pages.edition_head(window), pages.source_lines(), timezone.now()
    body = _body(head, asked) if head.edition_id else ""
    if head.edition_id and not body and asked.page > 1:
        return not_found(request, "This edition has no such page", f"{window.title} is shorter than that.")
    context = _context(head, sources, asked, now)
    if body:
        return render(request, "web/edition.html", context | {"body": body})
    return render(request, "web/empty.html", context | _instead(head, sources, asked, now))


def _body(head: EditionHead, asked: Asked) -> str:
    """The ranked papers of an edition as HTML; "" when nothing is on that page of that category."""
    key = (head.edition_id, head.made_at, head.week_made_at, asked.page, asked.category)
    return _bodies.get(key, lambda: _render_body(head, asked))


def _render_body(head: EditionHead, asked: Asked) -> str:
    body = pages.edition_body(head, page=asked.page, category=asked.category)
    if not body.places:
        return ""
    has_lead = asked.page == 1
    first = (asked.page - 1) * pages.PAGE_SIZE
    last = first + len(body.places)
    what = "Papers" if asked.category else "Ranks"
    context = {
        "head": head,
        "body": body,
        "asked": asked,
        "lead": body.places[0] if has_lead else None,
        "rest": body.places[1:] if has_lead else body.places,
        "first": first + 1,
        "last": last,
        "before": f"{what} {first - pages.PAGE_SIZE + 1} to {first}",
        "after": f"{what} {last + 1} to {min(last + pages.PAGE_SIZE, body.matching)}",
        "has_more": last < body.matching,
    }
    return render_to_string("web/edition_body.html", context)


def _context(head: EditionHead, sources: list[SourceLine], asked: Asked, now: datetime) -> dict[str, object]:
    is_day = head.window.kind is WindowKind.DAY
    newest_start = head.newest.start if head.newest else None
    return {
        "head": head,
        "asked": asked,
        "is_newest": head.window == head.newest,
        "next_at": next_announcement(now),
        "sources": [line for line in sources if line.answered_at and not line.failing_since],
        "failing": [emptiness.failing_words(line, now) for line in sources if line.failing_since],
        "is_behind": asked.is_front and is_day and newest_start and emptiness.is_behind(newest_start, now),
        "section": head.window.kind,
    }


def _instead(head: EditionHead, sources: list[SourceLine], asked: Asked, now: datetime) -> dict[str, object]:
    """Why there are no papers, and the first places of the last edition that has some."""
    if head.edition_id:
        return {"why": emptiness.nothing_in(asked.category, head)} | _last(head)
    before = pages.newest_window(head.window.kind, up_to=head.window.start - ONE_DAY) or head.newest
    last = _last(pages.edition_head(before)) if before else {}
    return {"why": emptiness.why_empty(head, sources, now)} | last


def _last(head: EditionHead) -> dict[str, object]:
    body = pages.edition_body(head)
    return {"last": head, "body": body, "top": body.places[:STILL_TRENDING]}
