"""All addresses of version 1, and how what they cannot read is refused."""

import logging
import re
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from broadsheet.deliver.api.asked import EXPECTED
from broadsheet.deliver.api.problems import Fault, Problem, response_of, told_back, usual
from broadsheet.deliver.api.routes import claims, editions, own, papers, searching

log = logging.getLogger(__name__)

_SHOULD = re.compile(r"^(?:Input|String|Value|List|Field) (?:should (?:be|have|match)|required|error,)\s*")


_WORDED = ("string_pattern_mismatch", "date_from_datetime_parsing", "date_parsing", "value_error")


class Strict(Parser):
    """Reads a body that says it is JSON; depth and numbers have limits that the standard library lacks."""

    def parse_body(self, request: HttpRequest) -> Any:
        kind = request.content_type or ""
        if kind.lower() != "application/json":
            words = f"Content-Type: expected application/json, not {told_back(kind) or 'nothing'}"
            raise Problem(415, words, [Fault("Content-Type", told_back(kind), "application/json")])
        try:
            return orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            sent = told_back(request.body[:200].decode(errors="replace"))
            raise Problem(400, f"The body is no JSON: {error}", [Fault("body", sent, "JSON")]) from error


def made() -> NinjaAPI:
    api = NinjaAPI(
        title="Broadsheet",
        version="1",
        urls_namespace="api-v1",
        openapi_url=None,  # ours are in document.py and reference.py
        docs_url=None,
        parser=Strict(),
    )
    for part in (papers, searching, editions, claims, own):
        api.add_router("", part.router)
    api.add_exception_handler(Problem, lambda _, problem: response_of(_one(problem)))
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(Http404, lambda *_: response_of(usual(404)))
    api.add_exception_handler(RequestDataTooBig, lambda *_: response_of(usual(413)))
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(Exception, _broken)
    return api


def _one(error: Any) -> Any:
    """The handler's type allows for a class, which never comes."""
    return error


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja hides why a body could not be read behind an error of its own."""
    cause = error.__cause__
    return response_of(cause if isinstance(cause, Problem) else Problem(error.status_code, str(error)))


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    """Told to the log, without what was asked for, and never to the caller."""
    log.error("A request to the API failed", exc_info=error)
    return response_of(usual(500))


def _not_valid(request: HttpRequest, error: Any) -> HttpResponse:
    faults = [_fault(request, one) for one in error.errors[:20]]
    words = "; ".join(f"{fault.field}: expected {fault.expected}" for fault in faults)
    return response_of(Problem(422, words, faults))


def _fault(request: HttpRequest, one: dict[str, Any]) -> Fault:
    where = [part for part in one["loc"] if isinstance(part, str)]
    field = next((part for part in where[1:] if part not in ("asked", "change")), "body")
    said = _SHOULD.sub("", one["msg"]) or "a value"
    expected = _pattern(field, one) if one["type"] in _WORDED else said
    return Fault(field, _sent(request, one["loc"], field), expected)


def _pattern(field: str, one: dict[str, Any]) -> str:
    if field == "fields":
        names = re.findall(r"\w+", one["ctx"]["pattern"].partition(")")[0])
        return f"names of fields, separated by commas: {', '.join(names)}"
    return EXPECTED.get(field, str(one["msg"]))


def _sent(request: HttpRequest, loc: tuple[Any, ...], field: str) -> str:
    if loc[0] == "query":
        return told_back(request.GET.get(field, ""))
    if loc[0] == "path" and request.resolver_match:
        return told_back(request.resolver_match.kwargs.get(field, ""))
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return ""
    return told_back(body.get(field, "")) if isinstance(body, dict) else told_back(body)


api = made()
