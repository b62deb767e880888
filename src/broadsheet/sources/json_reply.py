"""Decodes a reply that should be JSON, or says that the upstream is in trouble."""

from datetime import timedelta
from typing import Any

import orjson

from broadsheet.lib.http import Reply, UpstreamError

AGAIN = timedelta(minutes=30)
_REMEDY = "The service may have changed; it is tried again later."


def decoded(reply: Reply) -> Any:
    """Raises UpstreamError for anything but JSON, such as the web page of a proxy or half a reply."""
    try:
        return orjson.loads(reply.body)
    except orjson.JSONDecodeError as error:
        raise nonsense(reply, "sent no JSON") from error


def decoded_object(reply: Reply) -> dict[str, Any]:
    found = decoded(reply)
    if not isinstance(found, dict):
        raise nonsense(reply, "sent no object")
    return found


def decoded_list(reply: Reply, length: int | None = None) -> list[Any]:
    """A list, of a length when one is given: answers to a list of questions stand in its order."""
    found = decoded(reply)
    if not isinstance(found, list):
        raise nonsense(reply, "sent no list")
    if length is not None and len(found) != length:
        raise nonsense(reply, f"sent {len(found):,} answers to {length:,} questions")
    return found


def nonsense(reply: Reply, problem: str) -> UpstreamError:
    """A whole reply, and yet no answer."""
    error = UpstreamError(reply.url, problem, _REMEDY, AGAIN)
    error.status, error.requests = 200, reply.requests
    return error
