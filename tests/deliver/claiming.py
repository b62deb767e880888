"""Papers that claim something, and a reader that reads just what a test says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from broadsheet.domain.reading import Claim, Reading, Span
from broadsheet.jobs import reading
from broadsheet.store import models
from tests.deliver.conftest import keep, record

TEXT = "It is old. QuickNet runs 3.3x faster than SlowNet on Roads-1k. It is new."


def claim(words: str = "3.3x faster than SlowNet on Roads-1k", text: str = TEXT, **said: Any) -> Claim:
    start = text.index(words)
    told = {"value": 3.3, "unit": "x", "metric": "faster", "subject": "QuickNet", "dataset": "Roads-1k"}
    told |= {"baseline": "SlowNet", "quote": Span(words, start, start + len(words))}
    return Claim(**told | said)  # type: ignore[arg-type]


def take_claims(
    *claims: Claim, number: int = 1, text: str = TEXT, version: str = "a", **said: Any
) -> models.Claim | None:
    """A paper, and what it claims; the first of the rows."""
    more = {"abstract": text, "summary": "", "one_line": ""} | said
    keep([record(number, **more)])
    read_as({text: Reading(names=("QuickNet",), claims=claims)}, version)
    return models.Claim.objects.filter(paper__key=f"arxiv:2605.{number:05}").first()


def read_as(readings: dict[str, Reading], version: str = "a") -> None:
    reading.catch_up(reader=lambda title, text: readings.get(text, Reading()), version=version)


def hostile(words: str) -> Sequence[Claim]:
    """One claim with the words in every field."""
    held = replace(claim(), metric=words, subject=words, dataset=words, baseline=words, unit=words)
    return (held,)
