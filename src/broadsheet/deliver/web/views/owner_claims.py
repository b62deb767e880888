"""The owner's page of claims: what readers reported, what was corrected, and the forms to do it with."""

from collections.abc import Callable
from enum import StrEnum
from math import isfinite

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from broadsheet.deliver.web.asking import page_number
from broadsheet.deliver.web.proofs import proof
from broadsheet.deliver.web.views.owner import owner_only
from broadsheet.domain.ids import find_key
from broadsheet.domain.reading import Bound, Claim, Direction
from broadsheet.lib.text import plain_line
from broadsheet.store import claim_reports, corrections
from broadsheet.store.claims import ClaimRow, claim_row, claims_of

LONGEST = 200
LONGEST_NOTE = 500


class _Unread(Exception):
    """What was typed cannot be a claim; the message says why."""


@require_safe
@owner_only
def overview(request: HttpRequest) -> HttpResponse:
    """Reports and history; with `?paper=` the claims of a paper, with `?claim=` one of them, to correct."""
    return _page(request)


@require_POST
@owner_only
def act(request: HttpRequest) -> HttpResponse:
    """Correct, remove or restore a claim, or dismiss a report."""
    do = _ACTIONS.get(request.POST.get("do", ""))
    if do is None:
        return _page(request, "Choose what to do.", status=400)
    try:
        do(request.POST)
    except _Unread as error:
        return _page(request, f"Nothing was changed: {error}.", status=400)
    except corrections.ClaimGone:
        words = "Nothing was changed: the paper was read anew meanwhile. Look again."
        return _page(request, words, status=409)
    return redirect("owner-claims")


def _page(request: HttpRequest, trouble: str = "", *, status: int = 200) -> HttpResponse:
    ref, page = plain_line(request.GET.get("paper", "")[:LONGEST]), page_number(request) or 1
    shown = _asked(ref, _number(request.GET.get("claim", "") or request.POST.get("claim", "")))
    history = corrections.history(page=page)
    context = {
        "trouble": trouble,
        "ref": ref,
        "asked": [(row, proof(row.text, row.claimed.claim.quote)) for row in shown],
        "is_lacking": bool(ref) and not shown,
        "reports": claim_reports.waiting(),
        "history": history,
        "page": page,
        "has_more": len(history) == corrections.PAGE_SIZE,
        "bounds": list(Bound),
        "directions": list(Direction),
    }
    return render(request, "web/owner_claims.html", context, status=status)


def _asked(ref: str, claim_id: int) -> list[ClaimRow]:
    key = find_key(ref) if ref else None
    if key is not None:
        return claims_of(key)
    row = claim_row(claim_id)
    return [row] if row else []


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 18
    return int(text) if is_number else 0


def _correct(form: QueryDict) -> None:
    number = _number(form.get("claim", ""))
    row = claim_row(number)
    if row is None:
        raise corrections.ClaimGone
    stands = _typed(form, row.claimed.claim)
    corrections.correct(number, stands, note=_note(form), now=timezone.now())


def _remove(form: QueryDict) -> None:
    corrections.remove(_number(form.get("claim", "")), note=_note(form), now=timezone.now())


def _restore(form: QueryDict) -> None:
    corrections.restore(_number(form.get("claim", "")), note=_note(form), now=timezone.now())


def _dismiss(form: QueryDict) -> None:
    claim_reports.dismiss(_number(form.get("report", "")), timezone.now().date())


_ACTIONS: dict[str, Callable[[QueryDict], None]] = {
    "correct": _correct,
    "remove": _remove,
    "restore": _restore,
    "dismiss": _dismiss,
}


def _typed(form: QueryDict, before: Claim) -> Claim:
    """The claim as it was typed, on the proof it had. Raises _Unread."""
    value = _figure(form, "value")
    if value is None:
        raise _Unread("a claim needs a value")
    return Claim(
        value=value,
        value_max=_figure(form, "value_max"),
        quote=before.quote,
        bound=Bound(_one_of(Bound, form, "bound")) if form.get("bound") else None,
        direction=Direction(_one_of(Direction, form, "direction")) if form.get("direction") else None,
        **{name: _line(form, name) for name in ("unit", "metric", "subject", "dataset", "baseline")},
    )


def _figure(form: QueryDict, name: str) -> float | None:
    text = form.get(name, "").strip()[:LONGEST]
    try:
        value = float(text.replace(",", "")) if text else None
    except ValueError:
        raise _Unread(f"{text!r} is no number") from None
    if value is not None and not isfinite(value):
        raise _Unread(f"{text!r} is no number")
    return value


def _one_of(words: type[StrEnum], form: QueryDict, name: str) -> str:
    text = form.get(name, "")
    if text not in list(words):
        raise _Unread(f"{text[:40]!r} is none of the words to choose from")
    return text


def _line(form: QueryDict, name: str) -> str:
    return plain_line(form.get(name, "")[: 4 * LONGEST])[:LONGEST]


def _note(form: QueryDict) -> str:
    return plain_line(form.get("note", "")[: 4 * LONGEST_NOTE])[:LONGEST_NOTE]
