"""Readings as plain values of JSON, and back: what `broadsheet read` prints and what corrections keep."""

from typing import Any

from broadsheet.domain.reading import Bound, Claim, Direction, Reading, Size, Span

FIELDS = ("metric", "value", "value_max", "unit", "subject", "dataset", "baseline", "bound", "direction")


def claim_as_json(claim: Claim) -> dict[str, Any]:
    """What could not be read is null; the unit of a plain score is "", which was read."""
    told = {name: getattr(claim, name) or None for name in FIELDS}
    told |= {"value": claim.value, "value_max": claim.value_max, "unit": claim.unit}
    return {**told, "quote": claim.quote.text, "start": claim.quote.start, "end": claim.quote.end}


def claim_of_json(told: dict[str, Any]) -> Claim:
    return Claim(
        value=told["value"],
        value_max=told["value_max"],
        unit=told["unit"],
        metric=told["metric"] or "",
        subject=told["subject"] or "",
        dataset=told["dataset"] or "",
        baseline=told["baseline"] or "",
        bound=Bound(told["bound"]) if told["bound"] else None,
        direction=Direction(told["direction"]) if told["direction"] else None,
        quote=Span(told["quote"], told["start"], told["end"]),
    )


def reading_as_json(reading: Reading) -> dict[str, Any]:
    line = reading.one_line
    return {
        "kind": reading.kind,
        "names": list(reading.names),
        "claims": [claim_as_json(claim) for claim in reading.claims],
        "sizes": [size_as_json(size) for size in reading.sizes],
        "links": [{"url": link.url, "kind": link.kind} for link in reading.links],
        "one_line": {"text": line.text, "start": line.start, "end": line.end} if line else None,
        "keywords": list(reading.keywords),
    }


def size_as_json(size: Size) -> dict[str, Any]:
    return {"what": size.what, "value": size.value, "quote": size.quote.text}
