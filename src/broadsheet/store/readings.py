"""Keeps what was read of papers, with the owner's corrections laid upon it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.db import transaction
from django.db.models import Max

from broadsheet.domain.claim_values import claim_of_json
from broadsheet.domain.naming import is_name, name_key
from broadsheet.domain.reading import Claim, Reading, Span
from broadsheet.domain.standing import Corrected, Standing, standing
from broadsheet.lib.safe_url import web_address
from broadsheet.lib.text import plain_line, shortened
from broadsheet.store import models
from broadsheet.store.changes import write_alone
from broadsheet.store.models import Action, Correction, Paper
from broadsheet.store.rows import insert
from broadsheet.store.shown import show_anew
from broadsheet.store.unread import Progress, Unread, advance

MOST_CLAIMS = 50  # of one paper; a text of ten thousand numbers claims nothing
MOST_ITEMS = 20  # names, keywords, links, sizes
LONGEST = 200  # characters of a name, a metric, a subject
LONGEST_QUOTE = 2_000

Names = tuple[str, ...]
_READING: Names = ("paper_id", "reader", "text_hash", "kind", "names", "keywords", "links", "sizes")
_READING += ("one_line", "line_start", "line_end")
SAID: Names = ("value", "value_max", "unit", "metric", "subject", "dataset", "baseline")
SAID += ("bound", "direction", "quote", "start", "end")
KEPT: Names = (*SAID, "subject_key", "dataset_key", "baseline_key", "is_removed", "thread")
_CLAIM: Names = ("paper_id", "place", *KEPT)


@dataclass(frozen=True, slots=True)
class Read:
    """A paper, and what was read of it."""

    of: Unread
    reading: Reading


def keep(read: Sequence[Read], before: Progress, after: Progress) -> bool:
    """Write the readings and how far the reader came, all or nothing; False when another worker was first.

    What changed or went since it was read is left out: a change comes again with the news.
    """
    with transaction.atomic():
        if read:
            write_alone()
        if not advance(before, after):
            return False
        numbers = dict(
            Paper.objects.filter(pk__in=[one.of.paper_id for one in read]).values_list("pk", "change_no")
        )
        write([one for one in read if numbers.get(one.of.paper_id) == one.of.change_no], after.reader)
    return True


def write(read: Sequence[Read], reader: str) -> None:
    """In place of what was read of these papers before; in a transaction, while nobody else writes papers."""
    ids = [one.of.paper_id for one in read]
    if not ids:
        return
    corrections = corrections_of(ids)
    insert(
        models.Reading,
        _READING,
        (_reading_row(one, reader) for one in read),
        unique=_READING[:1],
        update=_READING[1:],
    )
    models.Claim.objects.filter(paper_id__in=ids).delete()
    rows = (row for one in read for row in _claim_rows(one, corrections.get(one.of.paper_id, [])))
    insert(models.Claim, _CLAIM, rows)
    show_anew(ids)


def corrections_of(paper_ids: Sequence[int]) -> dict[int, list[Corrected]]:
    """What the owner did last with each claim, where that is in force, the oldest thread first."""
    newest = Correction.objects.filter(paper_id__in=paper_ids).values("thread").annotate(newest=Max("id"))
    ids = list(newest.values_list("newest", flat=True))
    rows = Correction.objects.filter(pk__in=ids).exclude(action=Action.RESTORE).order_by("id") if ids else []
    found: dict[int, list[Corrected]] = {}
    for row in rows:
        stands = claim_of_json(row.stands) if row.stands else None
        corrected = Corrected(row.thread, claim_of_json(row.as_read), stands)
        found.setdefault(row.paper_id, []).append(corrected)
    return found


def _reading_row(read: Read, reader: str) -> tuple[Any, ...]:
    said, line = read.reading, read.reading.one_line
    is_whole = line is not None and _is_in(line, read.of.text)
    start, end = (line.start, line.end) if line is not None and is_whole else (0, 0)
    return (
        read.of.paper_id,
        reader,
        read.of.text_hash,
        said.kind or "",
        _short(said.names),
        _short(said.keywords),
        [[link.url, link.kind] for link in said.links if web_address(link.url)][:MOST_ITEMS],
        [[size.value, size.what, *_flat(size.quote)] for size in said.sizes[:MOST_ITEMS]],
        read.of.text[start:end],
        start,
        end,
    )


def _flat(span: Span) -> tuple[str, int, int]:
    return span.text, span.start, span.end


def _short(items: Iterable[str]) -> list[str]:
    return [shortened(item, LONGEST) for item in list(items)[:MOST_ITEMS]]


def _claim_rows(read: Read, corrections: Sequence[Corrected]) -> Iterator[tuple[Any, ...]]:
    text, own = read.of.text, own_name(read.of.names, read.reading.names)
    sound = [claim for claim in read.reading.claims if _is_sound(claim, text)][:MOST_CLAIMS]
    for place, one in enumerate(standing(sound, corrections, text)):
        yield (read.of.paper_id, place, *claim_columns(one, own))


def own_name(told: Sequence[str], read: Sequence[str]) -> str:
    """What the paper's work is called: by its sources, or else as it was read."""
    return next(iter([*told, *read]), "")


def claim_columns(one: Standing, own_name: str) -> tuple[Any, ...]:
    """Columns from `value` on. A claim that names no subject is about what the paper names first."""
    claim = one.claim
    texts = (claim.unit, claim.metric, claim.subject, claim.dataset, claim.baseline)
    told = [shortened(plain_line(text), LONGEST) for text in texts]
    named = (claim.subject or own_name, claim.dataset, claim.baseline)
    keys = (name_key(name) if is_name(name) else "" for name in named)
    limits = (claim.bound or "", claim.direction or "")
    return (
        claim.value,
        claim.value_max,
        *told,
        *limits,
        *_flat(claim.quote),
        *keys,
        one.is_removed,
        one.thread,
    )


def _is_sound(claim: Claim, text: str) -> bool:
    """A number, and its proof stands in the text to the letter."""
    is_number = isfinite(claim.value) and isfinite(claim.value_max or 0.0)
    return is_number and _is_in(claim.quote, text) and len(claim.quote.text) <= LONGEST_QUOTE


def _is_in(span: Span, text: str) -> bool:
    return bool(span.text) and text[span.start : span.end] == span.text and span.start >= 0
