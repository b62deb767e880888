"""Reads the fields of a decoded JSON object: the right kind, or a ValueError that says what was there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from broadsheet.domain.edition import FIRST_DAY
from broadsheet.domain.edition import LAST_DAY as AFTER_LAST_DAY
from broadsheet.domain.ids import BadPaperId, PaperKey, arxiv_key, arxiv_key_of_number
from broadsheet.domain.paper import BadRecord, PaperRecord, Told, unique
from broadsheet.domain.signal import LARGEST, SignalKind, SignalReading
from broadsheet.lib.text import plain_line, shortened

LONG_AGO = date(1900, 1, 1)  # arXiv has a few papers of before it was founded
LAST_DAY = AFTER_LAST_DAY - timedelta(days=1)
LONGEST_FIELD = 2_000  # comments, journal reference
Fields = Mapping[str, Any]


def text(fields: Fields, name: str) -> str:
    """One plain line; "" when the field is absent or null."""
    value = fields.get(name)
    if value is None or value == "":
        return ""
    if type(value) is not str:
        raise ValueError(f"{name} is {_kind(value)}; expected text")
    return plain_line(value)


def note(fields: Fields, name: str) -> str:
    """A plain line of no importance: a longer one is cut."""
    return shortened(text(fields, name), LONGEST_FIELD)


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """Plain lines, without empty ones and repeats; a single text counts as a list of one."""
    value = fields.get(name)
    if value is None:
        return ()
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f"{name} is {_kind(value)}; expected a list of texts")
    return unique(plain_line(item) for item in items)


def rows(fields: Fields, name: str) -> list[Fields]:
    """A list of objects; [] when absent or null."""
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{name} is {_kind(value)}; expected a list of objects")
    return value


def count(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    if value is None or (type(value) is int and value >= 0):
        return value
    raise ValueError(f"{name} is {shortened(repr(value), 40)}; expected a count")


def needed_count(fields: Fields, name: str) -> int:
    """A count without which the entry says nothing: an absent field means that the format has changed."""
    value = count(fields, name)
    if value is None:
        raise ValueError(f"no {name}")
    if value > LARGEST:
        raise ValueError(f"{name} is {shortened(str(value), 40)}; expected at most {LARGEST:,}")
    return value


def day(fields: Fields, name: str) -> date | None:
    """The day of a date or of a moment, as written, without turning it into another time zone."""
    return read_day(text(fields, name), name)


def read_day(written: str, name: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise ValueError(f"{name} {shortened(written, 40)!r} is no date like 2026-05-22") from None


def moment(fields: Fields, name: str) -> datetime | None:
    """UTC; a date alone means its midnight."""
    return read_moment(text(fields, name), name)


def read_moment(written: str, name: str) -> datetime | None:
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        shape = "moment like 2026-05-22T12:00:00Z"
        raise ValueError(f"{name} {shortened(written, 40)!r} is no {shape}") from None


def read_arxiv_key(value: object) -> PaperKey:
    """The key of an arXiv id, also of one that a program on the way took for a number (0704.0010)."""
    written = str(value) if type(value) in (int, float) else value
    if not isinstance(written, str) or not written:
        raise ValueError("no id")
    try:
        return arxiv_key(written)
    except BadPaperId:
        return arxiv_key_of_number(written)


def midnight(of: date | None) -> datetime | None:
    return None if of is None else datetime.combine(of, time(), UTC)


def tomorrow(now: datetime) -> date:
    """The last day that an upstream may tell of: east of us it is tomorrow already."""
    return now.date() + timedelta(days=1)


def readings(kind: SignalKind, on: date, value: int | None) -> tuple[SignalReading, ...]:
    return () if value is None else (SignalReading(kind, on, value),)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "text" if isinstance(value, str) else type(value).__name__)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Refuses nonsense dates: a paper from the future would stand on top for years."""

    latest: date | None  # the last day that may be told of; None: any

    def check(self, record: PaperRecord) -> None:
        submitted_on = record.submitted_at.date() if record.submitted_at else None
        self._check(LONG_AGO, submitted_on, record.updated_on, *(reading.day for reading in record.signals))
        # These name editions, and there are none before arXiv.
        self._check(FIRST_DAY, record.announced_on, *(listing.day for listing in record.listings))

    def checked(self, told: Told, where: str) -> Told:
        if not isinstance(told, PaperRecord):
            return told
        try:
            self.check(told)
        except ValueError as error:
            return BadRecord(told.source, where, str(error))
        return told

    def _check(self, earliest: date, *days: date | None) -> None:
        latest = self.latest or LAST_DAY
        for day in days:
            if day is not None and not earliest <= day <= latest:
                side = "in the future" if day > latest else "too far back"
                raise ValueError(f"{day} lies {side}; expected {earliest} to {latest}")
