"""Inserts and reads many rows by plain SQL, on SQLite and PostgreSQL alike.

Building, checking and compiling a model object per row took two thirds of the time of an import;
the statement here is the one that `bulk_create` would send.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from django.db import connection, models

AT_ONCE = 5_000
T = TypeVar("T")

SELECTED_AT_ONCE = 5_000


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Insert rows of column values in the order of `columns`.

    A row that meets another one in `unique` updates the columns in `update`, or is left out
    when there are none. Lists and dicts go into JSON columns; datetimes must be aware.
    """
    adapters = _adapters(model, columns)
    values = [_adapted(row, adapters) for row in rows]
    if not values:
        return
    quoted = [connection.ops.quote_name(column) for column in columns]
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(quoted)}) VALUES ({', '.join(['%s'] * len(quoted))})"  # noqa: S608
        f"{_on_conflict(unique, update)}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def slices(items: Sequence[T], most: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """As many at once as one statement of this database can name."""
    size = min(most, connection.features.max_query_params or most)
    for first in range(0, len(items), size):
        yield items[first : first + size]


def select(
    model: type[models.Model], columns: Sequence[str], among: str, ids: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    """Rows whose column `among` is one of many ids; days and JSON come as text.

    Turning each value into what a model holds took two thirds of the time of a ranking.
    """
    for first in range(0, len(ids), SELECTED_AT_ONCE):
        some = ",".join(str(int(one)) for one in ids[first : first + SELECTED_AT_ONCE])
        yield from _selected(model, columns, f"{connection.ops.quote_name(among)} IN ({some})", [])


def select_days(
    model: type[models.Model], columns: Sequence[str], among: str, first: date, after: date
) -> Iterator[tuple[Any, ...]]:
    """As `select`, rows whose day in the column `among` lies from `first` on and before `after`."""
    name, adapt = connection.ops.quote_name(among), connection.ops.adapt_datefield_value
    yield from _selected(model, columns, f"{name} >= %s AND {name} < %s", [adapt(first), adapt(after)])


def _selected(
    model: type[models.Model], columns: Sequence[str], where: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    named = ", ".join(_as_told(model, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {named} FROM {model._meta.db_table} WHERE {where}", values)  # noqa: S608
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _as_told(model: type[models.Model], column: str) -> str:
    field, name = model._meta.get_field(column), connection.ops.quote_name(column)
    if isinstance(field, models.DateField) and connection.vendor == "postgresql":
        return f"to_char({name}, 'YYYY-MM-DD')"  # a cast writes days as the server likes them
    return f"CAST({name} AS TEXT)" if isinstance(field, models.DateField | models.JSONField) else name


def _on_conflict(unique: Sequence[str], update: Sequence[str]) -> str:
    if not unique:
        return ""
    if not update:
        return f" ON CONFLICT ({', '.join(unique)}) DO NOTHING"
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in update)
    return f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {changes}"


def _adapters(model: type[models.Model], columns: Sequence[str]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Which places of a row need turning into what the database takes, and how."""
    adapters: list[tuple[int, Callable[[Any], Any]]] = []
    for place, column in enumerate(columns):
        field = model._meta.get_field(column)
        if isinstance(field, models.JSONField):
            adapters.append((place, lambda value: orjson.dumps(value).decode()))
        elif isinstance(field, models.DateTimeField):
            adapters.append((place, lru_cache(64)(connection.ops.adapt_datetimefield_value)))
    return adapters


def _adapted(row: Sequence[Any], adapters: list[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for place, adapt in adapters:
        values[place] = adapt(values[place])
    return values
