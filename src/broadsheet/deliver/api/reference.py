"""The OpenAPI document, and the same as a page for people. Neither scripts nor other sites are needed."""

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe
from django.views.defaults import server_error

from broadsheet import wiring
from broadsheet.deliver.api import document
from broadsheet.deliver.api.examples import here
from broadsheet.deliver.api.problems import response_of, usual


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("api-reference")


@conditional_page
@cache_control(no_cache=True)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    told = document.document(wiring.site_url(), here())
    context = {"groups": document.groups(told), "info": told["info"], "site_url": wiring.site_url()}
    limits = {"rate": wiring.option("API_RATE"), "token_rate": wiring.option("API_TOKEN_RATE")}
    return render(
        request, "api/reference.html", context | limits | {"problem": document.problem_fields(told)}
    )


@conditional_page
@cache_control(no_cache=True)
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    told = orjson.dumps(document.document(wiring.site_url(), here()))
    return HttpResponse(told, content_type="application/json")


@csrf_exempt
def missing(request: HttpRequest, rest: str = "") -> HttpResponse:
    response = response_of(usual(404))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """For whatever breaks outside of the routes; pages have their own words."""
    return response_of(usual(500)) if request.path_info.startswith("/api/") else server_error(request)
