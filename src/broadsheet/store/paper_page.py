"""Finds one paper under any of its names, and reads what its page shows with a fixed number of queries."""

from datetime import date
from typing import Any

from broadsheet.domain.code_links import repository_url
from broadsheet.domain.edition import CALENDAR, View, Window, WindowKind
from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import LinkKind
from broadsheet.domain.pick import Term
from broadsheet.domain.tally import RepositoryState
from broadsheet.store.citing import COUNTERS
from broadsheet.store.claims import claims_by
from broadsheet.store.models import FormerKey, Paper, Place, Reading, Repository
from broadsheet.store.page_values import PaperPage, Said, Stood
from broadsheet.store.pages import facts_of, series_by_paper
from broadsheet.store.written_lines import line_of

MOST_STOOD = 12


def read_paper(key: PaperKey) -> PaperPage | None:
    """The paper that has this very key. Seven more queries when there is one."""
    paper = Paper.objects.select_related("reading", "written").filter(key=key).first()
    if paper is None:
        return None
    links = list(paper.links.order_by("kind", "id").values_list("kind", "url"))
    addresses: Any = {kind: url for kind, url in reversed(links)}  # the first of each kind
    series = series_by_paper(paper.signals.all()).get(paper.pk, {})
    reading = getattr(paper, "reading", None) or Reading()
    line = line_of(reading, getattr(paper, "written", None))
    said = Said(*line, claims_by([paper.pk]).get(paper.pk, ()))
    return PaperPage(
        paper=facts_of(paper, addresses, series, said),
        kind=reading.kind,
        names=tuple(paper.names or reading.names),
        keywords=tuple(paper.keywords or reading.keywords),
        sizes=[(value, what) for value, what, *_ in reading.sizes],
        links_read=[(kind, url) for url, kind in reading.links if url not in {known for _, known in links}],
        submitted_at=paper.submitted_at,
        announced_on=paper.announced_on,
        updated_on=paper.updated_on,
        version=paper.version,
        comments=paper.comments,
        journal_ref=paper.journal_ref,
        doi=paper.doi,
        licence=paper.licence,
        first_seen_at=paper.first_seen_at,
        links=links,
        listings=list(paper.listings.order_by("day", "id").values_list("list_name", "day", "kind")),
        stood=_stood(paper.pk),
        lost_code=_lost_code([url for kind, url in links if kind == LinkKind.CODE]),
        told_by=list(
            paper.told_by.exclude(source__in=COUNTERS)
            .order_by("first_told_at", "id")
            .values_list("source", flat=True)
        ),
    )


def _lost_code(urls: list[str]) -> list[tuple[str, str, date | None]]:
    """Repositories that are gone or blocked, and the day of their last count."""
    addresses = {address for url in urls if (address := repository_url(url))}
    rows = Repository.objects.filter(url__in=addresses).exclude(state=RepositoryState.THERE)
    return list(rows.order_by("full_name").values_list("full_name", "state", "counted_on"))


def other_name(key: PaperKey) -> str | None:
    """The key under which we hold a paper that had this key before, or has this DOI."""
    former = FormerKey.objects.filter(key=key).values_list("paper__key", flat=True).first()
    if former is not None or not key.startswith("doi:"):
        return former
    by_doi = Paper.objects.filter(doi=key.removeprefix("doi:")).exclude(doi="").order_by("id")
    return by_doi.values_list("key", flat=True).first()


def _stood(paper_id: int) -> list[Stood]:
    """Days first, then weeks, months, where it trended last; the newest first. As printed, where it was."""
    rows = (
        Place.objects.filter(paper_id=paper_id)
        .exclude(edition__kind=WindowKind.ALL)
        .select_related("edition")
        .defer("edition__inputs", "edition__beside")
        .order_by("-edition__start", "-edition__view", "id")  # "printed" before "latest"
    )
    found: dict[Window, Stood] = {}
    for place in rows[: 2 * MOST_STOOD]:
        stood = _stood_in(place)
        found.setdefault(stood.window, stood)
    kinds = list(WindowKind)
    calendar = [one for one in found.values() if one.window.kind in CALENDAR]
    trending = [one for one in found.values() if one.window.kind not in CALENDAR][:1]
    return sorted([*calendar[:MOST_STOOD], *trending], key=lambda one: kinds.index(one.window.kind))


def _stood_in(place: Place) -> Stood:
    edition = place.edition
    return Stood(
        window=Window(WindowKind(edition.kind), edition.start),
        rank=place.rank,
        paper_count=edition.paper_count,
        reason=place.reason,
        score=place.score,
        terms=[Term(*term) for term in place.terms],
        field_rank=place.field_rank,
        formula=edition.formula,
        is_printed=edition.view == View.PRINTED,
    )
