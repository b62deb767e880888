"""Which papers the editions of days, weeks or months hold, for programs that page through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from broadsheet.domain.edition import WindowKind
from broadsheet.domain.paper import ListingKind
from broadsheet.store.models import Edition, Listing, Paper, Place

MOST_EDITIONS = 62  # across which one pages
AT_ONCE = 2  # editions, some 300 papers each
_MEMBERS = (ListingKind.NEW, ListingKind.DAILY)


@dataclass(frozen=True, slots=True)
class Dated:
    """What lists of others tell of a paper besides its facts."""

    submitted_at: datetime | None
    listed_on: date | None
    keywords: Sequence[str]


def placed_ids(
    kind: WindowKind, start: date | None, *, up_to: date, by_date: bool, within: slice
) -> list[int]:
    """Papers of one edition, or without a start of the newest ones, the newest edition first; of each as
    ranked, or the newest papers first. As many are read as lie before the end of the slice."""
    editions = _newest_editions(kind, start, up_to)
    order = ("-edition__start", F("paper__submitted_at").desc(nulls_last=True), "id")
    places = Place.objects.order_by(*order if by_date else ("-edition__start", "rank", "id"))
    found: dict[int, None] = {}
    for first in range(0, len(editions), AT_ONCE):
        if len(found) >= within.stop:
            break
        some = places.filter(edition_id__in=editions[first : first + AT_ONCE])
        found |= dict.fromkeys(some.values_list("paper_id", flat=True))
    return list(found)[within]


def _newest_editions(kind: WindowKind, start: date | None, up_to: date) -> list[int]:
    """One of each window: as printed, where it is."""
    editions = Edition.objects.filter(kind=kind, start__lte=up_to)
    if start is not None:
        editions = editions.filter(start=start)
    found: dict[date, int] = {}
    rows = editions.order_by("-start", "-view").values_list("start", "pk")  # "printed" before "latest"
    for begins, edition_id in rows[: 2 * MOST_EDITIONS]:
        found.setdefault(begins, edition_id)
    return list(found.values())[:MOST_EDITIONS]


def newest_ids(after: tuple[date, int] | None, most: int) -> list[tuple[int, date]]:
    """Papers with a day, the newest first, behind that of a day and an id."""
    papers = Paper.objects.filter(dated_on__isnull=False).order_by("-dated_on", "-id")
    if after is not None:
        day, paper_id = after
        papers = papers.filter(dated_on__lte=day).exclude(dated_on=day, id__gte=paper_id)
    return [(pk, day) for pk, day in papers.values_list("pk", "dated_on")[:most] if day]


def dated(paper_ids: Sequence[int]) -> dict[int, Dated]:
    listings = Listing.objects.filter(paper_id__in=paper_ids, kind__in=_MEMBERS)
    listed = dict(listings.order_by("-day").values_list("paper_id", "day"))  # the first day stays
    fields = ("pk", "submitted_at", "announced_on", "keywords")
    rows = Paper.objects.filter(pk__in=paper_ids).values_list(*fields)
    return {
        pk: Dated(submitted_at, listed.get(pk) or announced_on, tuple(keywords))
        for pk, submitted_at, announced_on, keywords in rows
    }
