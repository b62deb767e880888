"""Rows for spreadsheets: CSV whose text no spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from broadsheet.lib.text import without_controls

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_rows(rows: Iterable[Iterable[Any]]) -> bytes:
    written = StringIO()
    csv.writer(written).writerows([[_cell(value) for value in row] for row in rows])
    return written.getvalue().encode()


def _cell(value: Any) -> Any:
    """A spreadsheet takes text that begins like a formula for one, and would run it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return value
    text = without_controls(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_SIGNS) else text
