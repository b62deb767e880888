"""Writes the drafts of a batch with a fixed number of statements; must run in a transaction."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from broadsheet.domain.edition import BadWindow, windows_of
from broadsheet.store.changes import note_time, take_mark, take_numbers
from broadsheet.store.drafts import COLUMNS, IN_EDITION, Draft
from broadsheet.store.models import (
    FormerKey,
    GonePaper,
    Link,
    Listing,
    Paper,
    PaperSource,
    Signal,
    StaleWindow,
)
from broadsheet.store.rows import insert, slices
from broadsheet.store.shown import show_anew

REACH = timedelta(days=45)  # of older editions the order stands


def write(drafts: Sequence[Draft], now: datetime) -> None:
    """Insert new papers, update named columns of changed ones, add what is attached to them."""
    changed = [draft for draft in drafts if draft.is_new or draft.has_changed]
    for draft, number in zip(changed, take_numbers(len(changed)) if changed else (), strict=True):
        draft.paper.change_no = number
    shown = [draft for draft in changed if draft.is_shown_otherwise]
    _write_papers(changed)
    _write_former_keys(changed)
    _write_tellers(drafts, now)
    _write_attachments(changed)
    if changed:
        mark_stale(_days(changed), changed[-1].paper.change_no)
        note_time()
    if shown:
        show_anew([draft.pk for draft in shown])


def mark_stale(days: set[date], mark: int) -> None:
    """The editions of these days, and of their weeks and months, must be made again."""
    windows = {window for day in days for window in _windows(day)}
    StaleWindow.objects.bulk_create(
        [StaleWindow(kind=window.kind, start=window.start, mark=mark) for window in sorted(windows, key=str)],
        update_conflicts=True,
        unique_fields=["kind", "start"],
        update_fields=["mark"],
    )


def mark_papers(paper_ids: Collection[int], today: date) -> None:
    """The editions in which these papers stand must be made again, as far as their order may still change."""
    since, days = today - REACH, set[date]()
    for some in slices(sorted(paper_ids)):
        listed = Listing.objects.filter(paper_id__in=some, kind__in=IN_EDITION, day__gte=since)
        announced = Paper.objects.filter(pk__in=some, announced_on__gte=since)
        days.update(listed.values_list("day", flat=True))
        days.update(day for day in announced.values_list("announced_on", flat=True) if day)
    if paper_ids:
        mark_stale(days, take_mark())  # the mark also tells programs that what they know of them is old


def _windows(day: date) -> list[Any]:
    try:
        return windows_of(day)
    except BadWindow:
        return []  # before arXiv began: no edition


def _days(changed: Sequence[Draft]) -> set[date]:
    return {day for draft in changed for day in draft.edition_days() | draft.days_before}


def _write_papers(changed: Sequence[Draft]) -> None:
    stored = [draft for draft in changed if not draft.is_new]
    new = {draft.paper.key: draft.paper for draft in changed if draft.is_new}
    insert(Paper, COLUMNS, map(attrgetter(*COLUMNS), new.values()))
    # Asking by the range of change numbers spares the database a list of thousands of keys.
    numbers = (changed[0].paper.change_no, changed[-1].paper.change_no) if changed else (0, 0)
    for key, pk in Paper.objects.filter(change_no__range=numbers).values_list("key", "pk"):
        if key in new:
            new[key].pk = pk
    for draft in stored:
        _update(draft)


def _update(draft: Draft) -> None:
    columns = {name: getattr(draft.paper, name) for name in draft.changed | {"change_no"}}
    Paper.objects.filter(pk=draft.pk).update(**columns)


def _write_former_keys(changed: Sequence[Draft]) -> None:
    FormerKey.objects.bulk_create(
        [FormerKey(key=key, paper_id=draft.pk) for draft in changed for key in sorted(draft.former_keys)],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["paper"],
    )
    # A former key that has become the key of a paper again would lead round in a circle.
    FormerKey.objects.filter(
        key__in=[draft.paper.key for draft in changed if "key" in draft.changed]
    ).delete()
    GonePaper.objects.bulk_create(
        [
            GonePaper(paper_id=gone_id, change_no=draft.paper.change_no)
            for draft in changed
            for gone_id in draft.gone_ids
        ],
        update_conflicts=True,  # a restored database may have given the number of a gone row again
        unique_fields=["paper_id"],
        update_fields=["change_no"],
    )


def _write_tellers(drafts: Sequence[Draft], now: datetime) -> None:
    insert(
        PaperSource,
        ("paper_id", "source", "digest", "told_on", "first_told_at"),
        (
            (draft.pk, source, draft.digests[source], draft.tellers[source].told_on, now)
            for draft in drafts
            for source in sorted(draft.new_tellers)
        ),
        unique=("paper_id", "source"),
        update=("digest", "told_on"),
    )


def _write_attachments(changed: Sequence[Draft]) -> None:
    insert(
        Link,
        ("paper_id", "url", "kind", "source"),
        (
            (draft.pk, url, draft.links[url].kind, source)
            for draft in changed
            for url, source in draft.new_links.items()
        ),
        unique=("paper_id", "url"),
    )
    insert(
        Listing,
        ("paper_id", "list_name", "day", "kind"),
        ((draft.pk, *at, draft.listings[at]) for draft in changed for at in sorted(draft.new_listings)),
        unique=("paper_id", "list_name", "day"),
        update=("kind",),
    )
    insert(
        Signal,
        ("paper_id", "kind", "day", "value"),
        ((draft.pk, *at, draft.signals[at]) for draft in changed for at in sorted(draft.new_signals)),
        unique=("paper_id", "kind", "day"),
        update=("value",),
    )
