"""Looks whether database, index, jobs and sources are well. Tells states and times, never a setting."""

from datetime import datetime, timedelta

from django.db import DatabaseError

from broadsheet import wiring
from broadsheet.deliver.web.context import VERSION
from broadsheet.store import changes, pages, unread, webhook_report
from broadsheet.store.delivery_report import alarms

LATE = timedelta(hours=1)  # a job so long overdue means that no worker runs

Report = dict[str, object]


def look(now: datetime) -> Report:
    database = _database()
    is_up = database["ok"] is True
    index = _index() if is_up else {"ok": False, "problem": "not asked: the database does not answer"}
    meaning = _meaning() if is_up else {"ok": False, "problem": "not asked: the database does not answer"}
    readings = _readings() if is_up else {"ok": False, "problem": "not asked: the database does not answer"}
    jobs, sources = (_jobs(now), _sources()) if is_up else ([], [])
    digests = _digests(now) if is_up else {"ok": False}
    webhooks = _webhooks(now) if is_up else {"ok": False}
    is_well = (
        digests["ok"] is True
        and webhooks["ok"] is True
        and not any(job["is_late"] for job in jobs)
        and not any(source["failing_since"] for source in sources)
    )
    status = "down" if not (is_up and index["ok"]) else "ok" if is_well else "degraded"
    return {
        "status": status,
        "version": VERSION,
        "now": now,
        "database": database,
        "index": index,
        "meaning": meaning,
        "readings": readings,
        "jobs": jobs,
        "sources": sources,
        "digests": digests,
        "webhooks": webhooks,
    }


def is_serving(report: Report) -> bool:
    return report["status"] != "down"


def _database() -> Report:
    try:
        return {"ok": True, "changes": changes.newest()}
    except DatabaseError as error:
        return {"ok": False, "problem": type(error).__name__}


def _index() -> Report:
    try:
        index = wiring.words_index()
        behind = changes.newest() - (index.seen() or 0)
        return {"ok": True, "papers": index.count(), "changes_behind": max(0, behind)}
    except (OSError, ValueError) as error:
        return {"ok": False, "problem": type(error).__name__}


def _meaning() -> Report:
    """Search goes on without it, by words alone: it never makes the site `down`."""
    try:
        index = wiring.vectors_index()
        state = index.state()
        if state is None:
            return {"ok": True, "papers": 0}
        behind = max(0, changes.newest() - state.up_to)
        return {
            "ok": True,
            "model": state.made.model,
            "papers": index.count(),
            "changes_behind": behind,
            "is_complete": state.is_complete,
        }
    except (OSError, ValueError) as error:
        return {"ok": False, "problem": type(error).__name__}


def _readings() -> Report:
    """Pages go on without them: they never make the site `down`."""
    progress = unread.reached()
    if progress is None:
        return {"ok": True, "reader": None}
    behind = max(0, changes.newest() - progress.seen)
    return {
        "ok": True,
        "reader": progress.reader,
        "changes_behind": behind,
        "is_complete": progress.is_complete,
    }


def _jobs(now: datetime) -> list[Report]:
    return [
        {
            "name": job.name,
            "run_at": job.run_at,
            "is_running": job.is_running,
            "is_late": job.run_at + LATE < now,
            "tries": job.tries,
            "succeeded_at": job.succeeded_at,
            "is_failing": bool(job.last_error),
        }
        for job in pages.job_lines()
    ]


def _digests(now: datetime) -> Report:
    """No word of it: `digest status` has them."""
    return {"ok": not alarms(now)}


def _webhooks(now: datetime) -> Report:
    """No word of it either: the owner's page and `webhook list` have them."""
    return {"ok": not webhook_report.alarms(now)}


def _sources() -> list[Report]:
    return [
        {
            "name": line.name,
            "answered_at": line.answered_at,
            "failing_since": line.failing_since,
            "wait_until": line.wait_until,
        }
        for line in pages.source_lines()
    ]
