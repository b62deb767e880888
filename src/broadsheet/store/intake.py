"""Takes records in: one paper per key, merged by rule, nothing lost, nothing twice."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

import orjson
from django.db import transaction

from broadsheet.domain.ids import title_hash
from broadsheet.domain.paper import BadRecord, IntakeReport, PaperRecord, Removal, Told
from broadsheet.domain.tally import RepositoryTold, Tally
from broadsheet.store import models
from broadsheet.store.absorb import absorb
from broadsheet.store.changes import write_alone
from broadsheet.store.drafts import Draft, PaperRow
from broadsheet.store.find import Drafts, load_drafts
from broadsheet.store.tallies import let_own_counts_stand, take_tallies
from broadsheet.store.write import write

BATCH = 1_000
LARGE_BATCH = 5_000  # for imports of all of arXiv: each transaction rewrites most pages of the indexes
_Said = PaperRecord | Removal | Tally | RepositoryTold
_KEY_STRENGTH = {"arxiv": 2, "doi": 1, "title": 0}


def take_in(
    told: Iterable[Told],
    *,
    now: datetime,
    alongside: Callable[[], None] | None = None,
    at_once: int = BATCH,
) -> IntakeReport:
    """Store what sources told, so many at a time, each batch in one transaction.

    A run that dies keeps what it had; taking the same in again changes nothing. `alongside` runs
    inside the last transaction: progress saved there is never ahead of the papers.
    """
    report = IntakeReport()
    batches = _batches(told, at_once)
    batch = next(batches, [])
    while batch or alongside:
        following = next(batches, [])
        with transaction.atomic():
            write_alone()
            report.add(_keep(batch, now))
            if not following and alongside:
                alongside()
        if not following:
            break
        batch = following
    return report


def _batches(told: Iterable[Told], at_once: int) -> Iterator[list[Told]]:
    rest = iter(told)
    while batch := list(islice(rest, at_once)):
        yield batch


def _keep(batch: Sequence[Told], now: datetime) -> IntakeReport:
    report = IntakeReport()
    good: list[tuple[PaperRecord | Removal, str]] = []
    tallies: list[Tally | RepositoryTold] = []
    for item in batch:
        bad = item if isinstance(item, BadRecord) else _from_the_future(item, now)
        if bad is not None:
            report.add_bad(bad)
        elif isinstance(item, Tally | RepositoryTold):
            tallies.append(item)
        elif not isinstance(item, BadRecord):
            good.append((item, _digest(item)))
    if good:
        _keep_records(good, now, report)
    report.add(take_tallies(tallies, now))
    return report


def _keep_records(
    good: Sequence[tuple[PaperRecord | Removal, str]], now: datetime, report: IntakeReport
) -> None:
    fresh = _not_told_before(good, report)
    drafts = load_drafts([item for item, _ in fresh])
    touched: dict[int, Draft] = {}
    for item, digest in fresh:
        draft = _merge(item, digest, drafts, now)
        if draft is not None:
            touched[id(draft)] = draft
    report.unchanged += len(fresh)  # _count takes off what was added or changed, once per paper
    remaining = [draft for draft in drafts.all if id(draft) in touched]
    let_own_counts_stand(remaining)
    _count(remaining, report)
    write(remaining, now)


def _count(touched: Iterable[Draft], report: IntakeReport) -> None:
    for draft in touched:
        if draft.is_new:
            report.added += 1
        elif draft.has_changed:
            report.changed += 1
        else:
            continue
        report.unchanged -= 1


def _digest(item: PaperRecord | Removal) -> str:
    """What a record says, in 32 digits, so that hearing it again costs one comparison.

    The first eight are its length: of two records that differ and claim the same day, the greater
    digest is the one that says more.
    """
    said = orjson.dumps(item)
    return f"{len(said):08x}{hashlib.blake2b(said, digest_size=12).hexdigest()}"


def _not_told_before(
    good: Sequence[tuple[PaperRecord | Removal, str]], report: IntakeReport
) -> list[tuple[PaperRecord | Removal, str]]:
    """Leave out what its source has told before, word for word: the common case of a second run."""
    rows = models.PaperSource.objects.filter(
        paper__key__in={item.key for item, _ in good}, source__in={item.source for item, _ in good}
    ).values_list("paper__key", "source", "digest")
    digests = {(key, source): digest for key, source, digest in rows}
    fresh = [(item, digest) for item, digest in good if digests.get((item.key, item.source)) != digest]
    report.unchanged += len(good) - len(fresh)
    return fresh


def _merge(item: PaperRecord | Removal, digest: str, drafts: Drafts, now: datetime) -> Draft | None:
    if isinstance(item, Removal):
        draft = drafts.by_key(item.key)
        if draft is not None:
            draft.remove(item)
        return draft
    found = drafts.same_works(item)
    draft = found[0] if found else _new_draft(item, drafts, now)
    for other in found[1:]:
        draft = _join(draft, other, drafts)
    _settle_key(draft, item, drafts)
    draft.merge(item, digest)
    drafts.note(draft)
    return draft


def _new_draft(record: PaperRecord, drafts: Drafts, now: datetime) -> Draft:
    draft = Draft(PaperRow(record.key, record.title, title_hash(record.title), first_seen_at=now))
    drafts.add(draft)
    return draft


def _strength(key: str) -> int:
    return _KEY_STRENGTH[key.partition(":")[0]]


def _join(one: Draft, other: Draft, drafts: Drafts) -> Draft:
    """Two rows turn out to be one paper: the stored one stays, or else the one with the better id."""
    by_worth = sorted((one, other), key=lambda draft: (draft.is_new, -_strength(draft.paper.key)))
    stays, goes = by_worth
    absorb(stays, goes)
    drafts.forget(goes, stays)
    _take_key(stays, goes.paper.key, drafts)
    return stays


def _settle_key(draft: Draft, record: PaperRecord, drafts: Drafts) -> None:
    if record.key != draft.paper.key and (
        drafts.by_key(record.key) is not draft or _strength(record.key) > _strength(draft.paper.key)
    ):
        _take_key(draft, record.key, drafts)


def _take_key(draft: Draft, key: str, drafts: Drafts) -> None:
    """The better id is the key of a paper; the other one leads on to it."""
    before = draft.paper.key
    if _strength(key) > _strength(before):
        draft.paper.key, key = key, before
        draft.changed.add("key")
    draft.former_keys.discard(draft.paper.key)
    draft.former_keys.add(key)
    drafts.note(draft, before, key)


def _from_the_future(item: _Said, now: datetime) -> BadRecord | None:
    """A day of slack: a date is the day of some time zone."""
    limit = now.date() + timedelta(days=1)
    for what, day in _days_told(item):
        if day > limit:
            where = item.url if isinstance(item, RepositoryTold) else item.key
            return BadRecord(item.source, where, f"{what} on {day}, which is in the future")
    return None


def _days_told(item: _Said) -> Iterator[tuple[str, date]]:
    if isinstance(item, PaperRecord):
        yield from _days_of_record(item)
    elif isinstance(item, Tally):
        yield from ((f"{reading.kind} read", reading.day) for reading in item.readings)
    elif isinstance(item, RepositoryTold):
        yield "read", item.read_on


def _days_of_record(record: PaperRecord) -> Iterator[tuple[str, date]]:
    if record.submitted_at:
        yield "submitted", record.submitted_at.date()
    if record.announced_on:
        yield "announced", record.announced_on
    if record.updated_on:
        yield "updated", record.updated_on
    for listing in record.listings:
        yield "listed", listing.day
    for reading in record.signals:
        yield f"{reading.kind} read", reading.day
