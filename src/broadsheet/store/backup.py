"""A copy of the database as packed lines of JSON: made on SQLite, restored on PostgreSQL, or back.

    {"broadsheet_backup": 1, "made_at": "…", "tables": {"paper": 614, …}}
    {"table": "paper", "columns": ["id", "key", …]}
    [1, "arxiv:2401.01234", …]
    {"end": 5120}                       the number of rows, which tells a whole file from one that was cut

Packed by Zstandard. Jobs, sessions, owner links and the signing key are left out: whoever holds a
backup must not become the owner.
"""

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import zstandard
from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from broadsheet.store import identity
from broadsheet.store.changes import note_time, write_alone
from broadsheet.store.models import Job, OwnerLink, Paper
from broadsheet.store.rows import insert

FORMAT = 1
AT_ONCE = 2_000  # rows
LEVEL = 9  # of Zstandard; 19 saves a tenth more and takes ten times as long

Progress = Callable[[int], object]
Model = type[models.Model]


class BadBackup(Exception):
    """The file is not a whole backup that this version can read; nothing was changed."""


class StoreNotEmpty(Exception):
    """There are papers already, which restoring would replace."""


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: datetime
    tables: dict[str, int]  # rows by table

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def save(path: Path, *, now: datetime, progress: Callable[[int], Progress]) -> Manifest:
    """Write all tables as they stand at one moment; the file appears when it is whole.

    `progress` is called with the number of rows, and gives what is called with rows done.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, snapshot():
            manifest = _manifest(now)
            with zstandard.ZstdCompressor(LEVEL, write_checksum=True).stream_writer(
                file, closefd=False
            ) as packed:
                _write(packed, manifest, progress(manifest.rows))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def _write(file: Any, manifest: Manifest, progress: Progress) -> None:
    head = {"broadsheet_backup": FORMAT, "made_at": manifest.made_at, "tables": manifest.tables}
    file.write(orjson.dumps(head) + b"\n")
    for model in _models():
        columns = _columns(model)
        file.write(orjson.dumps({"table": _name(model), "columns": columns}) + b"\n")
        rows = model._default_manager.order_by("pk").values_list(*columns).iterator(AT_ONCE)
        while chunk := list(islice(rows, AT_ONCE)):
            file.write(b"".join(orjson.dumps(row, default=_bytes_as_text) + b"\n" for row in chunk))
            progress(len(chunk))
    file.write(orjson.dumps({"end": manifest.rows}) + b"\n")


def _bytes_as_text(value: Any) -> str:
    """JSON has no bytes; SQLite gives them as such, PostgreSQL as a view of its memory."""
    return b64encode(bytes(value)).decode()


def restore(path: Path, *, replace: bool, progress: Callable[[int], Progress]) -> Manifest:
    """Put the file's tables in place of ours, all or nothing. Raises BadBackup, StoreNotEmpty."""
    if not replace and Paper.objects.exists():
        raise StoreNotEmpty(
            f"the store holds {Paper.objects.count():,} papers, which restoring would replace"
        )
    try:
        with path.open("rb") as file, transaction.atomic():
            write_alone()
            return _restore(file, progress)
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise BadBackup(f"{path} is damaged or no backup ({error}); nothing was changed") from error
    except (BadBackup, DatabaseError, ValueError, TypeError, KeyError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BadBackup(f"{path} cannot be restored: {reason}; nothing was changed") from error


def _restore(file: BinaryIO, progress: Callable[[int], Progress]) -> Manifest:
    with zstandard.ZstdDecompressor().stream_reader(file) as packed:
        reading = _Reading(_lines(packed))
        manifest = reading.manifest()
        _empty()
        _tables(reading, progress(manifest.rows))
        if reading.end != manifest.rows or reading.rows != manifest.rows:
            raise BadBackup(f"it holds {reading.rows:,} of {manifest.rows:,} rows and was cut off")
    _reset_sequences()
    identity.become_another()  # so that the index, which knows other papers by these ids, is built anew
    note_time()  # an older version wrote none down
    return manifest


def _tables(reading: "_Reading", progress: Progress) -> None:
    by_name = {_name(model): model for model in _models()}
    while table := reading.table():
        name, columns = table
        if name not in by_name or set(columns) - set(_columns(by_name[name])):
            raise BadBackup(f"its table {name} is not known here; update Broadsheet first")
        model = by_name[name]
        readers, new = _readers(model, columns), _since_added(model, columns)
        rows = reading.rows_of_table()
        while chunk := list(islice(rows, AT_ONCE)):
            whole = ([*_read(row, readers), *(make() for _, make in new)] for row in chunk)
            insert(model, [*columns, *(name for name, _ in new)], whole)
            progress(len(chunk))


def _since_added(model: Model, columns: Sequence[str]) -> list[tuple[str, Callable[[], Any]]]:
    """Columns that the version which made the backup did not have, and what a row of then holds in them."""
    return [
        (column.attname, column.get_default)
        for column in model._meta.concrete_fields
        if column.attname not in columns
    ]


@dataclass
class _Reading:
    """The lines of a backup, one kind after the other."""

    lines: Iterator[Any]
    rows: int = 0
    end: int | None = None
    _ahead: Any = None

    def manifest(self) -> Manifest:
        head = next(self.lines, None)
        if not isinstance(head, dict) or "broadsheet_backup" not in head:
            raise BadBackup("it is no backup made by broadsheet backup, or was cut off")
        if head["broadsheet_backup"] != FORMAT:
            raise BadBackup(
                f"it has format {head['broadsheet_backup']}, and {FORMAT} is known; update Broadsheet first"
            )
        self._ahead = next(self.lines, None)
        return Manifest(datetime.fromisoformat(head["made_at"]), dict(head["tables"]))

    def table(self) -> tuple[str, list[str]] | None:
        """The next table, or None at the end of the file."""
        line = self._ahead if isinstance(self._ahead, dict) else {}
        self.end = line.get("end")
        return (line["table"], line["columns"]) if "table" in line else None

    def rows_of_table(self) -> Iterator[list[Any]]:
        for line in self.lines:
            if not isinstance(line, list):
                self._ahead = line
                return
            self.rows += 1
            yield line
        self._ahead = None


def _lines(packed: Any) -> Iterator[Any]:
    rest = b""
    while chunk := packed.read(1 << 20):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from map(orjson.loads, whole)
    if rest:
        raise BadBackup("its last line is cut off")


def _models() -> list[Model]:
    """Tables in the order of their definition, so that what a row points to comes before it."""
    return [model for model in apps.get_app_config("store").get_models() if model not in (Job, OwnerLink)]


def _name(model: Model) -> str:
    return str(model._meta.model_name)


def _columns(model: Model) -> list[str]:
    return [column.attname for column in model._meta.concrete_fields]


def _manifest(now: datetime) -> Manifest:
    return Manifest(now, {_name(model): model._default_manager.count() for model in _models()})


def _readers(model: Model, columns: Sequence[str]) -> list[tuple[int, Callable[[str], Any]]]:
    """JSON has no moments, days and bytes; these places of a row hold them."""
    found: list[tuple[int, Callable[[str], Any]]] = []
    for place, column in enumerate(columns):
        kind = model._meta.get_field(column)
        if isinstance(kind, models.DateTimeField):
            found.append((place, datetime.fromisoformat))
        elif isinstance(kind, models.DateField):
            found.append((place, date.fromisoformat))
        elif isinstance(kind, models.BinaryField):
            found.append((place, b64decode))
    return found


def _read(row: list[Any], readers: list[tuple[int, Callable[[str], Any]]]) -> list[Any]:
    for place, read in readers:
        row[place] = None if row[place] is None else read(row[place])
    return row


def _empty() -> None:
    with connection.cursor() as cursor:
        for model in reversed(_models()):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see one moment, and writers are not kept waiting."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # Django's own transactions would hold the write lock
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
