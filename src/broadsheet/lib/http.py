"""The one polite way to ask another server: gap, size cap, deadline, Retry-After, conditional GET.

Knows nothing of papers. Conditional requests follow RFC 9110, section 13, redirects section 15.4.
"""

import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import httpx
import orjson

from broadsheet.lib.clock import Clock, SystemClock
from broadsheet.lib.deadline import Deadline
from broadsheet.lib.pace import Pace, Turn
from broadsheet.lib.private import addresses_of, is_private
from broadsheet.lib.text import shortened

MOST_BYTES = 50_000_000
MOST_SAID = 20_000  # bytes of a refusal
MOST_HOPS = 3
PATIENCE = timedelta(minutes=2)  # for one whole reply
LONGEST_SLEEP = timedelta(seconds=30)  # a longer pause is the job's to keep, not ours to sleep through
SOON = timedelta(minutes=5)
LATER = timedelta(minutes=10)
SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(days=1)
_SECRETS = ("key", "token", "secret", "password", "mail", "auth", "signature")
# The others turn a POST into a GET, which asks something else.
_REDIRECTS = {"GET": (301, 302, 303, 307, 308), "POST": (307, 308)}
_FAULTS = {
    httpx.ConnectTimeout: "did not answer in time",
    httpx.ReadTimeout: "stopped answering",
    httpx.ConnectError: "cannot be reached",
    httpx.RemoteProtocolError: "broke off its reply",
    httpx.ReadError: "broke off its reply",
}


class UpstreamError(Exception):
    """A call to another server failed; `retry_after` is None when trying again cannot help."""

    status: int | None = None  # what the server answered, when that is what failed
    headers: Mapping[str, str] = MappingProxyType({})  # of that answer, names in lower case
    said: bytes = b""  # the body of that answer, if it is short; for programs, never for a message
    requests: int = 1  # made of the server until it failed

    def __init__(self, url: str, problem: str, remedy: str, retry_after: timedelta | None) -> None:
        super().__init__(f"{shown(url)} {problem}. {remedy}")
        self.url = shown(url)
        self.problem = problem
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the version it sent, to be told back so that it need not send it again."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Reply:
    url: str  # after redirects
    body: bytes
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    is_unchanged: bool = False  # the server answered 304: what we know still holds, and body is empty
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    requests: int = 1  # made to get it; more than one after redirects


@dataclass(frozen=True, slots=True)
class _Question:
    """One request. `headers` may hold secrets: they are for the server asked first, and for no message."""

    url: str
    known: Validators | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None  # JSON; None: a GET

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    @property
    def all_headers(self) -> dict[str, str]:
        kind = {} if self.body is None else {"Content-Type": "application/json"}
        return {**kind, **self.headers, **(self.known.headers if self.known else {})}

    def moved(self, url: str) -> "_Question":
        """The same at the address that a redirect names; another server learns no secret."""
        return replace(self, url=url, headers=self.headers if _origin(url) == _origin(self.url) else {})


