"""Reads what list pages show, each page with a fixed number of queries, whatever the number of rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, TypedDict

from django.db.models import Case, Count, Max, Min, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from broadsheet.domain.edition import FIRST_DAY, View, Window, WindowKind, window_of
from broadsheet.domain.paper import LinkKind, ListingKind
from broadsheet.domain.pick import Term
from broadsheet.domain.signal import SignalKind
from broadsheet.store.candidates import SIGNAL_DAYS, members
from broadsheet.store.claims import said_by
from broadsheet.store.models import Edition, Job, Link, Listing, Paper, Place, Signal, SourceState
from broadsheet.store.page_values import (
    Beside,
    Brief,
    EditionBody,
    EditionHead,
    Facts,
    JobLine,
    Placed,
    Said,
    Series,
    SourceLine,
)
from broadsheet.store.rows import slices
from broadsheet.store.source_state import WRITER

PAGE_SIZE = 30
MOST_TOPICS = 10
BARS_SHOWN = 16  # days
MOST_HELD_BACK = 3  # editions whose damped papers the owner sees
NOTHING = Said()
_HEAVY = ("names", "keywords", "comments", "journal_ref", "licence", "origins")

AllSeries = dict[SignalKind, Series]


class _Addresses(TypedDict, total=False):
    code: str
    project: str


def newest_window(kind: WindowKind, *, up_to: date) -> Window | None:
    """The newest window of a kind that has papers and has begun by a day."""
    starts = (
        Edition.objects.filter(kind=kind, start__lte=up_to).order_by("-start").values_list("start", flat=True)
    )
    start = starts.first()
    return window_of(kind, start) if start else None


def newest_windows(kind: WindowKind, *, up_to: date, most: int) -> list[Window]:
    """As `newest_window`, several, the newest first."""
    starts = Edition.objects.filter(kind=kind, start__lte=up_to).order_by("-start")
    found = starts.values_list("start", flat=True).distinct()[:most]
    return [Window(kind, start) for start in found]


def edition_head(window: Window, view: View = View.PRINTED) -> EditionHead:
    """The edition of a window as it was printed; its latest while nothing is, or when that is asked for."""
    (head,) = edition_heads([window], view)
    return head


def edition_heads(windows: Sequence[Window], view: View = View.PRINTED) -> list[EditionHead]:
    """Of windows of one kind, in their order. Two queries."""
    if not windows:
        return []
    kind, weeks = windows[0].kind, [window_of(WindowKind.WEEK, window.start) for window in windows]
    asked = Q(kind=kind, start__in=[window.start for window in windows])
    asked |= Q(kind=WindowKind.WEEK, start__in=[week.start for week in weeks])
    found = {(row.kind, row.start, row.view): row for row in Edition.objects.filter(asked).defer("beside")}
    bounds = Edition.objects.filter(kind=kind).aggregate(first=Min("start"), newest=Max("start"))
    ends = (_window_from(kind, bounds["first"]), _window_from(kind, bounds["newest"]))
    return [_head(window, week, view, found, ends) for window, week in zip(windows, weeks, strict=True)]


def _head(
    window: Window,
    week: Window,
    view: View,
    found: Mapping[tuple[str, date, str], Edition],
    ends: tuple[Window | None, Window | None],
) -> EditionHead:
    printed, latest = (found.get((window.kind, window.start, one)) for one in (View.PRINTED, View.LATEST))
    edition = printed if printed and view is View.PRINTED else latest or printed
    around = found.get((week.kind, week.start, View.PRINTED)) or found.get(
        (week.kind, week.start, View.LATEST)
    )
    return EditionHead(
        window=window,
        edition_id=edition.pk if edition else None,
        view=View(edition.view) if edition else view,
        formula=edition.formula if edition else "",
        paper_count=edition.paper_count if edition else 0,
        made_at=edition.made_at if edition else None,
        readings_no=edition.readings_no if edition else 0,
        shown_at=edition.shown_at if edition else None,
        printed_at=datetime.fromisoformat(printed.inputs["printed_at"]) if printed else None,
        was_seen_open=bool(printed and printed.inputs.get("was_seen_open", True)),
        late=max(0, latest.paper_count - printed.paper_count) if latest and printed else 0,
        as_of=date.fromisoformat(edition.inputs["as_of"]) if edition and "as_of" in edition.inputs else None,
        silent=edition.inputs.get("silent_days", {}) if edition else {},
        week_id=around.pk if around else None,
        week_made_at=around.made_at if around else None,
        first=ends[0],
        newest=ends[1],
    )


def _window_from(kind: WindowKind, start: date | None) -> Window | None:
    return Window(kind, start) if start else None


def edition_body(head: EditionHead, *, page: int = 1, category: str = "") -> EditionBody:
    """One page of the places of an edition that exists. `page` counts from 1."""
    edition_id = head.edition_id or 0
    places = _in_category(Place.objects.filter(edition_id=edition_id), category)
    topics_of = edition_id if head.window.kind is WindowKind.MONTH else head.week_id or edition_id
    moved = _moved(head.window)
    short = _beside(edition_id)
    return EditionBody(
        places=_placed(places, _known_to(head), first=(page - 1) * PAGE_SIZE, count=PAGE_SIZE),
        matching=places.count(),
        categories=_categories(edition_id),
        topics=_topics(topics_of),
        rising=short.get("rising", []),
        radar=short.get("radar", []),
        replaced=moved.get(ListingKind.REPLACE, 0) + moved.get(ListingKind.REPLACE_CROSS, 0),
        crossed=moved.get(ListingKind.CROSS, 0),
    )


def first_places(head: EditionHead, count: int, category: str = "", *, behind: int = 0) -> list[Placed]:
    """The first places of an edition that exists, alone; or those behind so many of them."""
    places = _in_category(Place.objects.filter(edition_id=head.edition_id or 0), category)
    return _placed(places, _known_to(head), first=behind, count=count)


def without_place(window: Window, placed: Sequence[Placed], most: int) -> list[Placed]:
    """The window's papers that its edition keeps no place for, in the order in which they came here."""
    held = {place.paper.paper_id for place in placed}
    ids = sorted(members(window).keys() - held)[:most]
    papers = [paper for some in slices(ids) for paper in papers_by_ids(some)]
    return [Placed(len(placed) + number, "", paper, 0.0, []) for number, paper in enumerate(papers, start=1)]


