"""Pages about the site itself, its health, and the reader's theme."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from broadsheet import wiring
from broadsheet.deliver.web import health, terms
from broadsheet.deliver.web.asking import is_from_here, local_address, not_found, reader_page
from broadsheet.deliver.web.context import THEMES
from broadsheet.store import pages

A_YEAR_S = 365 * 24 * 3600
_NOT_FOR_CRAWLERS = (
    "/search",
    "/saved",
    "/subscription",
    "/unsubscribe",
    "/feedback",
    "/outbox",
    "/owner",
    "/claim",
    "/admin",
)
ROBOTS = "\n".join(["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_CRAWLERS), ""])


@reader_page
def about(request: HttpRequest) -> HttpResponse:
    context = {"section": "about", "sources": pages.source_lines(), "count": pages.paper_count()}
    return render(request, "web/about.html", context | {"categories": wiring.option("CATEGORIES")})


@reader_page
def ranking(request: HttpRequest) -> HttpResponse:
    """The formula with the figures in force on this site."""
    usual = wiring.ranking_basis().usual
    context = {"section": "about", "usual": usual, "weights": terms.weights(usual), "test": terms.backtest()}
    return render(request, "web/ranking.html", context | terms.constants())


@reader_page
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "web/keys.html")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    report = health.look(timezone.now())
    return JsonResponse(
        report, status=200 if health.is_serving(report) else 503, json_dumps_params={"indent": 1}
    )


@reader_page
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@reader_page
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here when a page, such as the admin's, names no icon."""
    return redirect(static("web/favicon.svg"))


# The pages are the same for all readers and carry no token, so the browser's word on where the form
# stood is checked instead. A browser that says nothing may pass: the worst is a page in dark colours.
@csrf_exempt
@require_POST
@never_cache
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES or not is_from_here(request):
        return HttpResponse(
            "Choose auto, light or dark on one of our pages.\n", status=400, content_type="text/plain"
        )
    response = redirect(local_address(request.POST.get("back", "/")))
    if chosen == "auto":
        response.delete_cookie("theme", samesite="Lax")
    else:
        secure = request.is_secure()
        response.set_cookie("theme", chosen, max_age=A_YEAR_S, httponly=True, samesite="Lax", secure=secure)
    return response


def page_missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return not_found(request, "There is no such page", "The address may be mistyped, or the page has moved.")
