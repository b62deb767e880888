"""Readers' reports of wrong claims: what is wrong, on which day, and nothing of who said so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto

from django.db import transaction

from broadsheet.store.models import Claim, ClaimReport, Paper

MOST_WAITING = 2_000  # more than an owner will ever read; a flood ends here
MOST_OF_ONE = 5  # of one claim; the owner knows by then
KEPT = timedelta(days=90)  # once they are settled
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reported:
    report_id: int
    key: str
    title: str
    value: float
    quote: str
    words: str
    made_on: date
    claim_id: int | None  # None: it is not read so any more


class Outcome(Enum):
    TAKEN = auto()
    FULL = auto()  # too much waits already
    GONE = auto()  # there is no such claim, or not any more


def report(claim_id: int, words: str, today: date) -> Outcome:
    """Keep a report; what was told often enough is taken and not kept."""
    with transaction.atomic():
        claim = Claim.objects.filter(pk=claim_id, is_removed=False).first()
        if claim is None or not _is_held(claim.paper_id):
            return Outcome.GONE
        said = {"paper_id": claim.paper_id, "value": claim.value, "quote": claim.quote}
        waiting = ClaimReport.objects.filter(settled_on=None)
        if waiting.filter(**said).count() >= MOST_OF_ONE:
            return Outcome.TAKEN
        if waiting.count() >= MOST_WAITING:
            return Outcome.FULL
        ClaimReport.objects.create(**said, words=words, made_on=today)
    return Outcome.TAKEN


def _is_held(paper_id: int) -> bool:
    """Whether the paper is there, and stays until the transaction ends: it may be merged at any time."""
    return bool(Paper.objects.select_for_update().filter(pk=paper_id).values_list("pk", flat=True))


def tidy(now: datetime) -> int:
    """Forget reports that were settled long ago; how many."""
    count, _ = ClaimReport.objects.filter(settled_on__lt=(now - KEPT).date()).delete()
    return count


def dismiss(report_id: int, today: date) -> None:
    """The owner has looked, and the claim stands."""
    ClaimReport.objects.filter(pk=report_id, settled_on=None).update(settled_on=today)


def waiting() -> list[Reported]:
    """What waits for the owner, the oldest first. Two queries."""
    rows = list(
        ClaimReport.objects.filter(settled_on=None).select_related("paper").order_by("id")[:MOST_SHOWN]
    )
    ids = _claim_ids([row.paper_id for row in rows])
    return [
        Reported(
            row.pk,
            row.paper.key,
            row.paper.title,
            row.value,
            row.quote,
            row.words,
            row.made_on,
            ids.get((row.paper_id, row.value, row.quote)),
        )
        for row in rows
    ]


def _claim_ids(paper_ids: Sequence[int]) -> dict[tuple[int, float, str], int]:
    claims = Claim.objects.filter(paper_id__in=paper_ids, is_removed=False)
    return {
        (paper_id, value, quote): pk
        for pk, paper_id, value, quote in claims.values_list("pk", "paper_id", "value", "quote")
    }
