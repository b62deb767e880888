"""All claims as JSON Lines and as a table for spreadsheets, some thousands at a time."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Any
from unicodedata import category, normalize

import orjson

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
_FORMULA_SIGNS = "=+-@"
_UNSEEN = ("Cc", "Cf")
_CELL_ENDS = ("\t", "\r", "\n")


def as_jsonl() -> Iterator[bytes]:
    claims = all_claims()
    while batch := list(islice(claims, AT_ONCE)):
        yield b"".join(orjson.dumps(claim) + b"\n" for claim in batch)


def as_csv() -> Iterator[bytes]:
    claims = all_claims()
    yield _rows([COLUMNS])
    while batch := list(islice(claims, AT_ONCE)):
        yield _rows([tuple(_cell(claim[name]) for name in COLUMNS) for claim in batch])


def _rows(rows: list[tuple[Any, ...]]) -> bytes:
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def _cell(value: Any) -> Any:
    """A spreadsheet takes text that begins like a formula for one, and would run it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and _is_formula(value) else value


def _is_formula(text: str) -> bool:
    """Also behind spaces of any kind and signs that do not show, and with a sign as wide as a Chinese one."""
    first = next((sign for sign in text if not sign.isspace() and category(sign) not in _UNSEEN), "")
    return text.startswith(_CELL_ENDS) or (first != "" and normalize("NFKC", first) in _FORMULA_SIGNS)
