"""All claims as JSON Lines and as a table for spreadsheets, some thousands at a time."""

from collections.abc import Iterator
from itertools import islice

import orjson

from broadsheet.deliver.tables import csv_rows
from broadsheet.store.claims import all_claims

TYPES = {"jsonl": "application/jsonl; charset=utf-8", "csv": "text/csv; charset=utf-8"}
AT_ONCE = 500
COLUMNS: tuple[str, ...] = (
    "paper",
    "title",
    "date",
    "metric",
    "value",
    "value_max",
    "unit",
    "subject",
    "dataset",
)
COLUMNS += ("baseline", "bound", "direction", "quote", "start", "end", "is_corrected", "is_withdrawn")


def as_jsonl() -> Iterator[bytes]:
    claims = all_claims()
    while batch := list(islice(claims, AT_ONCE)):
        yield b"".join(orjson.dumps(claim) + b"\n" for claim in batch)


def as_csv() -> Iterator[bytes]:
    claims = all_claims()
    yield csv_rows([COLUMNS])
    while batch := list(islice(claims, AT_ONCE)):
        yield csv_rows([claim[name] for name in COLUMNS] for claim in batch)
