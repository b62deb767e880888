"""What holds for every request to the API: size, rate, who calls, and the shape of whatever is refused."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac

from broadsheet import wiring
from broadsheet.deliver.api.callers import ANYBODY, OWNER, Caller, caller_of
from broadsheet.deliver.api.problems import CONTENT_TYPE, Problem, response_of, usual
from broadsheet.deliver.network import network_of
from broadsheet.domain.scope import Scope
from broadsheet.lib import rates
from broadsheet.lib.rates import Allowance, Turn

log = logging.getLogger(__name__)

PREFIX = "/api/v1/"
OWN = "broadsheet.own"  # in the environment of what a command asks in its own process; headers are HTTP_…
MOST_BYTES = 65_536  # of a body
MOST_PASSED_OVER, A_PIECE, PASSED_OVER_S = 33_554_432, 16_384, 5.0  # bytes, bytes, seconds
PERIOD_S = 60
UNLIMITED = Allowance(0, PERIOD_S)
_EXPOSED = "ETag, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy"
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")  # of a reply that is told anew

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def gate(get_response: GetResponse) -> GetResponse:
    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        asked = request.method or ""
        allowance, turn, response = _answer(request, get_response)
        if response.status_code >= 400 and response.headers.get("Content-Type") != CONTENT_TYPE:
            response = _in_our_shape(response)
        if asked == "OPTIONS" and response.status_code == 405:
            response = HttpResponse(status=204, headers={"Allow": response.headers["Allow"]})
        _tell_rate(response, allowance, turn)
        _let_scripts_read(response)
        return _without_body(response) if asked == "HEAD" else response

    return answer


def _answer(request: HttpRequest, get_response: GetResponse) -> tuple[Allowance, Turn, HttpResponseBase]:
    caller, refusal = ANYBODY, None
    try:
        caller = caller_of(request, timezone.now())
        caller = OWNER if caller is ANYBODY and OWN in request.META else caller
    except Problem as problem:  # it counts, too: else tokens could be tried without end
        refusal = problem
    allowance = UNLIMITED if OWN in request.META else _allowance(caller)
    turn = _take(request, caller, allowance)
    try:
        _check(request, turn, refusal)
        setattr(request, "caller", caller)  # noqa: B010  (no field of Django's class)
        if request.method == "HEAD":
            request.method = "GET"
        return allowance, turn, get_response(request)
    except Problem as problem:
        return allowance, turn, response_of(problem)


def _check(request: HttpRequest, turn: Turn, refusal: Problem | None) -> None:
    if not turn.is_allowed:
        words = f"Too many requests. The next one is answered in {turn.retry_s} s."
        raise Problem(429, words, headers={"Retry-After": str(turn.retry_s)})
    if refusal:
        raise refusal
    if "Transfer-Encoding" in request.headers:
        raise Problem(411, "A body needs a Content-Length header.")
    length = request.headers.get("Content-Length", "") or "0"
    if not length.isascii() or not length.isdigit():
        raise Problem(400, "Content-Length: expected a whole number")
    if int(length) > MOST_BYTES:
        _pass_over(request, int(length))
        raise Problem(413, f"The body has {length[:20]} bytes; {MOST_BYTES} are taken.")


def _pass_over(request: HttpRequest, length: int) -> None:
    """Who still writes when the connection is closed never reads why. For a huge body nobody waits."""
    source, until = request.META["wsgi.input"], time.monotonic() + PASSED_OVER_S
    left = min(length, MOST_PASSED_OVER)
    while left > 0 and time.monotonic() < until and (read := source.read(min(left, A_PIECE))):
        left -= len(read)


def _allowance(caller: Caller) -> Allowance:
    name = "API_TOKEN_RATE" if Scope.READ in caller.scopes else "API_RATE"
    return Allowance(wiring.option(name), PERIOD_S)


def _take(request: HttpRequest, caller: Caller, allowance: Allowance) -> Turn:
    """Networks are kept as keyed hashes, with another key each day. A full disk limits nobody."""
    unlimited = Turn(is_allowed=True, remaining=allowance.limit, reset_s=0, retry_s=0)
    if not allowance.limit:
        return unlimited
    if caller.token_id is not None:
        client = f"token {caller.token_id}"
    else:
        day = timezone.now().date()
        client = salted_hmac(f"broadsheet.rates.{day}", network_of(request), algorithm="sha256").hexdigest()
    try:
        return rates.take(wiring.data_folder() / "rates", client, allowance, time.time())
    except OSError as error:
        log.warning("How often programs ask is not limited: %s", error.strerror)
        return unlimited


def _in_our_shape(response: HttpResponseBase) -> HttpResponse:
    """What Django refused by itself."""
    told = response_of(usual(response.status_code))
    for name in _KEPT:
        if name in response.headers:
            told.headers[name] = response.headers[name]
    return told


def _tell_rate(response: HttpResponseBase, allowance: Allowance, turn: Turn) -> None:
    """https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07"""
    if not allowance.limit:
        return
    response.headers["RateLimit-Limit"] = str(allowance.limit)
    response.headers["RateLimit-Remaining"] = str(turn.remaining)
    response.headers["RateLimit-Reset"] = str(turn.reset_s)
    response.headers["RateLimit-Policy"] = f"{allowance.limit};w={allowance.period_s}"


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
