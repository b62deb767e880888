"""What a reader saves and votes for, without an account: two forms, and the list of what was saved."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from broadsheet import wiring
from broadsheet.deliver import kept
from broadsheet.deliver.kept import Kept
from broadsheet.deliver.web import counting
from broadsheet.deliver.web.asking import is_from_here, local_address, not_found, own_page
from broadsheet.domain.ids import PaperKey, find_key, paper_ref
from broadsheet.domain.signal import SignalKind
from broadsheet.store.held_papers import held_key, papers_by_keys

_REFUSED = "Choose on the page of a paper.\n"


def _only_where_counted(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        if not wiring.option("READERS"):
            return not_found(request, "There is no such page", "This site does not keep what readers choose.")
        return view(request)

    return answer


@own_page
@_only_where_counted
def saved(request: HttpRequest) -> HttpResponse:
    keys = list(kept.kept_in(request).saved)
    papers = papers_by_keys(keys) if keys else {}
    context = {
        "papers": papers.items(),
        "gone": [key for key in keys if key not in papers],
        "most": kept.MOST,
    }
    return render(request, "web/saved.html", context)


# As for the theme: pages are the same for all readers, so their forms carry no token.
@csrf_exempt
@require_POST
@never_cache
@_only_where_counted
def save(request: HttpRequest) -> HttpResponse:
    return _choose(request, SignalKind.SAVES)


@csrf_exempt
@require_POST
@never_cache
@_only_where_counted
def vote(request: HttpRequest) -> HttpResponse:
    return _choose(request, SignalKind.VOTES)


def _choose(request: HttpRequest, kind: SignalKind) -> HttpResponse:
    key = find_key(request.POST.get("paper", ""))
    chosen = request.POST.get("chosen", "")
    if key is None or chosen not in ("yes", "no") or not is_from_here(request):
        return HttpResponse(_REFUSED, status=400, content_type="text/plain; charset=utf-8")
    before = kept.kept_in(request)
    after = _with(request, before, kind, key) if chosen == "yes" else _without(request, before, kind, key)
    if after is None:
        return not_found(
            request, f"We do not hold {paper_ref(key)}", "No source that is read here told of it."
        )
    back = request.POST.get("back")
    response = redirect("paper", ref=paper_ref(key)) if back is None else redirect(local_address(back))
    if after != before:
        kept.keep_in(response, after, is_secure=request.is_secure())
    return response


def _with(request: HttpRequest, before: Kept, kind: SignalKind, key: PaperKey) -> Kept | None:
    """Chosen twice is chosen once; None when there is no such paper."""
    held = held_key(key)
    if held is None:
        return None
    if held in before.of(kind):
        return before
    return before.plus(kind, held, is_counted=counting.chose(request, kind, held))


def _without(request: HttpRequest, before: Kept, kind: SignalKind, key: PaperKey) -> Kept:
    if before.of(kind).get(key):
        counting.took_back(request, kind, key)
    return before.minus(kind, key)
