"""Papers: all of them, one under any of its names, those like it, its signals."""

from datetime import date

from django.http import HttpRequest
from ninja import Query, Router

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.api import asked as ask
from broadsheet.deliver.api import schemas, telling
from broadsheet.deliver.api.answers import Answer, told
from broadsheet.deliver.api.cursors import Place, place_in
from broadsheet.deliver.api.in_category import papers_in
from broadsheet.deliver.api.problems import missing, told_back
from broadsheet.deliver.api.rows import page_of
from broadsheet.deliver.likeness import similar_to
from broadsheet.domain.ids import PaperKey, paper_ref
from broadsheet.store import pages, paging
from broadsheet.store.held_papers import held_key
from broadsheet.store.marks import store_mark
from broadsheet.store.page_values import PaperPage
from broadsheet.store.paging import Wanted
from broadsheet.store.paper_page import read_paper

router = Router(tags=["Papers"])


@router.get("/papers", response=schemas.Papers, summary="All papers, the newest first")
@told
def list_papers(request: HttpRequest, asked: Query[ask.PapersAsked]) -> Answer:
    """Those without a date come last, and only where no days are asked for."""
    place = place_in(request, asked.cursor)
    read_page = _in_category if asked.category else _all
    return Answer(f"{store_mark()} {wiring.words_index().mark()}", lambda: read_page(request, asked, place))


def _all(request: HttpRequest, asked: ask.PapersAsked, place: Place | None) -> schemas.Papers:
    rows = paging.papers_after(Wanted(asked.since, asked.until), _dated(place), asked.limit + 1)
    shown, after = page_of(request, rows, asked.limit, _place)
    return _told([paper_id for paper_id, _ in shown], after)


def _in_category(request: HttpRequest, asked: ask.PapersAsked, place: Place | None) -> schemas.Papers:
    """The index knows who is in a category; the database would have to look at every paper."""
    wanted = Wanted(asked.since, asked.until)
    rows = papers_in(wiring.words_index(), asked.category, wanted, _dated(place), asked.limit + 1)
    shown, after = page_of(request, rows, asked.limit, _place)
    return _told([paper_id for paper_id, _ in shown], after)


def _told(ids: list[int], after: str | None) -> schemas.Papers:
    return schemas.Papers(items=[telling.paper(one) for one in pages.papers_by_ids(ids)], next=after)


def _place(row: tuple[int, date | None]) -> Place:
    return [row[1].isoformat() if row[1] else None, row[0]]


def _dated(place: Place | None) -> tuple[date | None, int] | None:
    if place is None:
        return None
    day, paper_id = place
    return (date.fromisoformat(str(day)) if day else None), int(str(paper_id))


@router.get("/papers/{path:ref}", response=schemas.WholePaper, summary="One paper")
@told
def get_paper(request: HttpRequest, ref: str, asked: Query[ask.PaperAsked]) -> Answer:
    """By its arXiv number (a version is left aside), DOI, address, or any id it has had here."""
    key = held_under(ref)
    return Answer(f"{store_mark()} {key}", lambda: telling.whole_paper(whole(key)))


@router.get("/signals/{path:ref}", response=schemas.Signals, summary="The signals of a paper, day by day")
@told
def get_signals(request: HttpRequest, ref: str, asked: Query[ask.SignalsAsked]) -> Answer:
    """Totals as they stood at the end of each day on which they were read, in UTC."""
    key = held_under(ref)
    return Answer(f"{store_mark()} {key}", lambda: telling.signals(whole(key)))


@router.get("/similar/{path:ref}", response=schemas.Similar, summary="Papers near to one in meaning")
@told
def list_similar(request: HttpRequest, ref: str, asked: Query[ask.SimilarAsked]) -> Answer:
    """The nearest first, each with the words that the two share. The list has no second page."""
    key = held_under(ref)

    def read() -> schemas.Similar:
        near = similar_to(wiring.engines(), whole(key).paper, limit=asked.limit)
        return schemas.Similar(items=[telling.similar(one) for one in near], next=None)

    return Answer(f"{store_mark()} {wiring.engines().mark()} {key}", read)


def held_under(ref: str) -> PaperKey:
    """The key of the paper that has this name, or had it before. Raises Problem for what is no paper here: a
    mark alone would have it taken for one that has not changed."""
    key = named.find(ref)
    if key is None:
        raise missing(
            f"{told_back(ref)!r} is not the name of a paper; expected {named.A_PAPER}, or an id told here."
        )
    held = held_key(key)
    if held is None:
        raise missing(f"No source that is read here has told of {paper_ref(key)}.")
    return held


def whole(key: PaperKey) -> PaperPage:
    page = read_paper(key)
    if page is None:  # it was merged into another one, just now
        raise missing(f"{paper_ref(key)} has another name since.")
    return page