def papers_by_ids(ids: Sequence[int]) -> list[Facts]:
    """The papers in the order of the ids; one that has gone since is left out."""
    rows = Paper.objects.defer(*_HEAVY).in_bulk(ids)
    addresses, series = _addresses(ids), series_by_paper(Signal.objects.filter(paper_id__in=ids))
    said = said_by(ids)
    return [
        facts_of(rows[pk], addresses.get(pk, {}), series.get(pk, {}), said.get(pk, NOTHING))
        for pk in ids
        if pk in rows
    ]


def briefs(ids: Sequence[int]) -> list[Brief]:
    """As `papers_by_ids`, what a short line needs."""
    fields = ("pk", "key", "title", "abstract", "summary")
    rows = {row[0]: Brief(*row[1:]) for row in Paper.objects.filter(pk__in=ids).values_list(*fields)}
    return [rows[pk] for pk in ids if pk in rows]


def source_lines(*, with_writer: bool = False) -> list[SourceLine]:
    """How the sources of papers and signals are doing; for the owner also what else is asked."""
    rows = SourceState.objects.order_by("name")
    return [
        SourceLine(
            row.name,
            row.asked_at,
            row.answered_at,
            row.failing_since,
            row.wait_until,
            row.last_error,
            row.last_report,
            row.progress,
        )
        for row in (rows if with_writer else rows.exclude(name=WRITER))
    ]


def job_lines() -> list[JobLine]:
    return [
        JobLine(
            row.name, row.run_at, row.tries, bool(row.lease), row.succeeded_at, row.result, row.last_error
        )
        for row in Job.objects.order_by("name")
    ]


def paper_count() -> int:
    return Paper.objects.count()


_ORDER = ("is_cross", "rank")  # the first is of _in_category


def _in_category(places: QuerySet[Place], category: str) -> QuerySet[Place]:
    """Papers of the category itself first, cross-lists after them: they would bury a small field."""
    if not category:
        return places.annotate(is_cross=Value(0))
    spaced = Concat(Value(" "), "paper__categories", Value(" "), output_field=TextField())
    is_own = Case(When(spaced__startswith=f" {category} ", then=0), default=1)
    return places.annotate(spaced=spaced, is_cross=is_own).filter(spaced__contains=f" {category} ")


def _placed(places: QuerySet[Place], known: QuerySet[Signal], *, first: int, count: int) -> list[Placed]:
    deferred = [f"paper__{name}" for name in _HEAVY]
    ordered = places.select_related("paper").defer(*deferred).order_by(*_ORDER)
    rows = list(ordered[first : first + count])
    ids = [row.paper_id for row in rows]
    addresses = _addresses(ids)
    series, said = series_by_paper(known.filter(paper_id__in=ids)), said_by(ids)
    return [
        Placed(
            row.rank,
            row.reason,
            facts_of(
                row.paper,
                addresses.get(row.paper_id, {}),
                series.get(row.paper_id, {}),
                said.get(row.paper_id, NOTHING),
            ),
            row.score,
            [Term(*term) for term in row.terms],
        )
        for row in rows
    ]


