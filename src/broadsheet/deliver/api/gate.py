"""What holds for every request to the API: size, rate, who calls, and the shape of whatever is refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from broadsheet.deliver import limits
from broadsheet.deliver.api.callers import ANYBODY, OWNER, caller_of
from broadsheet.deliver.api.problems import CONTENT_TYPE, Fault, Problem, response_of, told_back, usual
from broadsheet.deliver.limits import Counted
from broadsheet.domain.scope import Scope

PREFIX = "/api/v1/"
MOST_BYTES = 65_536  # of a body
LONGEST_LENGTH = 15  # digits
_EXPOSED = f"ETag, Link, Retry-After, {limits.HEADERS}"
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")  # of a reply that is told anew

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def gate(get_response: GetResponse) -> GetResponse:
    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        asked = request.method or ""
        counted, response = _answer(request, get_response)
        if response.status_code >= 400 and response.headers.get("Content-Type") != CONTENT_TYPE:
            response = _in_our_shape(response)
        if asked == "OPTIONS" and response.status_code == 405:
            response = HttpResponse(status=204, headers={"Allow": response.headers["Allow"]})
        limits.tell(response, counted)
        _let_scripts_read(response)
        return _without_body(response) if asked == "HEAD" else response

    return answer


def _answer(request: HttpRequest, get_response: GetResponse) -> tuple[Counted, HttpResponseBase]:
    caller, refusal = ANYBODY, None
    try:
        caller = caller_of(request, timezone.now())
        caller = OWNER if caller is ANYBODY and limits.OWN in request.META else caller
    except Problem as problem:  # it counts, too: else tokens could be tried without end
        refusal = problem
    counted = limits.count(request, caller.token_id if Scope.READ in caller.scopes else None)
    try:
        _check(request, counted, refusal)
        setattr(request, "caller", caller)  # noqa: B010  (no field of Django's class)
        if request.method == "HEAD":
            request.method = "GET"
        return counted, get_response(request)
    except Problem as problem:
        return counted, response_of(problem)


def _check(request: HttpRequest, counted: Counted, refusal: Problem | None) -> None:
    if counted.refusal:
        raise Problem(429, counted.refusal)
    if refusal:
        raise refusal
    if "Transfer-Encoding" in request.headers:
        sent = told_back(request.headers["Transfer-Encoding"])
        raise Problem(
            411,
            "A body needs a Content-Length header.",
            [Fault("Transfer-Encoding", sent, "Content-Length instead")],
        )
    length = request.headers.get("Content-Length", "") or "0"
    if not length.isascii() or not length.isdigit() or len(length) > LONGEST_LENGTH:
        fault = Fault("Content-Length", told_back(length), "a whole number")
        raise Problem(400, "Content-Length: expected a whole number", [fault])
    if int(length) > MOST_BYTES:
        fault = Fault("Content-Length", told_back(length), f"{MOST_BYTES} at most")
        raise Problem(413, f"The body has {length[:20]} bytes; {MOST_BYTES} are taken.", [fault])


def _in_our_shape(response: HttpResponseBase) -> HttpResponse:
    """What Django refused by itself."""
    told = response_of(usual(response.status_code))
    for name in _KEPT:
        if name in response.headers:
            told.headers[name] = response.headers[name]
    return told


def _let_scripts_read(response: HttpResponseBase) -> None:
    """Of any site, and without what this browser keeps: no cookie and no token goes along."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    response.headers["Access-Control-Max-Age"] = "86400"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    patch_vary_headers(response, ["Authorization"])


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response
