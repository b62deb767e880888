"""The owner's pages. Whoever has not opened a one-time link is told how to get one."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet import wiring
from broadsheet.deliver.web import health
from broadsheet.store import owner, pages, webhook_report
from broadsheet.store.delivery_report import alarms, subscription_counts

LONGEST_TOKEN = 200


def owner_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        return view(request, **named) if is_owner(request) else how_to_enter(request)

    return never_cache(answer)


def is_owner(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser


@never_cache
def how_to_enter(request: HttpRequest) -> HttpResponse:
    return render(request, "web/owner_needed.html", status=403)


@require_safe
@owner_only
def overview(request: HttpRequest) -> HttpResponse:
    context = {
        "settings": _settings(),
        "sources": pages.source_lines(with_writer=True),
        "jobs": pages.job_lines(),
        "damped": pages.held_back(),
        "health": health.look(timezone.now()),
        "count": pages.paper_count(),
        "digest_alarms": alarms(timezone.now()),
        "webhook_alarms": webhook_report.alarms(timezone.now()),
        "subscriptions": subscription_counts(),
    }
    return render(request, "web/owner.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """GET uses nothing up, so that a link preview does not take the link away; POST does, once."""
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")[:LONGEST_TOKEN]
    if request.method != "POST":
        is_good = owner.is_waiting(token, timezone.now())
        context = {"token": token, "is_good": is_good}
        return render(request, "web/owner_claim.html", context, status=200 if is_good else 403)
    user = owner.claim(token, timezone.now())
    if user is None:
        return render(request, "web/owner_claim.html", {"is_good": False}, status=403)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("owner")


def _settings() -> list[dict[str, str]]:
    """Every setting in force; of a secret only whether it is set."""
    return [
        {
            "variable": option.variable,
            "value": _shown(option.is_secret, wiring.option(option.name)),
            "help": option.help,
        }
        for option in settings.OPTION_TABLE
    ]


def _shown(is_secret: bool, value: object) -> str:
    if is_secret:
        return "set, hidden" if value else "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, tuple) else str(value)