def _known_to(head: EditionHead) -> QuerySet[Signal]:
    """The signals that made the edition's order, so that a story's figures and its reason agree."""
    window = head.window
    after = window.end + SIGNAL_DAYS
    is_fixed = head.view is View.PRINTED or window.kind is WindowKind.TRENDING
    if is_fixed and head.as_of is not None:
        after = head.as_of + timedelta(days=1)
    return Signal.objects.filter(day__gte=_first_shown(window), day__lt=after)


def _first_shown(window: Window) -> date:
    rolling = {WindowKind.TRENDING: window.start - timedelta(days=BARS_SHOWN), WindowKind.ALL: FIRST_DAY}
    return rolling.get(window.kind, window.start - timedelta(days=1))


def _addresses(ids: Iterable[int]) -> dict[int, _Addresses]:
    found: dict[int, _Addresses] = {}
    for paper_id, kind, url in (
        Link.objects.filter(paper_id__in=ids).order_by("id").values_list("paper_id", "kind", "url")
    ):
        one = found.setdefault(paper_id, {})
        if kind == LinkKind.CODE:
            one.setdefault("code", url)
        elif kind == LinkKind.PROJECT:
            one.setdefault("project", url)
    return found


def series_by_paper(signals: QuerySet[Signal]) -> dict[int, AllSeries]:
    rows = signals.order_by("paper_id", "kind", "day").values_list("paper_id", "kind", "day", "value")
    found: dict[int, AllSeries] = {}
    for (paper_id, kind), group in groupby(rows, key=lambda row: (row[0], row[1])):
        found.setdefault(paper_id, {})[SignalKind(kind)] = tuple((day, value) for _, _, day, value in group)
    return found


def facts_of(paper: Paper, addresses: _Addresses, series: AllSeries, said: Said) -> Facts:
    return Facts(
        paper_id=paper.pk,
        key=paper.key,
        title=paper.title,
        one_line=paper.one_line or said.one_line,
        summary=paper.summary,
        abstract=paper.abstract,
        authors=tuple(paper.authors),
        categories=tuple(paper.categories.split()),
        dated_on=paper.dated_on,
        is_withdrawn=paper.is_withdrawn,
        updated_on=paper.updated_on,
        code=addresses.get("code", ""),
        project=addresses.get("project", ""),
        series=series,
        claims=said.claims,
        written_by="" if paper.one_line else said.written_by,
    )


def _categories(edition_id: int) -> list[tuple[str, int]]:
    rows = Place.objects.filter(edition_id=edition_id).values_list("paper__categories", flat=True)
    counts = Counter(name for row in rows for name in row.split())
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOPICS]


def _topics(edition_id: int) -> list[tuple[str, int]]:
    """Keywords that more than one paper has; spelling aside, a word counts once a paper."""
    places = Place.objects.filter(edition_id=edition_id).exclude(paper__keywords=[])
    rows = places.values_list("paper__keywords", flat=True)
    counts = Counter(word for row in rows for word in {str(word).lower() for word in row})
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [item for item in ordered[:MOST_TOPICS] if item[1] > 1]


def _beside(edition_id: int) -> dict[str, list[Beside]]:
    """The short lists beside an edition, without papers that have gone since."""
    lists = Edition.objects.filter(pk=edition_id).values_list("beside", flat=True).first() or {}
    papers = _titles({row["paper_id"] for rows in lists.values() for row in rows})
    return {name: _besides(rows, papers) for name, rows in lists.items()}


def _titles(ids: set[int]) -> dict[int, tuple[str, str]]:
    rows = Paper.objects.filter(pk__in=ids).values_list("pk", "key", "title")
    return {pk: (key, title) for pk, key, title in rows}


def _besides(rows: list[dict[str, Any]], papers: dict[int, tuple[str, str]]) -> list[Beside]:
    return [
        Beside(row["rank"], *papers[row["paper_id"]], row["words"])
        for row in rows
        if row["paper_id"] in papers
    ]


def held_back() -> list[tuple[Window, Beside]]:
    """What did not count in full in the newest days and in what is trending, for the owner."""
    newest = Edition.objects.filter(view=View.LATEST, kind__in=[WindowKind.DAY, WindowKind.TRENDING])
    found = []
    for edition in newest.order_by("-start", "kind")[:MOST_HELD_BACK]:
        rows = edition.inputs.get("damped", [])
        papers = _titles({row["paper_id"] for row in rows})
        window = Window(WindowKind(edition.kind), edition.start)
        found += [(window, one) for one in _besides(rows, papers)]
    return found


def _moved(window: Window) -> dict[str, int]:
    """How many papers the window's lists named as something else than new, by kind."""
    rows = (
        Listing.objects.filter(day__gte=window.start, day__lt=window.end)
        .exclude(kind__in=[ListingKind.NEW, ListingKind.DAILY])
        .values_list("kind")
        .annotate(papers=Count("paper_id", distinct=True))
    )
    return dict(rows)
