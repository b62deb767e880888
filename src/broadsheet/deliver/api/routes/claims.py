"""Figures that papers claim, and the names they are claimed about."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from broadsheet.deliver.api import asked as ask
from broadsheet.deliver.api import schemas, telling
from broadsheet.deliver.api.answers import Answer, told
from broadsheet.deliver.api.cursors import place_in
from broadsheet.deliver.api.problems import missing
from broadsheet.deliver.api.routes.papers import held_under
from broadsheet.deliver.api.rows import page_of
from broadsheet.lib.text import plain_line
from broadsheet.store import paging
from broadsheet.store.claims import About, claim_row
from broadsheet.store.marks import store_mark

router = Router(tags=["Claims and names"])
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


@router.get("/claims", response=schemas.Claims, summary="Figures that papers claim")
@told
def list_claims(request: HttpRequest, asked: Query[ask.ClaimsAsked]) -> Answer:
    """The last read first: all, or those about a name, on a benchmark, of a paper, or of all three. Spelling
    aside: GPT-4, gpt 4 and GPT4 are one name."""
    key = held_under(asked.paper) if asked.paper else ""
    about = {About.NAME: plain_line(asked.name), About.BENCHMARK: plain_line(asked.benchmark)}
    named = {kind: name for kind, name in about.items() if name}
    place = place_in(request, asked.cursor)

    def read() -> schemas.Claims:
        before = int(str(place[0])) if place else None
        rows = paging.claims_before(before, asked.limit + 1, key=key, named=named)
        shown, after = page_of(request, rows, asked.limit, lambda row: [row.claimed.claim_id])
        return schemas.Claims(items=[telling.claim(row) for row in shown], next=after)

    return Answer(store_mark(), read)


@router.get("/claims/{id}", response=schemas.Claim, summary="One figure with its proof")
@told
def get_claim(request: HttpRequest, id: Path[Number], asked: Query[ask.ClaimAsked]) -> Answer:
    """A paper that is read anew gives its figures new numbers."""
    row = claim_row(id)
    if row is None or row.is_removed:
        raise missing("There is no such figure. It was read anew since, or there never was one.")
    return Answer(f"{store_mark()} {id}", lambda: telling.claim(row))


@router.get("/names", response=schemas.Names, summary="Names that figures are claimed about")
@told
def list_names(request: HttpRequest, asked: Query[ask.NamesAsked]) -> Answer:
    """Models and methods, or benchmarks and data sets, in alphabetical order."""
    place = place_in(request, asked.cursor)

    def read() -> schemas.Names:
        after = str(place[0]) if place else None
        beginning = plain_line(asked.beginning)
        lines = paging.names_after(asked.about, beginning, after, asked.limit + 1)
        shown, following = page_of(request, lines, asked.limit, lambda line: [line.key])
        items = [telling.name(line, asked.about) for line in shown]
        return schemas.Names(items=items, next=following)

    return Answer(store_mark(), read)
