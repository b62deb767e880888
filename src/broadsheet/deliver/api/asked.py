"""What may be asked for: the parameters of each address."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from broadsheet.deliver import named
from broadsheet.deliver.api import schemas
from broadsheet.deliver.api.cursors import LONGEST
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import FEWEST, LONGEST_QUERY, LONGEST_WORD, MOST, MOST_NAMED, MailForm, Often
from broadsheet.index.base import Sort
from broadsheet.store.claims import About

USUAL_LIMIT, MOST_ROWS = 30, 100
CATEGORY = f"^({named.CATEGORY})?$"
EXPECTED = {  # where a pattern says it worse
    "category": named.A_CATEGORY,
    "categories": "categories like cs.LG",
    "cursor": "the word that `next` has told",
    "since": "a day like 2026-05-22",
    "until": "a day like 2026-05-22",
    "date": "a day like 2026-05-22",
}


def _as_day(text: Any) -> Any:
    """A number would else be read as seconds since 1970."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(text), re.ASCII):
        raise ValueError("a day like 2026-05-22")
    return text


Day = Annotated[date, BeforeValidator(_as_day)]


def _fields(told: type[BaseModel]) -> Any:
    names = "|".join(told.model_fields)
    return Field(
        "",
        pattern=f"^(({names})(,({names}))*)?$",
        max_length=500,
        description=f"Only these fields, separated by commas: {', '.join(told.model_fields)}.",
    )


def _category() -> Any:
    return Field("", pattern=CATEGORY, description="Papers of one category, like cs.LG.")


class Asked(BaseModel):
    model_config = ConfigDict(frozen=True)
    fields: str = ""


class Listing(Asked):
    """Of every list."""

    limit: int = Field(USUAL_LIMIT, ge=1, le=MOST_ROWS, description="Rows on a page.")
    cursor: str = Field(
        "", max_length=LONGEST, pattern=r"^[A-Za-z0-9_.=-]*$", description="`next` of the page before."
    )


class PapersAsked(Listing):
    fields: str = _fields(schemas.Paper)
    category: str = _category()
    since: Day | None = Field(None, description="Papers dated on this day or later.")
    until: Day | None = Field(None, description="Papers dated on this day or before.")


class PaperAsked(Asked):
    fields: str = _fields(schemas.WholePaper)


class SignalsAsked(Asked):
    fields: str = _fields(schemas.Signals)


class SearchAsked(Listing):
    fields: str = _fields(schemas.Hit)
    q: str = Field(max_length=named.LONGEST_QUERY, description="In the query language of the search page.")
    sort: Sort = Field(Sort.RELEVANCE, description="By relevance, newest first, or by upvotes.")
    mend: bool = Field(True, description="false: search for mistyped words as they are typed.")


class SimilarAsked(Asked):
    fields: str = _fields(schemas.Hit)
    limit: int = Field(USUAL_LIMIT, ge=1, le=MOST_ROWS)


class EditionsAsked(Listing):
    fields: str = _fields(schemas.Edition)
    kind: WindowKind = Field(WindowKind.DAY, description="Of days, weeks, months, or what was trending.")


class Seen(StrEnum):
    PRINTED = "printed"
    LATEST = "latest"


class PlacesAsked(Listing):
    fields: str = _fields(schemas.Place)
    category: str = _category()
    view: Seen = Field(Seen.PRINTED, description="latest: as counted now, also where the edition is closed.")


class TrendingAsked(Listing):
    fields: str = _fields(schemas.Place)
    category: str = _category()
    window: WindowKind = Field(WindowKind.TRENDING, description="What to rank over.")
    date: Day | None = Field(None, description="A day of the window; without it the newest one.")


class ClaimsAsked(Listing):
    fields: str = _fields(schemas.Claim)
    name: str = Field(
        "", max_length=named.LONGEST_NAME, description="By or against this model, method or the like."
    )
    benchmark: str = Field("", max_length=named.LONGEST_NAME, description="On this benchmark or data set.")
    paper: str = Field("", max_length=named.LONGEST_REF, description="Of this paper.")


class ClaimAsked(Asked):
    fields: str = _fields(schemas.Claim)


class NamesAsked(Listing):
    fields: str = _fields(schemas.Name)
    about: About = Field(About.NAME, description="Names of models and methods, or of benchmarks.")
    beginning: str = Field("", max_length=100, description="Names that begin so, however they are spelled.")


class CategoriesAsked(Asked):
    fields: str = _fields(schemas.Category)


class StatusAsked(Asked):
    fields: str = _fields(schemas.Status)


class SubscriptionAsked(Asked):
    fields: str = _fields(schemas.Subscription)


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


def _words(what: str) -> Any:
    return Field(None, max_length=MOST_NAMED, description=what)


class Change(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    state: SubscriptionState | None = Field(None, description="paused, or active again.")
    categories: list[str] | None = _words("Categories like cs.LG; none: all.")
    query: str | None = Field(None, max_length=LONGEST_QUERY, description="A search.")
    boosted: list[str] | None = _words(f"Words whose papers stand higher, of {LONGEST_WORD} letters at most.")
    muted: list[str] | None = _words("Words whose papers are left out.")
    authors: list[str] | None = _words("Authors whose papers are always there.")
    often: Often | None = None
    hour: int | None = Field(None, ge=0, le=23, description="Of the reader's clock.")
    zone: str | None = Field(None, max_length=60, description="A time zone like Europe/Berlin.")
    most: int | None = Field(None, ge=FEWEST, le=MOST, description="Papers in a digest.")
    form: MailForm | None = None
