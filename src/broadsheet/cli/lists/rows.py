"""How a row of each list looks on a terminal. What is told may be anything: nothing here trusts its shape."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from broadsheet.lib.text import plain_line, without_hidden

AUTHORS_SHOWN = 3
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    head: str
    mark: str = ""  # beside it
    facts: tuple[str, ...] = ()
    note: str = ""


def paper(row: Row, place: int) -> Entry:
    title = _text(row, "title") + (" [withdrawn]" if row.get("is_withdrawn") is True else "")
    facts = (_text(row, "id"), _who(row), _text(row, "date"), _text(row, "categories"))
    return Entry(
        title, _text(row, "rank") or str(place), facts, _text(row, "reason") or _text(row, "one_line")
    )


def edition(row: Row, place: int) -> Entry:
    state = "printed" if row.get("is_printed") is True else "open"
    return Entry(_joined(_text(row, "slug"), _text(row, "title"), _count(row, "paper_count", "paper"), state))


def claim(row: Row, place: int) -> Entry:
    against = _text(row, "baseline") and f"vs {_text(row, 'baseline')}"
    on = _text(row, "dataset") and f"on {_text(row, 'dataset')}"
    head = _joined(_figure(row), _text(row, "subject"), against, on)
    facts = (f"claim {_text(row, 'id')}", _text(row, "paper"), _text(row, "title"), _text(row, "date"))
    return Entry(head, str(place), facts, f"“{_text(row, 'quote')}”")


def name(row: Row, place: int) -> Entry:
    return Entry(_joined(_text(row, "name"), _count(row, "claims", "figure")))


def category(row: Row, place: int) -> Entry:
    is_read = "read here daily" if row.get("is_read") is True else ""
    return Entry(_joined(_text(row, "id"), _count(row, "papers", "paper"), is_read))


def fields_of(thing: Row) -> Iterator[tuple[str, str]]:
    """Of one thing: each field by its name, and of a list of things each one."""
    for field, value in thing.items():
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield from (
                (f"{cleaned(field)} {number}", plain(one)) for number, one in enumerate(value, start=1)
            )
        else:
            yield cleaned(field), plain(value)


def series_of(thing: Row) -> Iterator[tuple[str, str]]:
    """Of the signals of a paper: each kind with its days."""
    series = thing.get("series")
    for one in series if isinstance(series, list) else []:
        if isinstance(one, dict) and isinstance(points := one.get("points"), list):
            days = [f"{_text(day, 'day')} {_text(day, 'value')}" for day in points if isinstance(day, dict)]
            yield f"{_text(one, 'kind')} ({_text(one, 'crowd')})", ", ".join(days)


def plain(value: Any) -> str:
    """On one line: lists by commas, what has parts by the names of its parts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(filter(None, map(plain, value)))
    if isinstance(value, dict):
        parts = ((cleaned(name), plain(one)) for name, one in value.items())
        return "; ".join(f"{name} {one}" for name, one in parts if one)
    return f"{value:g}" if isinstance(value, float) else cleaned(str(value))


def as_json(row: Row) -> str:
    """One line, in which whatever a terminal would obey, or end a line at, is an escape of JSON."""
    text = json.dumps(row, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


def cleaned(text: str) -> str:
    return plain_line(without_hidden(text))


def _text(row: Row, name: str) -> str:
    return plain(row.get(name))


def _count(row: Row, name: str, what: str) -> str:
    return f"{_text(row, name)} {what}{'' if row.get(name) == 1 else 's'}"


def _who(row: Row) -> str:
    authors = row.get("authors")
    names = [plain(one) for one in authors] if isinstance(authors, list) else []
    more = len(names) - AUTHORS_SHOWN
    return ", ".join(names[:AUTHORS_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _figure(row: Row) -> str:
    until = _text(row, "value_max") and f"to {_text(row, 'value_max')}"
    parts = (_text(row, "bound"), _text(row, "value"), until, _text(row, "unit"), _text(row, "metric"))
    return " ".join(filter(None, parts))


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
