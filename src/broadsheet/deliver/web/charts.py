"""Draws the two kinds of chart, as inline SVG in words and numbers of our own: nothing of a paper's text."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.safestring import SafeString

from broadsheet.domain.signal import SignalKind
from broadsheet.store.page_values import Facts, Series

BARS = 16
_TALLEST = 27.0
_LEAST_SCALE = 3  # a single upvote is not a mountain
NAMES = {
    SignalKind.UPVOTES: "Upvotes",
    SignalKind.STARS: "GitHub stars",
    SignalKind.COMMENTS: "Comments",
    SignalKind.POINTS: "Hacker News points",
    SignalKind.REPLIES: "Hacker News comments",
    SignalKind.CITATIONS: "Citations",
    SignalKind.OPENS: "Opens here",
    SignalKind.SAVES: "Saves here",
    SignalKind.VOTES: "Votes here",
}
_LEFT, _RIGHT, _TOP, _FLOOR = 34.0, 212.0, 12.0, 88.0


def short_day(day: date) -> str:
    return f"{day.day} {day:%b}"


def spark(paper: Facts) -> SafeString:
    """Bars of gain by day, of upvotes or else of stars; empty when neither was read twice."""
    for kind in (SignalKind.UPVOTES, SignalKind.STARS):
        readings = paper.series.get(kind, ())
        if len(readings) > 1:
            return _bars(kind, readings)
    return SafeString("")


def _bars(kind: SignalKind, readings: Series) -> SafeString:
    last = readings[-1][0]
    gains = [
        (BARS - 1 - (last - day).days, max(0, value - before))
        for (_, before), (day, value) in pairwise(readings)
        if (last - day).days < BARS
    ]
    most = max(_LEAST_SCALE, *(gain for _, gain in gains))
    drawn = [
        (slot, f"M{4.5 + 9 * slot:g} 29v-{max(1.0, gain / most * _TALLEST):.1f}")
        for slot, gain in gains
        if gain
    ]
    older = "".join(path for slot, path in drawn if slot < BARS - 1)
    newest = "".join(path for slot, path in drawn if slot == BARS - 1)
    first = max(readings[0][0], last - timedelta(days=BARS))
    total = sum(gain for _, gain in gains)
    label = f"{NAMES[kind]} gained by day, {total:,} from {short_day(first)} to {short_day(last)}"
    return SafeString(
        f'<svg class="spark" viewBox="0 0 144 30" role="img" aria-label="{label}">'
        + '<path class="base" d="M0 29.5H144"/>'
        + (f'<path d="{older}"/>' if older else "")
        + (f'<path class="last" d="{newest}"/>' if newest else "")
        + "</svg>"
    )


@dataclass(frozen=True, slots=True)
class Panel:
    name: str
    total: int
    chart: SafeString  # empty when it was read once only
    only_day: date | None
    last_day: date


def panels(paper: Facts) -> list[Panel]:
    """One per signal, on one axis of days and each on its own scale."""
    known = [(kind, paper.series[kind]) for kind in NAMES if paper.series.get(kind)]
    days = [day for _, readings in known for day, _ in readings]
    if not days:
        return []
    span = min(days), max(days)
    return [
        Panel(
            NAMES[kind],
            readings[-1][1],
            _line(kind, readings, span) if len(readings) > 1 else SafeString(""),
            readings[0][0] if len(readings) == 1 else None,
            readings[-1][0],
        )
        for kind, readings in known
    ]


def _line(kind: SignalKind, readings: Series, span: tuple[date, date]) -> SafeString:
    first, last = span
    top = scale_top(max(value for _, value in readings))
    days = max(1, (last - first).days)
    points = [
        (_LEFT + (_RIGHT - _LEFT) * (day - first).days / days, _FLOOR - (_FLOOR - _TOP) * value / top)
        for day, value in readings
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    end_x, end_y = points[-1]
    middle = (_TOP + _FLOOR) / 2
    return SafeString(
        f'<svg viewBox="0 0 220 110" role="img" aria-label="{_told(kind, readings)}">'
        f'<path class="grid" d="M{_LEFT} {_TOP}H{_RIGHT}M{_LEFT} {middle}H{_RIGHT}"/>'
        f'<text x="{_LEFT - 6}" y="16" text-anchor="end">{top:,}</text>'
        f'<text x="{_LEFT - 6}" y="92" text-anchor="end">0</text>'
        f"{_axis(first, last)}"
        f'<path class="line" d="M{path}"/><circle class="end" cx="{end_x:.1f}" cy="{end_y:.1f}" r="3"/></svg>'
    )


def _axis(first: date, last: date) -> str:
    days, middle_x = (last - first).days, (_LEFT + _RIGHT) / 2
    has_middle = days > 1 and days % 2 == 0
    tick = f"M{middle_x} 88v4" if has_middle else ""
    middle = first + timedelta(days=days // 2)
    named = (
        f'<text x="{middle_x}" y="104" text-anchor="middle">{short_day(middle)}</text>' if has_middle else ""
    )
    return (
        f'<path class="axis" d="M{_LEFT} 88H{_RIGHT}M{_LEFT} 88v4{tick}M{_RIGHT} 88v4"/>'
        f'<text x="{_LEFT}" y="104">{short_day(first)}</text>{named}'
        f'<text x="{_RIGHT}" y="104" text-anchor="end">{short_day(last)}</text>'
    )


def _told(kind: SignalKind, readings: Series) -> str:
    (first, start), (last, end) = readings[0], readings[-1]
    verb = "rise" if end > start else "fall" if end < start else "stay"
    values = f"at {end:,}" if end == start else f"from {start:,}"
    ending = "" if end == start else f" to {end:,}"
    return f"{NAMES[kind]} {verb} {values} on {short_day(first)}{ending} on {short_day(last)}".replace(
        f"at {end:,} on {short_day(first)} on", f"at {end:,} from {short_day(first)} to"
    )


def scale_top(most: int) -> int:
    """The least of 4, 8, 10, 16, 20, 40, 60, 80, 100, 160, … that holds the value, so that its half is whole.

    >>> [scale_top(value) for value in (0, 3, 12, 269, 1234)]
    [4, 4, 16, 400, 1600]
    """
    power = 1
    while True:
        for step in (4, 8, 10, 16, 20, 40, 60, 80):
            if step * power >= most:
                return step * power
        power *= 10


def table(paper: Facts, *, most: int = 60) -> list[tuple[date, list[int | None]]]:
    """The newest days of all signals, newest first; None where a signal was not read."""
    kinds = [kind for kind in NAMES if paper.series.get(kind)]
    by_kind = {kind: dict(paper.series[kind]) for kind in kinds}
    days = sorted({day for values in by_kind.values() for day in values}, reverse=True)[:most]
    return [(day, [by_kind[kind].get(day) for kind in kinds]) for day in days]
