"""Editions and what is trending: papers in rank order, each with the terms of its score."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from broadsheet.deliver import emptiness
from broadsheet.deliver.api import asked as ask
from broadsheet.deliver.api import schemas, telling
from broadsheet.deliver.api.answers import Answer, told
from broadsheet.deliver.api.cursors import cursor_at, place_in
from broadsheet.deliver.api.problems import missing
from broadsheet.deliver.api.rows import page_of
from broadsheet.domain.edition import ONE_DAY, BadWindow, View, Window, WindowKind, parse_window, window_of
from broadsheet.store import pages, paging
from broadsheet.store.marks import store_mark
from broadsheet.store.page_values import EditionHead

router = Router(tags=["Editions"])
NEWEST = "newest"


@router.get("/editions", response=schemas.Editions, summary="The editions there are, the newest first")
@told
def list_editions(request: HttpRequest, asked: Query[ask.EditionsAsked]) -> Answer:
    """Of one kind. A day without papers has none; asked for by itself it says why."""
    place = place_in(request, asked.cursor)
    start = date.fromisoformat(str(place[0])) if place else None

    def read() -> schemas.Editions:
        lines = paging.editions_before(asked.kind, start, asked.limit + 1)
        shown, after = page_of(request, lines, asked.limit, lambda line: [line.window.start.isoformat()])
        return schemas.Editions(items=[telling.edition_line(line) for line in shown], next=after)

    return Answer(store_mark(), read)


@router.get("/editions/{kind}/{slug}", response=schemas.Places, summary="One edition with its papers")
@told
def get_edition(request: HttpRequest, kind: WindowKind, slug: str, asked: Query[ask.PlacesAsked]) -> Answer:
    """`slug` is as in the addresses of pages: 2026-05-22, 2026-W21, 2026-05, all; or newest."""
    view = View(asked.view.value)
    return _places(request, _newest(kind) if slug == NEWEST else _parsed(kind, slug), view, asked)


@router.get("/trending", response=schemas.Places, summary="What is trending, and why")
@told
def trending(request: HttpRequest, asked: Query[ask.TrendingAsked]) -> Answer:
    """What gained most in the seven days up to one, of any age; or the newest day, week, month, all time.
    Each paper has the terms that its score is the sum of."""
    try:
        window = window_of(asked.window, asked.date) if asked.date else _newest(asked.window)
    except BadWindow as error:
        raise missing(f"There is no such window: {error}.") from error
    return _places(request, window, View.PRINTED, asked)


def _newest(kind: WindowKind) -> Window:
    today = timezone.now().date()
    return pages.newest_window(kind, up_to=today + ONE_DAY) or window_of(kind, today)


def _parsed(kind: WindowKind, slug: str) -> Window:
    try:
        return parse_window(kind, slug)
    except BadWindow as error:
        raise missing(f"{error}.") from error


def _places(
    request: HttpRequest, window: Window, view: View, asked: ask.PlacesAsked | ask.TrendingAsked
) -> Answer:
    place = place_in(request, asked.cursor)
    first = int(str(place[0])) if place else 0
    head = pages.edition_head(window, view)
    if head.edition_id is None:
        return Answer("", lambda: _empty(head))
    mark = f"{head.edition_id} {head.made_at} {head.readings_no} {head.printed_at}"

    def read() -> schemas.Places:
        placed = pages.first_places(head, asked.limit + 1, asked.category, behind=first)
        shown = placed[: asked.limit]
        return schemas.Places(
            items=[telling.place(one) for one in shown],
            next=cursor_at(request, [first + asked.limit]) if len(placed) > asked.limit else None,
            edition=telling.edition(head),
            empty_because=None if shown or first else _nothing_in(asked.category, head),
        )

    return Answer(mark, read)


def _nothing_in(category: str, head: EditionHead) -> str:
    return emptiness.nothing_in(category, head).words


def _empty(head: EditionHead) -> schemas.Places:
    why = emptiness.why_empty(head, pages.source_lines(), timezone.now())
    words = f"{why.headline}. {why.words}"
    return schemas.Places(items=[], next=None, edition=telling.edition(head), empty_because=words)
