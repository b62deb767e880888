"""The front page, and the editions of days, weeks and months."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from broadsheet.deliver import emptiness
from broadsheet.deliver.lists import page_path
from broadsheet.deliver.web import charts
from broadsheet.deliver.web.asking import category, not_found, page_number, reader_page, view
from broadsheet.deliver.web.shelf import Shelf
from broadsheet.domain.edition import (
    CALENDAR,
    BadWindow,
    View,
    Window,
    WindowKind,
    next_announcement,
    parse_window,
    window_of,
)
from broadsheet.domain.signal import SignalKind
from broadsheet.store import pages
from broadsheet.store.page_values import EditionHead, SourceLine

STILL_TRENDING = 5
_FOLLOWED = {WindowKind.DAY: "/day", WindowKind.TRENDING: "/trending"}
ONE_DAY = timedelta(days=1)
_bodies = Shelf(most=600)  # some 20 KB each


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see of an edition."""

    page: int
    category: str
    is_front: bool
    view: View

    @property
    def more(self) -> str:
        """What the addresses of its other pages have in common."""
        asked = {"cat": self.category, "view": self.view if self.view is View.LATEST else ""}
        return "".join(f"&{name}={quote(value)}" for name, value in asked.items() if value)


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


@reader_page
def trending(request: HttpRequest) -> HttpResponse:
    """What gains most just now, whatever its date; `?window=` leads to the newest edition of that kind."""
    kind = request.GET.get("window", "")
    if kind in ("week", "month"):
        return redirect(f"newest-{kind}")
    if kind in ("day", "all"):
        return redirect("front" if kind == "day" else "all")
    if kind:
        return not_found(request, "There is no such window", "Expected day, week, month or all.")
    today = timezone.now().date()
    newest = pages.newest_window(WindowKind.TRENDING, up_to=today + ONE_DAY)
    return _show(request, newest or window_of(WindowKind.TRENDING, today), is_front=False)


@reader_page
def all_time(request: HttpRequest) -> HttpResponse:
    return _show(request, window_of(WindowKind.ALL, timezone.now().date()), is_front=False)


def _show(request: HttpRequest, window: Window, *, is_front: bool) -> HttpResponse:
    page, asked_category = page_number(request), category(request)
    if page is None or asked_category is None:
        return not_found(
            request, "There is no such page", "A page is a number, a category a name like cs.LG."
        )
    asked = Asked(page, asked_category, is_front, view(request))
    head, sources, now = pages.edition_head(window, asked.view), pages.source_lines(), timezone.now()
    body = _body(head, asked) if head.edition_id else ""
    if head.edition_id and not body and asked.page > 1:
        return not_found(request, "This edition has no such page", f"{window.title} is shorter than that.")
    context = _context(head, sources, asked, now)
    if body:
        return render(request, "web/edition.html", context | {"body": body})
    return render(request, "web/empty.html", context | _instead(head, sources, asked, now))


def _body(head: EditionHead, asked: Asked) -> str:
    """The ranked papers of an edition as HTML; "" when nothing is on that page of that category."""
    made = (head.edition_id, head.made_at, head.readings_no, head.week_made_at)
    key = (*made, asked.page, asked.category, asked.view)
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
        "export_more": asked.more.replace("&", "?", 1),
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
        "failing": emptiness.failing_words(sources, now),
        "is_behind": asked.is_front and is_day and newest_start and emptiness.is_behind(newest_start, now),
        "section": "trending" if head.window.kind is WindowKind.ALL else head.window.kind,
        **_feed(head.window, asked),
        "silent": [charts.NAMES[SignalKind(kind)] for kind in head.silent],
    }


def _feed(window: Window, asked: Asked) -> dict[str, str]:
    """The feed to follow: of the newest edition that of all that come, of an older one its own."""
    own = page_path(window)
    path = own if not asked.is_front and window.kind in CALENDAR else _FOLLOWED.get(window.kind, own)
    category = f"?cat={quote(asked.category)}" if asked.category else ""
    return {
        "feed_path": path,
        "feed_more": category,
        "feed_name": window.title if path == own else "What leads",
    }


def _instead(head: EditionHead, sources: list[SourceLine], asked: Asked, now: datetime) -> dict[str, object]:
    """Why there are no papers, and the first places of the last edition that has some."""
    if head.edition_id:
        return {"why": emptiness.nothing_in(asked.category, head)} | _last(head)
    kind = head.window.kind if head.window.kind in CALENDAR else WindowKind.DAY
    before = pages.newest_window(kind, up_to=head.window.start - ONE_DAY) or head.newest
    if before is None and kind is not head.window.kind:
        before = pages.newest_window(kind, up_to=now.date() + ONE_DAY)
    last = _last(pages.edition_head(before)) if before else {}
    return {"why": emptiness.why_empty(head, sources, now)} | last


def _last(head: EditionHead) -> dict[str, object]:
    body = pages.edition_body(head)
    return {"last": head, "body": body, "top": body.places[:STILL_TRENDING]}
