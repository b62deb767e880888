"""Turns what a route tells into a reply: 304 before anything is read, chosen fields alone, JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from hashlib import blake2b
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from pydantic import BaseModel

from broadsheet import wiring
from broadsheet.deliver.api.asked import Asked
from broadsheet.deliver.api.cursors import address_at
from broadsheet.deliver.api.problems import Fault, Problem, told_back
from broadsheet.deliver.api.schemas import Page
from broadsheet.deliver.lists import VERSION
from broadsheet.index.base import IndexDamaged

JSON = "application/json"
RETRY_S = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """`mark` is another one whenever anything in it may have changed; "" where that is not known."""

    mark: str
    read: Callable[[], BaseModel]
    is_own: bool = False  # of a token: no cache may keep it
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[..., Answer]


def told(route: Route) -> Callable[..., HttpResponse]:
    """The reply to a request, of a route that reads what was `asked`."""

    @wraps(route)
    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        asked = named.get("asked")
        _refuse_unknown(request, asked)
        try:
            return _conditional(request, route(request, **named), asked)
        except IndexDamaged as error:
            words = "The index is being built anew. Please ask again in a minute."
            raise Problem(503, words, headers={"Retry-After": str(RETRY_S)}) from error

    return answer


def _refuse_unknown(request: HttpRequest, asked: Asked | None) -> None:
    """A mistyped name would else be taken for no wish at all."""
    known = list(type(asked).model_fields) if asked else []
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        expected = f"one of {', '.join(known)}" if known else "no parameters here"
        faults = [Fault(told_back(name), told_back(request.GET[name]), expected) for name in unknown[:10]]
        raise Problem(422, f"{faults[0].field}: there is no such parameter; expected {expected}", faults)


def _conditional(request: HttpRequest, answer: Answer, asked: Asked | None) -> HttpResponse:
    etag = _etag(answer.mark) if answer.mark else ""
    reply = get_conditional_response(request, etag=etag) if etag else None
    if reply is None:
        reply = _written(request, answer.read(), asked.fields if asked else "")
    if etag:
        reply.headers["ETag"] = etag
    for name, value in answer.headers.items():
        reply.headers[name] = value
    if answer.is_own:
        patch_cache_control(reply, private=True, no_store=True)
    else:
        patch_cache_control(reply, public=True, no_cache=True)
    return reply


def _etag(mark: str) -> str:
    """Weak: how a reply is packed on its way does not count."""
    return f'W/"{blake2b(f"{VERSION} {mark}".encode(), digest_size=12).hexdigest()}"'


def _written(request: HttpRequest, told: BaseModel, fields: str) -> HttpResponse:
    reply = HttpResponse(orjson.dumps(chosen(told, fields)), content_type=JSON)
    following = getattr(told, "next", None)
    if following:
        address = f"{wiring.site_url()}{address_at(request, following)}"
        reply.headers["Link"] = f'<{address}>; rel="next"'
    return reply


def chosen(told: BaseModel, fields: str) -> dict[str, Any]:
    """Of a page the fields of its rows, of anything else its own; the id goes without saying."""
    if not fields:
        return told.model_dump(mode="json")
    names = {"id", *fields.split(",")}
    if not isinstance(told, Page):
        return told.model_dump(mode="json", include=names)
    whole = told.model_dump(mode="json", exclude={"items"})
    return whole | {"items": [one.model_dump(mode="json", include=names) for one in told.items]}
