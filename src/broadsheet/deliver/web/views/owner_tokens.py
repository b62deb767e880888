"""The owner's page of tokens for programs: which there are, a form to make one, a button to revoke one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from broadsheet.deliver.web.views.owner import owner_only
from broadsheet.domain.scope import OF_OWNER
from broadsheet.store import api_tokens

WORDS = {
    "read": "read what everybody may, more often",
    "status": "read how sources and jobs are doing",
}


@require_safe
@owner_only
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@owner_only
def act(request: HttpRequest) -> HttpResponse:
    """A new token is shown on the reply, and nowhere again."""
    now = timezone.now()
    if request.POST.get("do") == "revoke":
        api_tokens.revoke(_number(request.POST.get("token", "")), now)
        return redirect("owner-tokens")
    try:
        days = _days(request.POST.get("days", ""))
        token = api_tokens.make(request.POST.get("name", ""), request.POST.getlist("scope"), now, days=days)
    except api_tokens.BadRequest as error:
        return _page(request, trouble=str(error), status=400)
    return _page(request, token=token)


def _page(request: HttpRequest, *, token: str = "", trouble: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "token": token,
        "trouble": trouble,
        "held": [(one, one.is_good(now)) for one in api_tokens.listed()],
        "scopes": [(scope.value, WORDS[scope]) for scope in OF_OWNER],
        "longest": api_tokens.LONGEST_NAME,
    }
    return render(request, "web/owner_tokens.html", context, status=status)


def _days(text: str) -> int | None:
    if not text.strip():
        return None
    number = _number(text.strip())
    if not number:
        raise api_tokens.BadRequest(f"days: expected a whole number, not {text[:20]!r}")
    return number


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
