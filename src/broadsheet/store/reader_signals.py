"""Takes in the notes of what readers did: totals by paper and day, which is all that is kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import OuterRef, Subquery

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.signal import OF_READERS, SignalKind
from broadsheet.lib.files import AlreadyLocked, locked
from broadsheet.store import reader_notes
from broadsheet.store.changes import write_alone
from broadsheet.store.models import Fact, FormerKey, Paper, Signal
from broadsheet.store.rows import insert
from broadsheet.store.write import mark_papers

GAP = timedelta(minutes=10)  # an open marks three editions stale, and each is made anew as a whole
_AT_ONCE = 1_000  # papers
_LAST_TIME = "readers taken in"

Gains = Counter[tuple[int, SignalKind]]  # by Paper.id


def take_in(folder: Path, *, now: datetime) -> int:
    """Add up all notes and delete their files; returns how many notes there were.

    Each file is taken in once: its name is kept in the transaction that writes the totals, until the
    file has gone. Less than `GAP` after the last time nothing happens, so that editions can rest.
    """
    if not folder.is_dir() or not _is_due(now):
        return 0
    try:
        with locked(folder / "lock", wait=False):
            return sum(_take(path, now) for path in reader_notes.set_aside(folder))
    except AlreadyLocked:
        return 0  # another worker is at it


def _is_due(now: datetime) -> bool:
    last = Fact.objects.filter(name=_LAST_TIME).values_list("value", flat=True).first()
    return last is None or not timedelta(0) <= now - datetime.fromisoformat(last) < GAP


def _take(path: Path, now: datetime) -> int:
    notes = reader_notes.read(path)
    taken = Fact.objects.filter(name=f"notes {path.name}")
    with transaction.atomic():
        write_alone()
        is_new = not taken.exists()
        if is_new:
            _add(_by_paper(notes.gains), notes.day, now.date())
            Fact.objects.create(name=f"notes {path.name}", value=now.isoformat())
            Fact.objects.update_or_create(name=_LAST_TIME, defaults={"value": now.isoformat()})
    path.unlink()
    taken.delete()
    return notes.count if is_new else 0


def _by_paper(gains: Counter[reader_notes.Counted]) -> Gains:
    """Under the ids of today: a paper may have got a better key since. What we do not hold is left out."""
    found: Gains = Counter()
    for keys in _batched(sorted({key for key, _ in gains})):
        ids = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "paper_id"))
        ids |= dict(Paper.objects.filter(key__in=keys).values_list("key", "pk"))
        for key in keys:
            for kind in OF_READERS if key in ids else ():
                found[ids[key], kind] += gains[key, kind]
    return found


def _batched(keys: Sequence[PaperKey]) -> Iterator[list[PaperKey]]:
    rest = iter(keys)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch


def _add(gains: Gains, day: date, today: date) -> None:
    ids = sorted({paper_id for (paper_id, _), gain in gains.items() if gain})
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        _write_totals(some, gains, day)
        mark_papers(some, today)


def _write_totals(ids: Sequence[int], gains: Gains, day: date) -> None:
    """Today's row is the last total and what came; notes of yesterday, taken in late, count today too."""
    rows: list[tuple[int, str, date, int]] = [
        (paper_id, kind, day, max(0, (last or 0) + gains[paper_id, kind]))
        for paper_id, *totals in _last_totals(ids, day)
        for kind, last in zip(OF_READERS, totals, strict=True)
        if gains[paper_id, kind]
    ]
    later = Signal.objects.filter(paper_id__in=ids, kind__in=OF_READERS, day__gt=day)
    rows += [
        (row.paper_id, row.kind, row.day, max(0, row.value + gains[row.paper_id, SignalKind(row.kind)]))
        for row in later.order_by("id")
    ]
    columns = ("paper_id", "kind", "day", "value")
    insert(Signal, columns, rows, unique=columns[:3], update=columns[3:])


def _last_totals(ids: Sequence[int], day: date) -> Iterator[tuple[int, ...]]:
    """For each paper its id, and the totals of `OF_READERS` as that day found them."""
    until = Signal.objects.filter(paper_id=OuterRef("pk"), day__lte=day).order_by("-day")
    last = {kind.value: Subquery(until.filter(kind=kind).values("value")[:1]) for kind in OF_READERS}
    yield from Paper.objects.filter(pk__in=ids).annotate(**last).order_by("pk").values_list("pk", *last)
