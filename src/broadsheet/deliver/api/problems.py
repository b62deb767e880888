"""The one shape in which everything under /api/ is refused: problem details (RFC 9457).

https://www.rfc-editor.org/rfc/rfc9457
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

import orjson
from django.http import HttpResponse

from broadsheet.lib.text import plain_line, shortened

CONTENT_TYPE = "application/problem+json"
LONGEST_VALUE = 100  # characters of what was sent that are told back
CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
    422: "bad_parameter",
    429: "too_many_requests",
    500: "our_fault",
    503: "not_ready",
}
_USUAL = {
    400: "The request cannot be read.",
    404: "There is nothing at this address. /api/v1/ tells what there is.",
    405: "This address does not take that method; the Allow header names those that it takes.",
    500: "Something broke here. It has been noted, and the owner of this site can see it.",
    503: "The site cannot answer just now. Please ask again in a minute.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with what was sent."""

    field: str
    value: str
    expected: str


class Problem(Exception):
    """Why a request is refused, for who sent it."""

    def __init__(
        self,
        status: int,
        detail: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


def bad(field: str, value: object, expected: str) -> Problem:
    """One parameter that makes no sense."""
    fault = Fault(field, told_back(value), expected)
    return Problem(422, f"{field}: expected {expected}", [fault])


def missing(words: str) -> Problem:
    return Problem(404, words)


def told_back(value: object) -> str:
    return shortened(plain_line(str(value)), LONGEST_VALUE)


def response_of(problem: Problem) -> HttpResponse:
    status = problem.status
    told = {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "code": CODES.get(status, "refused"),
        "detail": problem.detail,
        "errors": [asdict(fault) for fault in problem.faults],
    }
    return HttpResponse(orjson.dumps(told), status=status, content_type=CONTENT_TYPE, headers=problem.headers)


def usual(status: int) -> Problem:
    """For what was refused before our own code saw it."""
    return Problem(status, _USUAL.get(status, f"{_title(status)}."))


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"
