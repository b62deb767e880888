"""Lines that a language model of the owner's wrote: which papers lack one, what is kept, what is shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count

from broadsheet.domain.edition import WindowKind
from broadsheet.lib.text import as_sentence
from broadsheet.store.changes import write_alone
from broadsheet.store.models import Edition, Paper, Place, Reading, WrittenLine
from broadsheet.store.rows import slices
from broadsheet.store.shown import show_anew
from broadsheet.store.unread import digest_of

NO_ANSWER = "no answer"  # not the line was at fault: it is asked for again
AGAIN_AFTER = timedelta(hours=1)  # then; other papers go first, so that one cannot block them
DAYS = 7  # whose editions readers still open
MOST_RANK = 60  # two pages of an edition, and more than a mail holds


class Unwritten(NamedTuple):
    paper_id: int
    title: str
    text: str  # as in store.unread
    text_hash: str


class Line(NamedTuple):
    """The one line of a paper whose sources told none."""

    text: str
    written_by: str  # the model; "" where it was read out of the text


class _Held(NamedTuple):
    edition_id: int
    rank: int
    paper_id: int
    text_hash: str
    model: str | None
    of_hash: str | None
    fault: str | None
    made_at: datetime | None

    def is_due(self, model: str, now: datetime) -> bool:
        """A line, or its fault, settles it for this text and this model."""
        if (self.model, self.of_hash) != (model, self.text_hash):
            return True
        return self.fault == NO_ANSWER and self.made_at is not None and self.made_at <= now - AGAIN_AFTER


_HELD: tuple[str, ...] = ("edition_id", "rank", "paper_id", "paper__reading__text_hash")
_HELD += tuple(f"paper__written__{name}" for name in ("model", "text_hash", "fault", "made_at"))
_LINES: tuple[str, ...] = ("paper_id", "one_line", "text_hash")
_LINES += tuple(f"paper__written__{name}" for name in ("line", "model", "text_hash", "is_shown"))


def due(model: str, *, most: int, now: datetime) -> list[Unwritten]:
    """Papers that readers will see and that have no line of this model yet, in the order of their turn.

    A paper whose source told a line of its own needs none.
    """
    editions = {pk: turn for turn, pk in enumerate(_seen_editions())}
    places = Place.objects.filter(edition_id__in=editions, rank__lte=MOST_RANK)
    needy = places.filter(paper__one_line="", paper__is_withdrawn=False, paper__reading__isnull=False)
    rows = [_Held(*row) for row in needy.exclude(paper__abstract="", paper__summary="").values_list(*_HELD)]
    rows.sort(key=lambda row: (editions[row.edition_id], row.rank))
    turns = {row.paper_id: row.text_hash for row in rows if row.is_due(model, now)}
    return list(_texts(list(turns.items())[:most]))


def _seen_editions() -> list[int]:
    """The newest day first, then what is trending, then the days before, the week and the month."""
    first, days = _newest(WindowKind.DAY, days=1), _newest(WindowKind.DAY, days=DAYS)
    others = [_newest(kind, days=1) for kind in (WindowKind.TRENDING, WindowKind.WEEK, WindowKind.MONTH)]
    return list(dict.fromkeys([*first, *others[0], *days, *others[1], *others[2]]))


def _newest(kind: WindowKind, *, days: int) -> list[int]:
    """The newest edition, as printed and as of late, and those that began up to `days` before it."""
    editions = Edition.objects.filter(kind=kind).order_by("-start", "-view")
    newest = editions.values_list("start", flat=True).first()
    if newest is None:
        return []
    return list(editions.filter(start__gt=newest - timedelta(days=days)).values_list("pk", flat=True))


def _texts(turns: Sequence[tuple[int, str]]) -> Iterator[Unwritten]:
    rows = Paper.objects.filter(pk__in=[pk for pk, _ in turns]).values_list(
        "pk", "title", "abstract", "summary"
    )
    texts = {pk: (title, abstract or summary) for pk, title, abstract, summary in rows}
    for pk, text_hash in turns:
        if pk in texts and digest_of(*texts[pk]) == text_hash:  # else it has changed, and is read first
            yield Unwritten(pk, *texts[pk], text_hash)


def keep(of: Unwritten, model: str, line: str, fault: str, *, now: datetime) -> None:
    """In place of what was kept of this paper; `fault` says why there is no line."""
    with transaction.atomic():
        write_alone()
        if not Paper.objects.filter(pk=of.paper_id).exists():
            return
        told = {"model": model, "text_hash": of.text_hash, "line": line, "fault": fault, "made_at": now}
        WrittenLine.objects.update_or_create(paper_id=of.paper_id, defaults={**told, "is_shown": True})
        show_anew([of.paper_id])


def show(is_on: bool) -> int:
    """Show all lines, or none since the owner has taken the endpoint back; how many that changed."""
    ids = list(WrittenLine.objects.filter(is_shown=not is_on).values_list("paper_id", flat=True))
    for some in slices(ids):
        with transaction.atomic():
            write_alone()  # before any row: whoever keeps readings takes the same locks in this order
            WrittenLine.objects.filter(paper_id__in=some).update(is_shown=is_on)
            show_anew(some)
    return len(ids)


def lines_by(paper_ids: Sequence[int]) -> dict[int, Line]:
    """What stands under titles where no source told a line: written of this very text, or else read out."""
    rows = Reading.objects.filter(paper_id__in=paper_ids).values_list(*_LINES)
    return {pk: _line(*told) for pk, *told in rows}


def line_of(reading: Reading, written: WrittenLine | None) -> Line:
    """As `lines_by`, of one paper whose rows are at hand."""
    told = (written.line, written.model, written.text_hash, written.is_shown) if written else (None,) * 4
    return _line(reading.one_line, reading.text_hash, *told)


def _line(
    read: str, text_hash: str, line: str | None, model: str | None, of_hash: str | None, is_shown: bool | None
) -> Line:
    is_written = bool(line) and is_shown and of_hash == text_hash
    return Line(line or "", model or "") if is_written else Line(as_sentence(read), "")


def counts() -> dict[str, int]:
    """How many papers have a line, under "", and how many have none, by the reason."""
    rows = WrittenLine.objects.values_list("fault").annotate(papers=Count("pk"))
    return dict(rows.order_by("fault"))
