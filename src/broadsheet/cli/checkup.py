"""What `broadsheet doctor` looks at: each check gives findings, and what to do about a bad one."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connection

from broadsheet import wiring
from broadsheet.cli import mail_checkup, prepare, summary_checkup
from broadsheet.cli.findings import Finding, Level
from broadsheet.deliver.email.post import PostDown, SmtpPost
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.enrich.embed.base import EmbedderError
from broadsheet.jobs import agenda
from broadsheet.lib.http import UpstreamError
from broadsheet.store import changes, pages, unread, webhook_report, webhooks
from broadsheet.store.delivery_report import alarms, subscription_counts
from broadsheet.store.page_values import JobLine, SourceLine

LITTLE_SPACE = 1_000_000_000  # bytes
TOO_LITTLE_SPACE = 100_000_000
LATE = timedelta(minutes=15)
FAR_BEHIND = 50_000  # papers that the index has not seen
FAILING_LONG = timedelta(days=1)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


Check = Callable[[], Iterator[Finding]]


def examine(now: datetime, *, may_ask: bool) -> Iterator[Finding]:
    """All findings, the ground first. Without a database the rest is left out."""
    yield from _python()
    yield from _folder()
    yield from _secret_key()
    yield from _reach()
    yield from mail_checkup.settings()
    is_up = True
    for finding in _database():
        is_up = is_up and finding.level is not Level.FAIL
        yield finding
    if is_up:
        yield from _index()
        yield from _meaning()
        yield _readings()
        yield from _jobs(now)
        yield from _sources(now)
        yield from summary_checkup.settings()
        yield from _digests(now)
        yield from _webhooks(now)
    if may_ask:
        yield from _network()


def _python() -> Iterator[Finding]:
    is_new_enough = sys.version_info >= (3, 11)
    level = Level.OK if is_new_enough else Level.FAIL
    yield Finding(
        "Python", level, platform.python_version(), "" if is_new_enough else "Install Python 3.11 or newer."
    )


def _folder() -> Iterator[Finding]:
    folder = wiring.data_folder()
    if not os.access(folder, os.W_OK):
        remedy = "Give this user the right to write there, or set BROADSHEET_DATA to another folder."
        yield Finding("data folder", Level.FAIL, f"{folder} cannot be written to", remedy)
        return
    if folder.stat().st_mode & 0o077:
        yield Finding("data folder", Level.WARN, f"others may read {folder}", f"Run: chmod 700 {folder}")
    else:
        yield Finding("data folder", Level.OK, str(folder))
    free = shutil.disk_usage(folder).free
    level = Level.FAIL if free < TOO_LITTLE_SPACE else Level.WARN if free < LITTLE_SPACE else Level.OK
    remedy = "" if level is Level.OK else "Make room; all of arXiv needs some 15 GB."
    yield Finding("disk space", level, f"{free / 1e9:,.1f} GB free", remedy)


def _secret_key() -> Iterator[Finding]:
    path: Path = wiring.data_folder() / "secret_key"
    if wiring.option("SECRET_KEY"):
        yield Finding("signing key", Level.OK, "from BROADSHEET_SECRET_KEY")
    elif path.exists() and path.stat().st_mode & 0o077:
        yield Finding("signing key", Level.FAIL, f"others may read {path}", f"Run: chmod 600 {path}")
    else:
        yield Finding("signing key", Level.OK, "kept in the data folder, for its owner alone")


def _reach() -> Iterator[Finding]:
    host, port = wiring.option("HOST"), wiring.option("PORT")
    if host in LOOPBACK:
        yield Finding("reach", Level.OK, f"only this machine, on port {port}")
    elif not wiring.option("ALLOWED_HOSTS") and not wiring.option("URL"):
        remedy = "Set BROADSHEET_URL, or BROADSHEET_ALLOWED_HOSTS, to the names that readers use."
        yield Finding("reach", Level.WARN, f"bound to {host}, but no host name is allowed", remedy)
    else:
        yield Finding("reach", Level.OK, f"{wiring.site_url()}, bound to {host}")
    if host not in LOOPBACK and wiring.option("DEBUG"):
        remedy = "Set BROADSHEET_DEBUG=no: an error page shows readers the code and its values."
        yield Finding("debug", Level.FAIL, "errors are shown to everybody who can reach the site", remedy)


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        remedy = "Check that it runs, and BROADSHEET_DATABASE_URL."
        yield Finding("database", Level.FAIL, f"does not answer: {' '.join(str(error).split())}", remedy)
        return
    if missing := prepare.unapplied():
        remedy = "Start broadsheet up: it brings the tables up to date."
        yield Finding("tables", Level.FAIL, f"{len(missing)} migrations are missing", remedy)
        return
    if strange := prepare.unknown():
        remedy = "Update Broadsheet, or restore a backup made with this version."
        yield Finding("tables", Level.FAIL, f"made by a newer version ({strange[-1]})", remedy)
        return
    yield Finding("database", Level.OK, f"{_engine()}, {pages.paper_count():,} papers")
    yield from _journal()


def _engine() -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)


def _journal() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if mode not in ("wal", "memory"):
        remedy = "Keep the data folder on a local disk: SQLite's WAL does not work on network folders."
        yield Finding(
            "journal", Level.WARN, f"SQLite's journal is {mode!r}, not WAL: pages wait for jobs", remedy
        )


def _index() -> Iterator[Finding]:
    try:
        index = wiring.words_index()
        seen, count = index.seen(), index.count()
    except (OSError, ValueError) as error:
        yield Finding("index", Level.FAIL, f"cannot be opened: {error}", "Run: broadsheet reindex")
        return
    if seen is None:
        level = Level.WARN if pages.paper_count() else Level.OK
        remedy = "The worker makes it; or run: broadsheet reindex" if level is Level.WARN else ""
        yield Finding("index", level, "none yet for this database", remedy)
        return
    behind = max(0, changes.newest() - seen)
    level = Level.WARN if behind > FAR_BEHIND else Level.OK
    remedy = "Check that the worker runs." if level is Level.WARN else ""
    yield Finding("index", level, f"{count:,} papers, {behind:,} changes behind the store", remedy)


def _meaning() -> Iterator[Finding]:
    """Without vectors search goes on by words alone, so that nothing here is a failure of the site."""
    setting = wiring.option("EMBEDDER")
    try:
        model = wiring.embedder().model
    except EmbedderError as error:
        remedy = "Search goes by words alone. Put it right, or unset BROADSHEET_EMBEDDER."
        yield Finding("embedder", Level.WARN, f"{setting} cannot be used: {error}", remedy)
        return
    try:
        index = wiring.vectors_index()
        state, growing, count = index.state(), index.growing(), index.count()
    except (OSError, ValueError) as error:
        yield Finding(
            "meaning", Level.FAIL, f"cannot be opened: {error}", "Run: broadsheet reindex --meaning"
        )
        return
    if state is None:
        yield Finding("meaning", Level.OK, "no vectors yet for this database; the worker makes them")
        return
    text = f"{count:,} papers embedded by {state.made.model}"
    if growing or state.made.model != model:
        reached = growing.rows if growing else 0
        text += f"; {model} takes its place when it has them all, {reached:,} so far"
    elif state.began_at and not state.is_complete:
        text += "; older ones follow, newest first"
    if wiring.query_embedder(wiring.vectors_index()) is None:
        remedy = "Search goes by words alone until then; keep the worker running."
        yield Finding("meaning", Level.WARN, f"{text}; the former model cannot be loaded", remedy)
        return
    yield Finding("meaning", Level.OK, text)


def _readings() -> Finding:
    progress = unread.reached()
    if progress is None:
        return Finding("readings", Level.OK, "no paper is read yet; the worker does it")
    behind = max(0, changes.newest() - progress.seen)
    level = Level.WARN if behind > FAR_BEHIND else Level.OK
    text = f"read by {progress.reader}, {behind:,} changes behind the store"
    if not progress.is_complete:
        text += "; older papers follow, newest first"
    return Finding("readings", level, text, "Check that the worker runs." if level is Level.WARN else "")


def _jobs(now: datetime) -> Iterator[Finding]:
    lines = [line for line in pages.job_lines() if line.name in agenda.plan().names]
    if not lines:
        yield Finding(
            "jobs", Level.WARN, "no worker has run yet", "Start broadsheet up, or broadsheet worker."
        )
    for line in lines:
        yield _job(line, now)


def _job(line: JobLine, now: datetime) -> Finding:
    what = f"job {line.name}"
    if line.run_at + LATE < now:
        late = f"due since {line.run_at:%Y-%m-%d %H:%M} UTC"
        return Finding(what, Level.WARN, late, "No worker seems to run: start broadsheet up.")
    if line.last_error:
        text = f"failed at try {line.tries}: {line.last_error}"
        return Finding(what, Level.WARN, text, f"It is tried again at {line.run_at:%Y-%m-%d %H:%M} UTC.")
    if line.is_running:
        return Finding(what, Level.OK, "running")
    return Finding(what, Level.OK, f"{line.result or 'not run yet'}; next {line.run_at:%Y-%m-%d %H:%M} UTC")


def _sources(now: datetime) -> Iterator[Finding]:
    for line in pages.source_lines(with_writer=True):
        yield _source(line, now)


def _source(line: SourceLine, now: datetime) -> Finding:
    what = f"source {line.name}"
    if line.failing_since is None and line.answered_at is None:
        return Finding(what, Level.OK, "asked, no whole answer yet")
    if line.failing_since is None:
        return Finding(what, Level.OK, f"answered {_day(line.answered_at)}: {line.last_report}")
    is_long = now - line.failing_since > FAILING_LONG
    text = f"failing since {_day(line.failing_since)}: {line.last_error}"
    remedy = "Try: broadsheet doctor --network" if is_long else "It is tried again by itself."
    return Finding(what, Level.WARN, text, remedy)


def _digests(now: datetime) -> Iterator[Finding]:
    counts = subscription_counts()
    if not counts:
        return
    way = "to the mail server" if wiring.option("SMTP_URL") else "into the outbox"
    active = counts.get(SubscriptionState.ACTIVE, 0)
    yield Finding("digests", Level.OK, f"{active:,} active subscriptions, {way}")
    for alarm in alarms(now):
        yield Finding("digests", Level.WARN, alarm, "Run: broadsheet digest status")


def _webhooks(now: datetime) -> Iterator[Finding]:
    count = webhooks.count()
    if not count:
        return
    told = webhook_report.alarms(now)
    if not told:
        yield Finding("webhooks", Level.OK, f"{count:,}, and nothing is kept from arriving")
    for alarm in told:
        yield Finding(
            "webhooks", Level.WARN, alarm, "Look at /owner/webhooks, or run: broadsheet webhook list"
        )


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"


def _network() -> Iterator[Finding]:
    """One small request to each source, with the usual gaps, so that it may take some seconds."""
    client = wiring.client()
    for name, url in wiring.probes().items():
        try:
            client.get(url)
        except UpstreamError as error:
            yield Finding(
                f"network {name}", Level.FAIL, str(error), "Check this machine's network and proxy."
            )
        else:
            yield Finding(f"network {name}", Level.OK, f"{url} answers")
    yield from summary_checkup.network()
    yield from _mail_server()
    yield from mail_checkup.network()


def _mail_server() -> Iterator[Finding]:
    post = agenda.mail_room().post()
    if not isinstance(post, SmtpPost):
        return
    try:
        post.greet()
    except PostDown as error:
        yield Finding("mail server", Level.FAIL, str(error), "Then try: broadsheet digest test ADDRESS")
    else:
        yield Finding("mail server", Level.OK, f"{post.server} lets us in")
