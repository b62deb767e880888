"""Rows for spreadsheets: CSV whose text no spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any
from unicodedata import category, normalize

from broadsheet.lib.text import without_controls

_FORMULA_SIGNS = "=+-@"
_UNSEEN = ("Cc", "Cf")
_CELL_ENDS = ("\t", "\r", "\n")


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
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Also behind spaces of any kind and signs that do not show, and with a sign as wide as a Chinese one."""
    first = next((sign for sign in text if not sign.isspace() and category(sign) not in _UNSEEN), "")
    return text.startswith(_CELL_ENDS) or (first != "" and normalize("NFKC", first) in _FORMULA_SIGNS)
