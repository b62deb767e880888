"""Reads what stands behind the colon of a field: years, days, categories. Wrong values are explained."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date

from broadsheet.domain.ids import ARCHIVES, find_key
from broadsheet.index.base import Filters
from broadsheet.lib.text import shortened

TEXT_FIELDS = {
    "title": "title", "ti": "title", "abstract": "abstract", "abs": "abstract",
    "author": "author", "authors": "author", "au": "author",
}  # fmt: skip
FILTER_FIELDS = {
    "cat": "cat", "category": "cat", "year": "year", "from": "from", "since": "from", "to": "to",
    "until": "to", "has": "has", "id": "id",
}  # fmt: skip
_ARCHIVE_NAMES = frozenset(ARCHIVES.split("|")) | {"econ", "eess", "q-fin", "stat"}
_LOWER_CLASSES = ("physics", "cond-mat")  # physics.flu-dyn, where others write cs.LG
_CLASS = re.compile(r"[a-z]{2}$|[a-z]{2,5}-[a-z]{2,5}$")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$", re.ASCII)
_YEARS = re.compile(r"(\d{4})?(?:(\.\.|-)(\d{4})?)?$", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_WANTED = {
    "cat": "write a category as cat:cs.LG or cat:hep-th, a whole archive as cat:cs",
    "year": "write a year as year:2024, several as year:2024..2026",
    "from": "write a day as from:2026-05-01, or from:2026-05, or from:2026",
    "to": "write a day as to:2026-05-31, or to:2026-05, or to:2026",
    "has": "only has:code is known",
    "id": "write an arXiv id or DOI as id:2401.01234, alone",
}


def read_filter(name: str, value: str) -> Filters | str:
    """What a field asks for, or why it was left out: one sentence for the reader.

    >>> read_filter("year", "2024..2025")
    Filters(categories=(), since=datetime.date(2024, 1, 1), until=datetime.date(2025, 12, 31), has_code=None)
    >>> read_filter("has", "cats")
    '“has:cats” was left out: only has:code is known.'
    """
    read = _READERS[name](value.strip())
    if read is not None:
        return read
    told = f"“{name}:{shortened(value, 40)}” was left out"
    if name == "id" and find_key(value.strip()):
        return f"{told}: an id leads straight to its paper and stands alone."
    return f"{told}: {_WANTED[name]}."


def merged(first: Filters, second: Filters) -> Filters | None:
    """What passes both; None when no single filter can say that."""
    if first.categories and second.categories and first.categories != second.categories:
        return None
    if first.has_code is not None and second.has_code not in (None, first.has_code):
        return None
    return Filters(
        first.categories or second.categories,
        max(filter(None, (first.since, second.since)), default=None),
        min(filter(None, (first.until, second.until)), default=None),
        second.has_code if first.has_code is None else first.has_code,
    )


def either(first: Filters, second: Filters) -> Filters | None:
    """What passes one of two that name nothing but categories; else None."""
    if all(
        one.categories and one == replace(Filters(), categories=one.categories) for one in (first, second)
    ):
        return Filters(tuple(dict.fromkeys(first.categories + second.categories)))
    return None


def _categories(value: str) -> Filters | None:
    names = [_category(part.strip()) for part in value.split(",") if part.strip()]
    known = tuple(name for name in names if name)
    return Filters(known) if known and len(known) == len(names) else None


def _category(name: str) -> str | None:
    """
    >>> _category("CS.lg"), _category("Hep-Th"), _category("physics.Flu-Dyn"), _category("nonsense")
    ('cs.LG', 'hep-th', 'physics.flu-dyn', None)
    """
    archive, dot, part = name.lower().removesuffix(".*").partition(".")
    if archive not in _ARCHIVE_NAMES or (dot and not _CLASS.match(part)):
        return None
    return f"{archive}{dot}{part if archive in _LOWER_CLASSES else part.upper()}"


def _years(value: str) -> Filters | None:
    found = _YEARS.match(value)
    if not found or not (found[1] or found[3]):
        return None
    first, last = found[1], found[3] if found[2] else found[1]
    if not all(_FIRST_YEAR <= int(year) <= _LAST_YEAR for year in (first, last) if year):
        return None
    if first and last and first > last:
        first, last = last, first
    return Filters(
        since=date(int(first), 1, 1) if first else None, until=date(int(last), 12, 31) if last else None
    )


def _since(value: str) -> Filters | None:
    day = _day(value, is_last=False)
    return Filters(since=day) if day else None


def _until(value: str) -> Filters | None:
    day = _day(value, is_last=True)
    return Filters(until=day) if day else None


def _day(value: str, *, is_last: bool) -> date | None:
    found = _DAY.match(value)
    if not found or not _FIRST_YEAR <= (year := int(found[1])) <= _LAST_YEAR:
        return None
    month = int(found[2] or (12 if is_last else 1))
    if not 1 <= month <= 12:
        return None
    longest = monthrange(year, month)[1]
    day = int(found[3] or (longest if is_last else 1))
    return date(year, month, day) if 1 <= day <= longest else None


def _has(value: str) -> Filters | None:
    return Filters(has_code=True) if value.lower() == "code" else None


def _never(value: str) -> Filters | None:
    """An id is no filter: alone it is followed before any search."""
    return None


_READERS = {"cat": _categories, "year": _years, "from": _since, "to": _until, "has": _has, "id": _never}
