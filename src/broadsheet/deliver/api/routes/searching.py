"""Search, and the categories there are."""

from django.http import HttpRequest
from ninja import Query, Router

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.api import asked as ask
from broadsheet.deliver.api import schemas, telling
from broadsheet.deliver.api.answers import Answer, told
from broadsheet.deliver.api.cursors import cursor_at, place_in
from broadsheet.domain.ids import PaperKey
from broadsheet.index.base import Sort
from broadsheet.index.query import read as read_query
from broadsheet.lib.text import plain_line
from broadsheet.rank.hits import words_of
from broadsheet.rank.search import By, Results
from broadsheet.rank.search import search as answer_query
from broadsheet.rank.why import why
from broadsheet.store import pages
from broadsheet.store.answers import upvotes
from broadsheet.store.marks import store_mark
from broadsheet.store.page_values import Facts

router = Router(tags=["Search"])
DEEPEST, DEEPEST_BY_DAY = 1_000, 10_000  # results: ordering those behind costs more than they are worth


@router.get("/search", response=schemas.Found, summary="Papers that answer a query")
@told
def search(request: HttpRequest, asked: Query[ask.SearchAsked]) -> Answer:
    """By words and by meaning, each with the reason why it is there. An id, a DOI or an address finds its
    paper alone. The first 1,000 results can be read, or with sort=new the first 10,000."""
    place = place_in(request, asked.cursor)
    first = int(str(place[0])) if place else 0
    mark = f"{store_mark()} {wiring.engines().mark()}"
    return Answer(mark, lambda: _found(request, asked, first))


def _found(request: HttpRequest, asked: ask.SearchAsked, first: int) -> schemas.Found:
    query = plain_line(asked.q)
    deepest = DEEPEST_BY_DAY if asked.sort is Sort.NEWEST else DEEPEST
    limit = min(asked.limit, deepest - first)
    results = answer_query(
        wiring.engines(),
        query,
        limit=limit + 1,
        offset=first,
        sort=asked.sort,
        votes=upvotes,
        mends=asked.mend,
        counts=True,
    )
    meant = _named(results.key) if results.key and not first else None
    items = [telling.hit(meant, 1, 1.0, why(By.NAME, (), {}))] if meant else _items(results, limit, first)
    has_more = not meant and len(results.found) > limit and first + limit < deepest
    return schemas.Found(
        items=items,
        next=cursor_at(request, [first + limit]) if has_more else None,
        query=query,
        mended=results.mended,
        notes=list(results.asked.notes),
        total=1 if meant else results.total,
    )


def _named(key: PaperKey) -> Facts | None:
    page = named.page_of(key)
    return page.paper if page else None


def _items(results: Results, limit: int, first: int) -> list[schemas.Hit]:
    if results.key and "://" in results.query:
        return []  # whatever holds the words of an address is not what was meant
    found = {one.paper_id: one for one in results.found[:limit]}
    words = words_of(results.asked)
    return [
        telling.hit(
            paper, rank, found[paper.paper_id].score, why(found[paper.paper_id].by, words, _texts(paper))
        )
        for rank, paper in enumerate(pages.papers_by_ids(list(found)), start=first + 1)
    ]


def _texts(paper: Facts) -> dict[str, str]:
    """Where its words are looked for, to say why it was found."""
    return {
        "in the title": paper.title,
        "among the authors": " · ".join(paper.authors),
        "in the abstract": paper.abstract,
        "in the summary": f"{paper.summary} {paper.one_line}",
    }


@router.get("/categories", response=schemas.Categories, summary="Categories, and how many papers have them")
@told
def list_categories(request: HttpRequest, asked: Query[ask.CategoriesAsked]) -> Answer:
    """Those that this site reads daily, and those that its papers have besides; most papers first."""

    def read() -> schemas.Categories:
        words, is_read = wiring.words_index(), set(wiring.option("CATEGORIES"))
        counts = dict(words.facets(read_query("from:1991")).categories)
        for name in is_read:
            counts[name] = words.search(read_query(f"cat:{name}"), limit=1).total
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        items = [schemas.Category(id=name, papers=n, is_read=name in is_read) for name, n in ordered]
        return schemas.Categories(items=items, next=None)

    return Answer(f"{store_mark()} {wiring.words_index().mark()}", read)