@dataclass(frozen=True)
class PoliteClient:
    """Asks one thing at a time of each group of hosts, with a gap, whichever process asks.

    `folder` holds the locks and may be lost at any time.
    """

    folder: Path
    clock: Clock = field(default_factory=SystemClock)
    contact: str = ""
    most_bytes: int = MOST_BYTES
    patience: timedelta = PATIENCE
    usual_gap: timedelta | None = None
    silence_s: float = 30  # before a reply begins, and within it
    find_addresses: Callable[[str], tuple[str, ...]] = addresses_of

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        known: Validators | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Raises UpstreamError for anything but a whole reply: status 200, or 304 to `known`."""
        return self._ask(_Question(_with(url, params), known, headers or {}))

    def post(
        self,
        url: str,
        content: object,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send `content` as JSON. Raises UpstreamError for anything but a whole reply of status 200."""
        return self._ask(_Question(_with(url, params), headers=headers or {}, body=orjson.dumps(content)))

    def _ask(self, question: _Question) -> Reply:
        asked = question.url
        for requests in range(1, MOST_HOPS + 2):
            try:
                reply = self._ask_once(question)
            except UpstreamError as error:
                error.requests = requests
                raise
            if isinstance(reply, Reply):
                return replace(reply, requests=requests)
            self._check_hop(asked, reply)
            question = question.moved(reply)
        problem = f"redirects more than {MOST_HOPS} times"
        lost = UpstreamError(asked, problem, "Check the address; the service may have moved.", None)
        lost.requests = MOST_HOPS + 1
        raise lost

    def _check_hop(self, asked: str, target: str) -> None:
        """An upstream must not send us where it cannot go itself: to this machine or its network."""
        if self._is_inside(target) and not self._is_inside(asked):
            problem = f"redirects to {shown(target)}, which is inside this machine's own network"
            raise UpstreamError(asked, problem, "It was not followed; the upstream may be compromised.", None)

    def _is_inside(self, url: str) -> bool:
        return any(is_private(address) for address in self.find_addresses(_host_of(url)))

    def _ask_once(self, question: _Question) -> Reply | str:
        """The reply, or the address that it redirects to."""
        url = question.url
        with self._pace.turn(_host_of(url)) as turn, Deadline(self.patience) as deadline:
            self._wait(turn, url)
            try:
                reply = self._exchange(question, turn, deadline)
            except httpx.HTTPError as error:
                self._check(deadline, url)
                _raise_fault(error, url)
            self._check(deadline, url)  # a reply without a stated length looks whole when we cut it
            return reply

    def _exchange(self, question: _Question, turn: Turn, deadline: Deadline) -> Reply | str:
        deadline.start()
        with self._http.stream(
            question.method,
            question.url,
            content=question.body,
            headers=question.all_headers,
            extensions={"trace": deadline.watch},
        ) as reply:
            _raise_if_busy(reply, question.url, turn, self.clock.now())
            return self._read(reply, question)

    def _check(self, deadline: Deadline, url: str) -> None:
        if deadline.is_past:
            problem = f"took longer than {self.patience.total_seconds():.0f} s"
            raise UpstreamError(url, problem, "It is tried again later.", LATER)

    def _wait(self, turn: Turn, url: str) -> None:
        left = turn.wait_left()
        if left > LONGEST_SLEEP:
            until = (self.clock.now() + left).isoformat(timespec="seconds")
            raise UpstreamError(url, f"has asked us to wait until {until}", "It is asked again then.", left)
        turn.begin()

    def _read(self, reply: httpx.Response, question: _Question) -> Reply | str:
        url, headers = question.url, dict(reply.headers)
        if reply.status_code in _REDIRECTS[question.method]:
            return _next_hop(url, headers.get("location", ""))
        if reply.status_code == 304 and question.known is not None:
            return Reply(url, b"", validators=question.known, is_unchanged=True, headers=headers)
        _check_status(reply, url)
        return Reply(
            url,
            body=_read_body(reply, url, self.most_bytes),
            content_type=headers.get("content-type", ""),
            validators=Validators(headers.get("etag", ""), headers.get("last-modified", "")),
            headers=headers,
        )

    @cached_property
    def _pace(self) -> Pace:
        if self.usual_gap is None:
            return Pace(self.folder, self.clock)
        return Pace(self.folder, self.clock, usual_gap=self.usual_gap)

    @cached_property
    def _http(self) -> httpx.Client:
        about = f"+{_in_ascii(self.contact)}" if _in_ascii(self.contact) else "self-hosted; no contact set"
        return httpx.Client(
            headers={
                "User-Agent": f"Broadsheet/{version('broadsheet')} ({about})",
                "Accept-Encoding": "gzip",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # nobody shall follow us
            timeout=httpx.Timeout(self.silence_s, connect=10),
            # No connection outlives its request: several processes together must hold one to arXiv.
            limits=httpx.Limits(max_keepalive_connections=0),
        )


def _read_body(reply: httpx.Response, url: str, most_bytes: int) -> bytes:
    """The body as it was before compression, never more of it than `most_bytes` in memory."""
    stated = reply.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > most_bytes:
        _raise_too_large(url, most_bytes)
    encoding = reply.headers.get("content-encoding", "identity").strip().lower()
    unpack = None if encoding in ("", "identity") else _unpacker(encoding, url)
    body = bytearray()
    for chunk in reply.iter_raw():
        body += chunk if unpack is None else _unpacked(unpack, chunk, most_bytes + 1 - len(body), url)
        if len(body) > most_bytes:
            _raise_too_large(url, most_bytes)
    if unpack is not None and not unpack.eof:
        raise UpstreamError(url, "broke off its reply", "It is tried again later.", LATER)
    return bytes(body)


def _unpacker(encoding: str, url: str) -> "zlib._Decompress":
    if encoding not in ("gzip", "x-gzip"):
        problem = f"sent a reply packed as {shortened(encoding, 20)!r}, which we did not ask for"
        raise UpstreamError(url, problem, "It is tried again later.", LATER)
    return zlib.decompressobj(wbits=31)


def _unpacked(unpack: "zlib._Decompress", chunk: bytes, most: int, url: str) -> bytes:
    try:
        return unpack.decompress(chunk, most)
    except zlib.error as error:
        problem = "sent a damaged reply (its gzip data cannot be read)"
        raise UpstreamError(url, problem, "It is tried again later.", LATER) from error


def _raise_too_large(url: str, most_bytes: int) -> NoReturn:
    problem = f"sent more than {most_bytes / 1e6:,.0f} MB"
    raise UpstreamError(url, problem, "Nothing of it was kept; the service may have changed.", None)


def _raise_if_busy(reply: httpx.Response, url: str, turn: Turn, now: datetime) -> None:
    if reply.status_code not in (429, 503):
        return
    turn.pause = wait_asked_for(reply.headers.get("retry-after", ""), now)
    problem = f"asked us to slow down (status {reply.status_code})"
    remedy = f"The next try is in {turn.pause.total_seconds():.0f} s; a longer gap avoids this."
    raise _refusal(reply, UpstreamError(url, problem, remedy, turn.pause))


def _check_status(reply: httpx.Response, url: str) -> None:
    status = reply.status_code
    if status == 200:
        return
    if status >= 500 or status == 408:
        error = UpstreamError(url, f"is in trouble (status {status})", "It is tried again later.", LATER)
        raise _refusal(reply, error)
    remedy = "The query is wrong or the service has changed; see docs/sources.md."
    error = _refusal(reply, UpstreamError(url, f"answered status {status}", remedy, None))
    with suppress(UpstreamError, httpx.HTTPError):  # the refusal is worth more than its explanation
        error.said = _read_body(reply, url, MOST_SAID)
    raise error


def _refusal(reply: httpx.Response, error: UpstreamError) -> UpstreamError:
    error.status, error.headers = reply.status_code, dict(reply.headers)
    return error


def _raise_fault(error: httpx.HTTPError, url: str) -> NoReturn:
    problem = next((text for kind, text in _FAULTS.items() if isinstance(error, kind)), "could not be asked")
    # What cannot be sent may be a secret, and stands in the error.
    told = "" if isinstance(error, httpx.LocalProtocolError) else shortened(str(error), 200)
    detail = told or type(error).__name__
    remedy = "Check this machine's network; it is tried again later."
    raise UpstreamError(url, f"{problem} ({detail})", remedy, LATER) from error


def wait_asked_for(retry_after: str, now: datetime) -> timedelta:
    """What a Retry-After header means, in seconds or as a date, held between a second and a day.

    >>> wait_asked_for("120", datetime(2026, 1, 1, tzinfo=UTC))
    datetime.timedelta(seconds=120)
    >>> wait_asked_for("Thu, 01 Jan 2026 00:01:00 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    datetime.timedelta(seconds=60)
    >>> wait_asked_for("soon", datetime(2026, 1, 1, tzinfo=UTC))
    datetime.timedelta(seconds=300)
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=int(text[:9]))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return SOON
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _next_hop(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not location or not is_web:
        problem = f"redirects to {shortened(location, 100)!r}, which is not a web address"
        raise UpstreamError(url, problem, "The service has changed; see docs/sources.md.", None)
    return target


def _with(url: str, params: Mapping[str, str] | None) -> str:
    return f"{url}?{urlencode(params)}" if params else url


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            httpx.URL(url)
            return parts.hostname
    except (ValueError, httpx.InvalidURL):
        pass
    raise UpstreamError(url, "is not a web address", "Check the setting that names it.", None)


def shown(url: str) -> str:
    """The address as a message may show it: no password, no key, not endless.

    >>> shown("https://me:pw@example.org/a?api_key=123&p=2")
    'https://example.org/a?api_key=…&p=2'
    """
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return shortened(repr(url), 100)
    query = "&".join(f"{name}={_hidden(name, value)}" for name, value in pairs)
    host = parts.netloc.rpartition("@")[2]
    return shortened(urlunsplit((parts.scheme, host, parts.path, query, "")), 300)


def _hidden(name: str, value: str) -> str:
    return "…" if any(word in name.lower() for word in _SECRETS) else quote(value, safe=":/+-.,@ ")


def _in_ascii(text: str) -> str:
    """A header holds no line breaks and no other script."""
    return "".join(sign for sign in text if sign.isascii() and sign.isprintable()).strip()[:200]
