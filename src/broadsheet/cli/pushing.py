"""What `broadsheet webhook` prints."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from broadsheet.store.webhooks import PushLine, WebhookLine


def shown(lines: Sequence[WebhookLine], alarms: Sequence[str]) -> Iterator[str]:
    """Lines for a terminal."""
    yield from (f"ALARM  {alarm}" for alarm in alarms)
    if not lines:
        yield "There is none yet; broadsheet webhook add NAME --url URL makes one."
    for line in lines:
        state = line.state if line.state == "paused" or not line.failing_since else "failing"
        last = f"last taken {_moment(line.delivered_at)}" if line.delivered_at else "nothing taken yet"
        waiting = f", {line.waiting:,} waiting" if line.waiting else ""
        yield f"{line.name:<20} {line.form:<9} {line.host:<28} {line.every:<6} {state:<8} {last}{waiting}"


def as_json(lines: Sequence[WebhookLine], alarms: Sequence[str]) -> dict[str, Any]:
    return {"webhooks": [_plain(line) for line in lines], "alarms": list(alarms)}


def history_shown(rows: Sequence[PushLine]) -> Iterator[str]:
    if not rows:
        yield "Nothing was sent yet."
    for row in rows:
        at = _moment(row.tried_at) if row.tried_at else "not tried"
        of = f"{row.kind:<6} {row.start}{'+' if row.part else ' '}"
        yield f"{of} {row.state:<10} {row.tries:>3} tries  {at:<16}  {row.answer}"


def history_as_json(rows: Sequence[PushLine]) -> list[dict[str, Any]]:
    return [_plain(row) for row in rows]


def _plain(line: WebhookLine | PushLine) -> dict[str, Any]:
    return {name: _value(value) for name, value in asdict(line).items() if name != "pk"}


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
