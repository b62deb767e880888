"""Writes an edition with its places; must run in a transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import connection

from broadsheet.domain.edition import View, Window
from broadsheet.domain.pick import Brief, Pick, Ranked
from broadsheet.store.changes import take_mark
from broadsheet.store.models import Edition, Place
from broadsheet.store.rows import insert

COLUMNS = ("edition_id", "rank", "paper_id", "score", "reason", "terms", "field_rank")


@dataclass(frozen=True, slots=True)
class Made:
    """What a window's papers have been ranked to."""

    window: Window
    formula: str
    ranked: Ranked
    paper_ids: tuple[int, ...]
    now: datetime

    @property
    def digest(self) -> str:
        """Changes when a paper comes or goes."""
        return blake2b(",".join(map(str, sorted(self.paper_ids))).encode(), digest_size=8).hexdigest()


def write_edition(made: Made, view: View, **inputs: Any) -> Edition | None:
    """In place of the one there was. A window without papers has no edition; what is printed stays."""
    at: dict[str, Any] = {"kind": made.window.kind, "start": made.window.start, "view": view}
    take_mark()  # what is gathered out of editions is another
    if not made.ranked.picks:
        if view is View.LATEST:
            Edition.objects.filter(**at).delete()
        return None
    ranked = made.ranked
    columns: dict[str, Any] = {
        "paper_count": len(made.paper_ids),
        "formula": made.formula,
        "made_at": made.now,
        "inputs": {**ranked.inputs, "papers": made.digest, "damped": _listed(ranked.damped), **inputs},
        "beside": {"rising": _listed(ranked.rising), "radar": _listed(ranked.radar)},
    }
    edition = _emptied(at, columns)
    insert(Place, COLUMNS, (_row(edition.pk, pick) for pick in ranked.picks))
    return edition


def copy_edition(edition: Edition, view: View, made_at: datetime, **inputs: Any) -> Edition:
    """The same places under another view, which must not be there yet."""
    take_mark()
    copy = Edition.objects.create(
        kind=edition.kind,
        start=edition.start,
        view=view,
        paper_count=edition.paper_count,
        formula=edition.formula,
        made_at=made_at,
        inputs={"papers": "", **edition.inputs, **inputs},
        beside=edition.beside,
    )
    _copy_places(edition.pk, copy.pk)
    return copy


def write_like(view: View, like: Edition) -> None:
    """As `write_edition`, where the very same places have just been written for another view."""
    at: dict[str, Any] = {"kind": like.kind, "start": like.start, "view": view}
    names = ("paper_count", "formula", "made_at", "inputs", "beside")
    edition = _emptied(at, {name: getattr(like, name) for name in names})
    _copy_places(like.pk, edition.pk)


def _emptied(at: dict[str, Any], columns: dict[str, Any]) -> Edition:
    """The row of an edition with these columns, and no places.

    Two statements where it is new, for an import of years makes hundreds; nobody else writes meanwhile.
    """
    held = Edition.objects.filter(**at)
    edition = Edition(pk=held.values_list("pk", flat=True).first(), **at, **columns)
    if edition.pk is None:
        edition.save(force_insert=True)
    else:
        held.update(**columns)
        Place.objects.filter(edition=edition).delete()
    return edition


def _copy_places(source_id: int, target_id: int) -> None:
    """Within the database: the rows are many, and nothing in them changes."""
    names = ", ".join(connection.ops.quote_name(name) for name in COLUMNS[1:])
    table = Place._meta.db_table
    sql = (
        f"INSERT INTO {table} (edition_id, {names}) SELECT %s, {names} FROM {table}"  # noqa: S608
        " WHERE edition_id = %s ORDER BY rank"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [target_id, source_id])


def _row(edition_id: int, pick: Pick) -> tuple[Any, ...]:
    terms = [tuple(term) for term in pick.terms]
    return (edition_id, pick.rank, pick.paper_id, pick.score, pick.reason, terms, pick.field_rank)


def _listed(briefs: Sequence[Brief]) -> list[dict[str, Any]]:
    return [asdict(brief) for brief in briefs]
