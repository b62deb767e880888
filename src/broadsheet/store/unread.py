"""What the reader asks of the store: papers it has not read, news first, then old ones, the newest first."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from broadsheet.store import changes
from broadsheet.store.models import Fact, Paper, Reading
from broadsheet.store.news import changed_after, old_rows

HOW_FAR = "readings"
GIVES_WAY = timedelta(hours=1)  # an upgrade, while which two versions may run, takes less


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one version of the reader has come, from two ends; kept with the readings it stands for."""

    reader: str
    seen: int  # the change number up to which news are read
    began_at: int  # papers not changed since this number are old
    day: date | None = None  # the old paper read last: its day and id
    paper_id: int | None = None
    is_complete: bool = False  # all old ones are read
    former: str = ""  # the version whose place it took, and when
    since: datetime | None = None

    def is_before(self, reader: str, now: datetime) -> bool:
        """Whether this one has just replaced that version, which may come back later: owners go back, too."""
        return self.former == reader and self.since is not None and abs(now - self.since) < GIVES_WAY


class Unread(NamedTuple):
    paper_id: int
    change_no: int
    title: str
    text: str  # the abstract, or where no source told one the summary
    text_hash: str
    names: Sequence[str]  # that sources told
    is_read: bool  # this very text, by this reader


class Batch(NamedTuple):
    papers: list[Unread]
    after: Progress  # once these are kept; as before where there was nothing


class _Row(NamedTuple):
    pk: int
    change_no: int
    title: str
    abstract: str
    summary: str
    names: Sequence[str]
    dated_on: date | None


def begin(reader: str, now: datetime) -> Progress | None:
    """Where this reader goes on; another version begins anew, with the newest papers.

    None for a while where another version has just taken its place: two side by side would throw each
    other back for ever.
    """
    kept = reached()
    if kept is not None and kept.reader == reader:
        return kept
    if kept is not None and kept.is_before(reader, now):
        return None
    newest = changes.newest()
    progress = Progress(reader, seen=newest, began_at=newest)
    if kept is not None:
        progress = replace(progress, former=kept.reader, since=now)
    Fact.objects.update_or_create(name=HOW_FAR, defaults={"value": _written(progress)})
    return progress


def advance(before: Progress, after: Progress) -> bool:
    """Note how far the reader came; False when another worker has noted something meanwhile."""
    rows = Fact.objects.filter(name=HOW_FAR, value=_written(before))
    return bool(rows.update(value=_written(after)))


def news(progress: Progress, *, most: int) -> Batch:
    """Papers changed since the last of the news, the oldest change first."""
    found = changed_after(progress.seen, Paper.objects.all(), _Row._fields, most=most)
    papers = _unread([_Row(*row) for row in found.rows], progress.reader)
    return Batch(papers, replace(progress, seen=found.up_to))


def old(progress: Progress, *, most: int) -> Batch:
    """Papers from before this reader began, newest first."""
    place = (progress.day, progress.paper_id)
    rows = [_Row(*row) for row in old_rows(*place, _Row._fields, began_at=progress.began_at, most=most)]
    last = (rows[-1].dated_on, rows[-1].pk) if rows else place
    after = replace(progress, day=last[0], paper_id=last[1], is_complete=len(rows) < most)
    return Batch(_unread(rows, progress.reader), after)


def _unread(rows: Sequence[_Row], reader: str) -> list[Unread]:
    held = Reading.objects.filter(paper_id__in=[row.pk for row in rows], reader=reader)
    hashes = dict(held.values_list("paper_id", "text_hash"))
    return [_of(row, hashes.get(row.pk, "")) for row in rows]


def _of(row: _Row, read: str) -> Unread:
    text = row.abstract or row.summary
    said = digest_of(row.title, text)
    return Unread(row.pk, row.change_no, row.title, text, said, row.names, said == read)


def digest_of(title: str, text: str) -> str:
    """Tells one text from another: what was made of the same is made once."""
    return hashlib.blake2b(f"{title}\n{text}".encode(), digest_size=8).hexdigest()


def reached() -> Progress | None:
    """How far the newest reader has come; None before the first one began."""
    value = Fact.objects.filter(name=HOW_FAR).values_list("value", flat=True).first()
    if value is None:
        return None
    told: dict[str, Any] = orjson.loads(value)
    day, since = told["day"], told.get("since")
    told["day"] = date.fromisoformat(day) if day else None
    return Progress(**told | {"since": datetime.fromisoformat(since) if since else None})


def _written(progress: Progress) -> str:
    told = asdict(progress)
    if not progress.former:  # as it was written before these were kept: `advance` compares it
        del told["former"], told["since"]
    return orjson.dumps(told).decode()
