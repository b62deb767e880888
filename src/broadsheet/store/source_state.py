"""How far each source got, and how its upstream has answered; pages, doctor and the worker read it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce

from broadsheet.store.models import SourceState

WRITER = "summaries"  # is asked for lines and tells of no paper: no page of readers speaks of it

Progress = dict[str, Any]  # as JSON; only the source itself understands it


def progress_of(name: str) -> Progress:
    """What was saved last, or {} for a source never asked."""
    return SourceState.objects.filter(name=name).values_list("progress", flat=True).first() or {}


def save_progress(name: str, progress: Progress) -> None:
    """Called inside the transaction that keeps the papers, so that progress is never ahead of them."""
    _write(name, progress=progress)


def asked(name: str, now: datetime) -> None:
    _write(name, asked_at=now)


def answered(name: str, report: str, now: datetime) -> None:
    """It could be read to the end; `report` is one line of what it told."""
    _write(name, answered_at=now, failing_since=None, last_error="", wait_until=None, last_report=report)


def failed(name: str, error: str, now: datetime, retry_after: timedelta | None = None) -> None:
    """It could not be read. The first failure of a row stays the moment since when it fails."""
    _write(
        name,
        failing_since=Coalesce("failing_since", Value(now)),
        last_error=error,
        wait_until=now + retry_after if retry_after else None,
    )


def rests(name: str) -> None:
    """It is asked no more, so that its failure is nobody's trouble; what it spent stays known."""
    SourceState.objects.filter(name=name, failing_since__isnull=False).update(
        failing_since=None, last_error="", wait_until=None
    )


def _write(name: str, **columns: Any) -> None:
    rows = SourceState.objects.filter(name=name)
    if not rows.update(**columns):
        SourceState.objects.bulk_create([SourceState(name=name)], ignore_conflicts=True)
        rows.update(**columns)
