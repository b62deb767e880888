"""How often programs may ask: one allowance of a network, or of a token, for all that answers programs."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from broadsheet import wiring
from broadsheet.deliver.network import network_of
from broadsheet.domain.scope import Scope
from broadsheet.lib import rates
from broadsheet.lib.rates import Allowance, Turn
from broadsheet.store import api_tokens

log = logging.getLogger(__name__)

PERIOD_S = 60
OWN = "broadsheet.own"  # in the environment of what a command asks in its own process; headers are HTTP_…
HEADERS = "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy"
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Counted:
    allowance: Allowance
    turn: Turn

    @property
    def refusal(self) -> str:
        """Why the request is not answered; "" where it is."""
        if self.turn.is_allowed:
            return ""
        return f"Too many requests. The next one is answered in {self.turn.retry_s} s."


def count(request: HttpRequest, token_id: int | None = None) -> Counted:
    """One request; of the token, where it has an allowance of its own. A full disk limits nobody."""
    name = "API_RATE" if token_id is None else "API_TOKEN_RATE"
    allowance = Allowance(wiring.option(name), PERIOD_S)
    unlimited = Counted(allowance, Turn(is_allowed=True, remaining=allowance.limit, reset_s=0, retry_s=0))
    if OWN in request.META:
        return Counted(Allowance(0), unlimited.turn)
    if not allowance.limit:
        return unlimited
    client = f"token {token_id}" if token_id is not None else _hidden_network(request)
    try:
        return Counted(allowance, rates.take(wiring.data_folder() / "rates", client, allowance, time.time()))
    except OSError as error:
        log.warning("How often programs ask is not limited: %s", error.strerror)
        return unlimited


def _hidden_network(request: HttpRequest) -> str:
    """A keyed hash, with another key each day."""
    day = timezone.now().date()
    return salted_hmac(f"broadsheet.rates.{day}", network_of(request), algorithm="sha256").hexdigest()


def tell(response: HttpResponseBase, counted: Counted) -> None:
    """https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07"""
    limit, turn = counted.allowance.limit, counted.turn
    if not limit:
        return
    response.headers["RateLimit-Limit"] = str(limit)
    response.headers["RateLimit-Remaining"] = str(turn.remaining)
    response.headers["RateLimit-Reset"] = str(turn.reset_s)
    response.headers["RateLimit-Policy"] = f"{limit};w={counted.allowance.period_s}"
    if not turn.is_allowed:
        response.headers["Retry-After"] = str(turn.retry_s)


def limited(refused: Callable[[str], HttpResponse]) -> Callable[[View], View]:
    """Stands around a view; `refused` puts why it does not answer into the shape that its clients read."""

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **named: str) -> HttpResponse:
            counted = count(request, _token_id(request))
            why = counted.refusal
            reply = refused(why) if why else view(request, **named)
            if why:
                reply.headers["Cache-Control"] = "no-store"
                reply._has_been_logged = True  # type: ignore[attr-defined]  # it is no fault, of nobody
            tell(reply, counted)
            return reply

        return answer

    return around


def _token_id(request: HttpRequest) -> int | None:
    """A token of another service is none here: these clients send the one that they have."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(api_tokens.BEGINS):
        return None
    now = timezone.now()
    held = api_tokens.find(token.strip(), now)
    return held.id if held and held.is_good(now) and Scope.READ in held.scopes else None
