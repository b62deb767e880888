"""Writes the drafts of a batch with a fixed number of statements; must run in a transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from broadsheet.domain.edition import BadWindow, windows_of
from broadsheet.store.changes import take_numbers
from broadsheet.store.drafts import Draft
from broadsheet.store.models import FormerKey, GonePaper, Link, Listing, Paper, PaperSource, Signal, StaleWindow


def write(drafts: Sequence[Draft], now: datetime) -> None:
    """Insert new papers, update named columns of changed ones, add what is attached to them."""
    changed = [draft for draft in drafts if draft.is_new or draft.has_changed]
    for draft, number in zip(changed, take_numbers(len(changed)) if changed else (), strict=True):
        draft.paper.change_no = number
    _write_papers(changed)
    _write_former_keys(changed)
    _write_tellers(drafts, now)
    _write_attachments(changed)
    if changed:
        mark_stale(_days(changed), changed[-1].paper.change_no)


def mark_stale(days: set[date], mark: int) -> None:
    """The editions of these days, and of their weeks and months, must be made again."""
    windows = {window for day in days for window in _windows(day)}
    StaleWindow.objects.bulk_create(
        [StaleWindow(kind=window.kind, start=window.start, mark=mark) for window in sorted(windows, key=str)],
        update_conflicts=True,
        unique_fields=["kind", "start"],
        update_fields=["mark"],
    )


def _windows(day: date) -> list[Any]:
    try:
        return windows_of(day)
    except BadWindow:
        return []  # before arXiv began: no edition


def _days(changed: Sequence[Draft]) -> set[date]:
    return {day for draft in changed for day in draft.edition_days() | draft.days_before}


def _write_papers(changed: Sequence[Draft]) -> None:
    stored = [draft for draft in changed if not draft.is_new]
    Paper.objects.bulk_create([draft.paper for draft in changed if draft.is_new], batch_size=500)
    for draft in stored:
        _update(draft)


def _update(draft: Draft) -> None:
    columns = {name: getattr(draft.paper, name) for name in draft.changed | {"change_no"}}
    Paper.objects.filter(pk=draft.paper.pk).update(**columns)


def _write_former_keys(changed: Sequence[Draft]) -> None:
    FormerKey.objects.bulk_create(
        [FormerKey(key=key, paper=draft.paper) for draft in changed for key in sorted(draft.former_keys)],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["paper"],
    )
    # A former key that has become the key of a paper again would lead round in a circle.
    FormerKey.objects.filter(key__in=[draft.paper.key for draft in changed if "key" in draft.changed]).delete()
    GonePaper.objects.bulk_create(
        [
            GonePaper(paper_id=gone_id, change_no=draft.paper.change_no)
            for draft in changed
            for gone_id in draft.gone_ids
        ]
    )


def _write_tellers(drafts: Sequence[Draft], now: datetime) -> None:
    PaperSource.objects.bulk_create(
        [
            PaperSource(
                paper=draft.paper,
                source=source,
                digest=draft.digests[source],
                told_on=draft.tellers[source].told_on,
                first_told_at=now,
            )
            for draft in drafts
            for source in sorted(draft.new_tellers)
        ],
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["paper", "source"],
        update_fields=["digest", "told_on"],
    )


def _write_attachments(changed: Sequence[Draft]) -> None:
    Link.objects.bulk_create(
        [
            Link(paper=draft.paper, kind=draft.links[url].kind, url=url, source=source)
            for draft in changed
            for url, source in draft.new_links.items()
        ],
        ignore_conflicts=True,
    )
    Listing.objects.bulk_create(
        [
            Listing(paper=draft.paper, list_name=name, day=day, kind=draft.listings[name, day])
            for draft in changed
            for name, day in sorted(draft.new_listings)
        ],
        update_conflicts=True,
        unique_fields=["paper", "list_name", "day"],
        update_fields=["kind"],
    )
    Signal.objects.bulk_create(
        [
            Signal(paper=draft.paper, kind=kind, day=day, value=draft.signals[kind, day])
            for draft in changed
            for kind, day in sorted(draft.new_signals)
        ],
        update_conflicts=True,
        unique_fields=["paper", "kind", "day"],
        update_fields=["value"],
    )


