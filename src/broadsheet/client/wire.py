"""Sends requests to one site, and trusts nothing that comes back: waits, sizes and shapes have their limits.

A redirect is not followed: the token is for the site that was named, and for no other.
"""

import json
import time
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import httpx

from broadsheet.client.errors import ApiError, NoAnswer

TRIES = 3
LARGEST_ANSWER = 64 << 20  # bytes, unpacked; a page of a hundred papers has some 300 KB
SLOWEST = 10  # times the longest silence, for all of an answer: else one sign at a time would last for days
LONGEST_WORDS = 300  # characters of what is no problem document


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: httpx.Headers
    body: bytes
    host: str


class Wire:
    def __init__(
        self,
        url: str,
        token: str,
        timeout_s: float,
        longest_wait_s: float,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self.url = _checked_url(url, token)
        headers = {
            "Accept": "application/json",
            "User-Agent": f"broadsheet-client/{version('broadsheet')}",
        }
        if token:
            headers["Authorization"] = f"Bearer {_checked_token(token)}"
        self._timeout_s, self._longest_wait_s = timeout_s, longest_wait_s
        self._http = httpx.Client(headers=headers, timeout=timeout_s, transport=transport)

    def close(self) -> None:
        self._http.close()

    def told(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """A JSON object. Raises ApiError, NoAnswer."""
        reply = self.asked(method, path, **more)
        told = _json(reply.body)
        if not isinstance(told, dict):
            kind = reply.headers.get("Content-Type", "something").partition(";")[0]
            raise NoAnswer(f"{reply.host} answers {path} with {kind}, not with the JSON of a Broadsheet")
        return told

    def asked(self, method: str, path: str, **more: Any) -> Reply:
        """What was answered with success. Raises ApiError, NoAnswer."""
        for is_last in [False] * (TRIES - 1) + [True]:
            reply = self._once(method, self.url + path, more)
            if 200 <= reply.status < 300:
                return reply
            wait_s = _wait_s(reply)
            if is_last or wait_s is None or wait_s > self._longest_wait_s:
                break
            time.sleep(wait_s)
        raise _error(reply)

    def _once(self, method: str, url: str, more: dict[str, Any]) -> Reply:
        try:
            with self._http.stream(method, url, **more) as reply:
                return Reply(reply.status_code, reply.headers, self._body(reply), reply.url.netloc.decode())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(f"{self.url} {self._why(error)}") from error

    def _body(self, reply: httpx.Response) -> bytes:
        pieces, size, until = [], 0, time.monotonic() + SLOWEST * self._timeout_s
        for piece in reply.iter_bytes():
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise NoAnswer(f"{self.url} answers with more than {LARGEST_ANSWER >> 20} MB")
            if time.monotonic() > until:
                raise NoAnswer(f"{self.url} had not answered in full after {SLOWEST * self._timeout_s:g} s")
            pieces.append(piece)
        return b"".join(pieces)

    def _why(self, error: Exception) -> str:
        if isinstance(error, httpx.TimeoutException):
            return f"did not answer within {self._timeout_s:g} s"
        if isinstance(error, httpx.ConnectError):
            return f"cannot be reached: {error}"
        return f"does not answer as a web server should: {error or type(error).__name__}"


def _checked_url(url: str, token: str) -> str:
    try:
        parts = urlsplit(url)
        is_site = bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
    except ValueError:  # a port of letters, half an IPv6 address
        is_site = False
    if not is_site or parts.query or parts.fragment:
        raise ValueError(f"url {url!r}: expected the address of a site, like https://papers.example.org")
    if token and "@" in parts.netloc:
        raise ValueError("url: a name and password in it go out in the place of the token; give one of them")
    return url.rstrip("/")


def _checked_token(token: str) -> str:
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise ValueError("token: expected letters, digits and signs on one line, without spaces")
    return token


def _json(body: bytes) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _wait_s(reply: Reply) -> float | None:
    """None where it is not told that asking again helps."""
    told = reply.headers.get("Retry-After", "")
    is_number = told.isascii() and told.isdigit() and len(told) < 10
    return float(told) if is_number else None


def _error(reply: Reply) -> ApiError:
    told = _json(reply.body)
    try:
        errors = [{str(name): str(value) for name, value in one.items()} for one in told["errors"]]
        return ApiError(reply.status, str(told["code"]), str(told["detail"]), errors)
    except (AttributeError, KeyError, TypeError):  # a proxy's words, an export's, or another site's
        return ApiError(reply.status, "unknown", _in_other_words(reply))


def _in_other_words(reply: Reply) -> str:
    if where := reply.headers.get("Location"):
        return (
            f"{reply.host} sends on to {where[:LONGEST_WORDS]}; where that is the same site, give its address"
        )
    if reply.headers.get("Content-Type", "").startswith("text/plain"):
        words = " ".join(reply.body[: 4 * LONGEST_WORDS].decode("utf-8", "replace").split())
        return words[:LONGEST_WORDS]
    return f"{reply.host} answered so, and not in the words of a Broadsheet"
