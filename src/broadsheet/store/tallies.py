"""Takes in counts of papers: readings into the series, answers of repositories into their rows.

Runs in the transaction of `store.intake`. A count that is the same as before on the same day changes
nothing; a paper that we do not hold is no news.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from broadsheet.domain.paper import IntakeReport
from broadsheet.domain.signal import SignalKind
from broadsheet.domain.tally import RepositoryState, RepositoryTold, Tally
from broadsheet.store import repositories
from broadsheet.store.citing import COUNTERS
from broadsheet.store.drafts import Draft
from broadsheet.store.models import FormerKey, Paper, PaperSource, Repository, Signal
from broadsheet.store.rows import insert, slices
from broadsheet.store.write import mark_papers

AT_ONCE = 1_000  # readings; each names its paper, and a few kinds and days
Readings = dict[tuple[int, str, date], int]  # by paper, kind and day


def take_tallies(told: Sequence[Tally | RepositoryTold], now: datetime) -> IntakeReport:
    """Write what is new, and mark the windows of the papers that it is of."""
    report = IntakeReport()
    if told:
        tallies = [item for item in told if isinstance(item, Tally)]
        answers = [item for item in told if isinstance(item, RepositoryTold)]
        read = [*_read_tallies(tallies, now), *_read_repositories(answers)]
        news = _write(read)
        mark_papers({paper_id for paper_id, _, _ in news}, now.date())
        report.changed = sum(not news.keys().isdisjoint(readings) for readings in read)
        report.unchanged = len(read) - report.changed
    return report


def _read_tallies(tallies: Sequence[Tally], now: datetime) -> list[Readings]:
    """The readings of each; none for a paper that we do not hold."""
    held = _held({tally.key for tally in tallies}) if tallies else {}
    _note_asked([tally for tally in tallies if tally.key in held], held, now)
    return [
        {(held[tally.key], reading.kind, reading.day): reading.value for reading in tally.readings}
        if tally.key in held
        else {}
        for tally in tallies
    ]


def _held(keys: set[Any]) -> dict[str, int]:
    """The papers that we hold under these keys, former ones and publishers' DOIs too. Three queries."""
    dois = {key.removeprefix("doi:") for key in keys if key.startswith("doi:")}
    by_doi = Paper.objects.filter(doi__in=dois).exclude(doi="").order_by("-id").values_list("doi", "pk")
    held = {f"doi:{doi}": pk for doi, pk in by_doi}
    held |= dict(FormerKey.objects.filter(key__in=keys).values_list("key", "paper_id"))
    return held | dict(Paper.objects.filter(key__in=keys).values_list("key", "pk"))


def _note_asked(tallies: Iterable[Tally], held: dict[str, int], now: datetime) -> None:
    """Of a source that goes from paper to paper: whom it has asked for, so that others come first."""
    insert(
        PaperSource,
        ("paper_id", "source", "digest", "told_on", "first_told_at"),
        (
            (held[tally.key], tally.source, "", now.date(), now)
            for tally in tallies
            if tally.source in COUNTERS
        ),
        unique=("paper_id", "source"),
        update=("told_on",),
    )


def _read_repositories(answers: Sequence[RepositoryTold]) -> list[Readings]:
    """The stars of each, as readings of the papers whose own it is. One that told nothing is left out."""
    rows = {row.url: row for row in Repository.objects.filter(url__in=[one.url for one in answers])}
    counts = {one.url: _stars(one, rows.get(one.url)) for one in answers}
    papers = repositories.papers_of([url for url, stars in counts.items() if stars is not None])
    read: list[Readings] = []
    for one in answers:
        stars = counts[one.url]
        if one.url in rows:
            Repository.objects.filter(pk=rows[one.url].pk).update(**_columns(one, stars))
        if stars is not None or one.state != RepositoryState.THERE:
            kind = SignalKind.STARS
            read.append(
                {(pk, kind, one.read_on): stars for pk in papers.get(one.url, ()) if stars is not None}
            )
    return read


def _stars(one: RepositoryTold, row: Repository | None) -> int | None:
    """The count of that day: told, or that of the last reply when nothing has changed since."""
    if row is None or one.state != RepositoryState.THERE:
        return None
    is_unchanged = one.stars is None and one.etag != "" and one.etag == row.etag
    return row.stars if is_unchanged else one.stars


def _columns(one: RepositoryTold, stars: int | None) -> dict[str, object]:
    """What an answer changes. What is gone keeps the counts it had; silence changes nothing but the turn."""
    columns: dict[str, object] = {"asked_on": one.read_on}
    if one.state != RepositoryState.THERE:
        return columns | {"state": one.state}
    if stars is not None:
        columns |= {"state": one.state, "counted_on": one.read_on, "stars": stars}
    if one.stars is not None:
        columns |= {"etag": one.etag}
        columns |= {"full_name": one.full_name} if one.full_name else {}
        columns |= {"created_on": one.created_on} if one.created_on else {}
    return columns


def _write(read: Iterable[Readings]) -> Readings:
    """The readings that are new or other than before. Of two for one paper and day the greater stands."""
    told: Readings = {}
    for readings in read:
        for place, value in readings.items():
            told[place] = max(value, told.get(place, 0))
    stored = _stored(told)
    news = {place: value for place, value in told.items() if stored.get(place) != value}
    insert(
        Signal,
        ("paper_id", "kind", "day", "value"),
        ((paper_id, str(kind), day, value) for (paper_id, kind, day), value in news.items()),
        unique=("paper_id", "kind", "day"),
        update=("value",),
    )
    return news


def _stored(told: Readings) -> Readings:
    stored: Readings = {}
    for some in slices(sorted(told), most=AT_ONCE):
        papers, kinds, days = (set(column) for column in zip(*some, strict=True))
        rows = Signal.objects.filter(paper_id__in=papers, kind__in=kinds, day__in=days)
        for paper_id, kind, day, value in rows.values_list("paper_id", "kind", "day", "value"):
            stored[paper_id, kind, day] = value
    return stored


def let_own_counts_stand(drafts: Iterable[Draft]) -> None:
    """Where we have counted the stars of a paper's repository on a day, nobody else's count of it stands.

    Others may have read them hours before. In whichever order the two come, the result is the same.
    """
    told = [draft for draft in drafts if any(kind == SignalKind.STARS for kind, _ in draft.new_signals)]
    own = {id(draft): url for draft in told if (url := draft.own_repository())}
    rows = Repository.objects.filter(url__in=own.values(), stars__gte=0).values_list(
        "url", "counted_on", "stars"
    )
    counted = {url: (day, stars) for url, day, stars in rows} if own else {}
    for draft in told:
        day, stars = counted.get(own.get(id(draft), ""), (None, None))
        if day is not None and stars is not None:
            draft.count_anew(SignalKind.STARS, day, stars)
