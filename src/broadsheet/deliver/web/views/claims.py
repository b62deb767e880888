"""Pages of claims: all about one name or on one benchmark, one with its proof, and all as a download."""

from collections.abc import Callable, Iterator, Sequence

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from broadsheet.deliver.figures import what_of
from broadsheet.deliver.web import counting, downloads, slot
from broadsheet.deliver.web.asking import MOST_PAGES, is_from_here, not_found, page_number, reader_page
from broadsheet.deliver.web.claim_rows import LONGEST_NAME, Row, address_of
from broadsheet.deliver.web.proofs import proof
from broadsheet.domain.held import is_held
from broadsheet.domain.reading import Claim
from broadsheet.lib.text import plain_line, shortened
from broadsheet.store import claim_reports
from broadsheet.store.claim_reports import Outcome
from broadsheet.store.claims import (
    PAGE_SIZE,
    About,
    ClaimRow,
    Sort,
    Step,
    claim_row,
    claims_about,
    steps_of,
)

LONGEST_REPORT = 500
_GONE = "It was read anew since, or there never was one. Its paper's page has the figures as they stand."
_BUSY = "Somebody else is downloading the figures. There is one download at a time; try again in a minute.\n"
_THANKS = "Thank you. The owner of this site will look at it."
_ENOUGH = "It was reported from where you are already, or there are too many reports for today."


@reader_page
def about(request: HttpRequest, about: str, name: str) -> HttpResponse:
    what, page, sort = About(about), page_number(request), _sort(request)
    if page is None or sort is None or len(name) > LONGEST_NAME:
        return not_found(request, "There is no such page", "The order is value, date or paper.")
    found = claims_about(what, plain_line(name), sort=sort, page=page)
    if not found.rows:
        words = "No paper here claims a figure that names it, or this page lies behind the last."
        return not_found(request, f"No figures for {shortened(plain_line(name), 80)}", words, query=name)
    first = (page - 1) * PAGE_SIZE
    has_more = first + len(found.rows) < found.count
    here = reverse(what, args=[name])
    context = {
        "about": what,
        "found": found,
        "rows": [Row(row.claimed, row, proof(row.text, row.claimed.claim.quote)) for row in found.rows],
        "has_data": what is About.NAME,
        "here": here,
        "sort": sort,
        "sorts": [(one, f"{here}?sort={one}") for one in Sort],
        "other": reverse(About.NAME if what is About.BENCHMARK else About.BENCHMARK, args=[name]),
        "page": page,
        "first": first + 1,
        "last": first + len(found.rows),
        "has_more": has_more and page < MOST_PAGES,
        "is_cut": has_more and page == MOST_PAGES,
    }
    return render(request, "web/claims.html", context)


def _sort(request: HttpRequest) -> Sort | None:
    try:
        return Sort(request.GET.get("sort", Sort.DATE))
    except ValueError:
        return None


@reader_page
def claim(request: HttpRequest, number: int) -> HttpResponse:
    row = claim_row(number)
    if row is None or row.is_removed:
        return not_found(request, "There is no such figure", _GONE)
    return _shown(request, row, said=_THANKS if "reported" in request.GET else "")


# As for the theme: pages are the same for all readers, so their forms carry no token.
@csrf_exempt
@require_POST
@never_cache
def report(request: HttpRequest, number: int) -> HttpResponse:
    if not is_from_here(request):
        return HttpResponse("Report on our own page.\n", status=400, content_type="text/plain; charset=utf-8")
    row = claim_row(number)
    if row is None or row.is_removed:
        return not_found(request, "There is no such figure", _GONE)
    if not counting.is_first_report(request, number):
        return _shown(request, row, said=_ENOUGH, status=429)
    words = plain_line(request.POST.get("words", "")[: 4 * LONGEST_REPORT])[:LONGEST_REPORT]
    outcome = claim_reports.report(number, words, timezone.now().date())
    if outcome is Outcome.GONE:
        return not_found(request, "There is no such figure", _GONE)
    if outcome is Outcome.FULL:
        return _shown(request, row, said=_ENOUGH, status=429)
    return redirect(f"{reverse('claim', args=[number])}?reported")


def _shown(request: HttpRequest, row: ClaimRow, *, said: str = "", status: int = 200) -> HttpResponse:
    steps = steps_of(row.claimed.thread)
    context = {
        "row": row,
        "said": said,
        "is_reported": said == _THANKS,
        "proof": proof(row.text, row.claimed.claim.quote),
        "parts": _parts(row.claimed.claim),
        "steps": steps,
        "is_typed": _is_typed(row.claimed.claim, steps),
    }
    return render(request, "web/claim.html", context, status=status)


def _is_typed(claim: Claim, steps: Sequence[Step]) -> bool:
    """Whether its value is the owner's own. One that was read ("twice") is proven, though not in figures."""
    as_read = [(step.as_read["value"], step.as_read["value_max"]) for step in steps]
    return bool(steps) and (claim.value, claim.value_max) not in as_read and not is_held(claim)


def _parts(claim: Claim) -> list[tuple[str, str, str]]:
    """Label, value, and where more claims about it are."""
    told = [
        ("Metric", what_of(claim), ""),
        ("Whose", claim.subject, address_of(About.NAME, claim.subject)),
        ("Against", claim.baseline, address_of(About.NAME, claim.baseline)),
        ("Data", claim.dataset, address_of(About.BENCHMARK, claim.dataset)),
    ]
    return [part for part in told if part[1]]


def _download(kind: str, write: Callable[[], Iterator[bytes]]) -> Callable[[HttpRequest], HttpResponseBase]:
    """All claims, written while they are read: however many there are, it holds a few thousand."""

    @require_safe
    @cache_control(no_cache=True)
    def answer(request: HttpRequest) -> HttpResponseBase:
        headers = {"Content-Type": downloads.TYPES[kind]}
        headers["Content-Disposition"] = f'attachment; filename="claims.{kind}"'
        if request.method == "HEAD":
            return HttpResponse(headers=headers)
        parts = slot.take(write, request.META.get("gunicorn.socket"))
        return StreamingHttpResponse(parts, headers=headers) if parts else _busy()

    return answer


def _busy() -> HttpResponse:
    headers = {"Retry-After": str(slot.RETRY_S), "Content-Type": "text/plain; charset=utf-8"}
    return HttpResponse(_BUSY, status=503, headers=headers)


as_jsonl = _download("jsonl", downloads.as_jsonl)
as_csv = _download("csv", downloads.as_csv)
