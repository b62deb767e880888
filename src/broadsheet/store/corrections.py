"""What the owner does with claims: each step is kept for ever, and the claim stands as the last one says."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from broadsheet.domain.claim_values import claim_as_json, claim_of_json
from broadsheet.domain.reading import Claim
from broadsheet.domain.standing import Standing
from broadsheet.store import models
from broadsheet.store.changes import write_alone
from broadsheet.store.claims import claim_row
from broadsheet.store.models import Action, Correction, Reading
from broadsheet.store.page_values import Claimed
from broadsheet.store.readings import KEPT, claim_columns, own_name
from broadsheet.store.shown import show_anew

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that the owner did, and on which paper."""

    key: str
    title: str
    action: str
    made_at: datetime
    note: str
    as_read: dict[str, Any]
    stands: dict[str, Any] | None


class ClaimGone(Exception):
    """The claim was read anew since the page was made, and has another number now."""


def correct(claim_id: int, stands: Claim, *, note: str, now: datetime) -> bool:
    """Let it stand otherwise, on the same proof; False when it stands so already. Raises ClaimGone."""
    return _act(claim_id, Action.CORRECT, stands, note, now)


def remove(claim_id: int, *, note: str, now: datetime) -> bool:
    """Show it nowhere, whatever a later reading says. Raises ClaimGone."""
    return _act(claim_id, Action.REMOVE, None, note, now)


def restore(claim_id: int, *, note: str, now: datetime) -> bool:
    """Let stand again what was read. Raises ClaimGone."""
    return _act(claim_id, Action.RESTORE, None, note, now)


def history(*, page: int) -> list[Done]:
    """What was done, the newest first; `page` counts from 1."""
    first = (page - 1) * PAGE_SIZE
    columns = ("paper__key", "paper__title", "action", "made_at", "note", "as_read", "stands")
    rows = Correction.objects.order_by("-id").values_list(*columns)
    return [Done(*row) for row in rows[first : first + PAGE_SIZE]]


def _act(claim_id: int, action: Action, stands: Claim | None, note: str, now: datetime) -> bool:
    with transaction.atomic():
        write_alone()
        row = models.Claim.objects.filter(pk=claim_id).first()
        held = claim_row(claim_id)
        if row is None or held is None:
            raise ClaimGone(f"claim {claim_id} is not there any more")
        as_read = _as_read(held.claimed)
        if action is Action.RESTORE:  # as it was read, upon the words where they stand now
            stands = replace(claim_of_json(as_read), quote=held.claimed.claim.quote)
        if _is_so(row, held.claimed.claim, action, stands):
            return False
        thread = row.thread or secrets.token_hex(8)
        Correction.objects.create(
            paper_id=row.paper_id,
            thread=thread,
            action=action,
            as_read=as_read,
            stands=claim_as_json(stands) if stands else None,
            note=note,
            made_at=now,
        )
        in_force = "" if action is Action.RESTORE else thread
        _lay(row, Standing(stands or held.claimed.claim, in_force, is_removed=stands is None))
        _settle(row.paper_id, held.claimed.claim, now)
        show_anew([row.paper_id])
    return True


def _is_so(row: models.Claim, claim: Claim, action: Action, stands: Claim | None) -> bool:
    if action is Action.REMOVE:
        return row.is_removed
    if action is Action.RESTORE:
        return not row.thread
    return not row.is_removed and stands == claim


def _as_read(claimed: Claimed) -> dict[str, Any]:
    """As the reader had it: what the thread's first correction says, or else as it stands."""
    steps = Correction.objects.filter(thread=claimed.thread).order_by("-id") if claimed.thread else None
    told: dict[str, Any] | None = steps.values_list("as_read", flat=True).first() if steps else None
    return told or claim_as_json(claimed.claim)


def _lay(row: models.Claim, one: Standing) -> None:
    told = Reading.objects.filter(paper_id=row.paper_id).values_list("paper__names", "names").first()
    columns = dict(zip(KEPT, claim_columns(one, own_name(*(told or ((), ())))), strict=True))
    models.Claim.objects.filter(pk=row.pk).update(**columns)


def _settle(paper_id: int, claim: Claim, now: datetime) -> None:
    same = models.ClaimReport.objects.filter(paper_id=paper_id, value=claim.value, quote=claim.quote.text)
    same.filter(settled_on=None).update(settled_on=now.date())
