"""The one polite way to ask another server: gap, size cap, deadline, Retry-After, conditional GET.

Knows nothing of papers. Conditional requests follow RFC 9110, section 13.
"""

import threading
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import httpx

from broadsheet.lib.clock import Clock, SystemClock
from broadsheet.lib.pace import Pace, Turn
from broadsheet.lib.private import addresses_of, is_private
from broadsheet.lib.text import shortened

MOST_BYTES = 50_000_000
MOST_HOPS = 3
PATIENCE = timedelta(minutes=2)  # for one whole reply
LONGEST_SLEEP = timedelta(seconds=30)  # a longer pause is the job's to keep, not ours to sleep through
SOON = timedelta(minutes=5)
LATER = timedelta(minutes=10)
SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(days=1)
_SECRETS = ("key", "token", "secret", "password", "mail", "auth", "signature")
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
    find_addresses: Callable[[str], tuple[str, ...]] = addresses_of

    def get(
        self, url: str, params: Mapping[str, str] | None = None, known: Validators | None = None
    ) -> Reply:
        """Raises UpstreamError for anything but a whole reply: status 200, or 304 to `known`."""
        target = f"{url}?{urlencode(params)}" if params else url
        for _ in range(MOST_HOPS + 1):
            reply = self._ask_once(target, known)
            if isinstance(reply, Reply):
                return reply
            self._check_hop(url, reply)
            target = reply
        problem = f"redirects more than {MOST_HOPS} times"
        raise UpstreamError(url, problem, "Check the address; the service may have moved.", None)

    def _check_hop(self, asked: str, target: str) -> None:
        """An upstream must not send us where it cannot go itself: to this machine or its network."""
        if self._is_inside(target) and not self._is_inside(asked):
            problem = f"redirects to {shown(target)}, which is inside this machine's own network"
            raise UpstreamError(asked, problem, "It was not followed; the upstream may be compromised.", None)

    def _is_inside(self, url: str) -> bool:
        return any(is_private(address) for address in self.find_addresses(_host_of(url)))

    def _ask_once(self, url: str, known: Validators | None) -> Reply | str:
        """The reply, or the address that it redirects to."""
        with self._pace.turn(_host_of(url)) as turn, _Deadline(self.patience) as deadline:
            self._wait(turn, url)
            try:
                reply = self._exchange(url, known, turn, deadline)
            except httpx.HTTPError as error:
                deadline.check(url)
                _raise_fault(error, url)
            deadline.check(url)  # a reply without a stated length looks whole when we cut it
            return reply

    def _exchange(self, url: str, known: Validators | None, turn: Turn, deadline: "_Deadline") -> Reply | str:
        deadline.start()
        headers = known.headers if known else {}
        with self._http.stream("GET", url, headers=headers, extensions={"trace": deadline.watch}) as reply:
            _raise_if_busy(reply, url, turn, self.clock.now())
            return self._read(reply, url, known)

    def _wait(self, turn: Turn, url: str) -> None:
        left = turn.wait_left()
        if left > LONGEST_SLEEP:
            until = (self.clock.now() + left).isoformat(timespec="seconds")
            raise UpstreamError(url, f"has asked us to wait until {until}", "It is asked again then.", left)
        turn.begin()

    def _read(self, reply: httpx.Response, url: str, known: Validators | None) -> Reply | str:
        if reply.status_code in (301, 302, 303, 307, 308):
            return _next_hop(url, reply.headers.get("location", ""))
        if reply.status_code == 304 and known is not None:
            return Reply(url, b"", validators=known, is_unchanged=True)
        _check_status(reply.status_code, url)
        return Reply(
            url,
            body=_read_body(reply, url, self.most_bytes),
            content_type=reply.headers.get("content-type", ""),
            validators=Validators(reply.headers.get("etag", ""), reply.headers.get("last-modified", "")),
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
            timeout=httpx.Timeout(30, connect=10),
            # No connection outlives its request: several processes together must hold one to arXiv.
            limits=httpx.Limits(max_keepalive_connections=0),
        )


class _Deadline:
    """Cuts the connection when a whole reply takes too long; a slow drip never runs into a read time-out."""

    def __init__(self, patience: timedelta) -> None:
        self.patience = patience
        self.is_past = False
        self._sockets: list[Any] = []
        self._timer = threading.Timer(patience.total_seconds(), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def start(self) -> None:
        self._timer.start()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """Called by httpx at each step of a request (its "trace" extension)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._sockets.append(info["return_value"].get_extra_info("socket"))

    def check(self, url: str) -> None:
        if self.is_past:
            problem = f"took longer than {self.patience.total_seconds():.0f} s"
            raise UpstreamError(url, problem, "It is tried again later.", LATER)

    def _cut(self) -> None:
        self.is_past = True
        for socket in self._sockets:
            with suppress(OSError):
                socket.shutdown(SHUT_RDWR)


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
    raise UpstreamError(url, problem, remedy, turn.pause)


def _check_status(status: int, url: str) -> None:
    if status == 200:
        return
    if status >= 500 or status == 408:
        raise UpstreamError(url, f"is in trouble (status {status})", "It is tried again later.", LATER)
    remedy = "The query is wrong or the service has changed; see docs/sources.md."
    error = UpstreamError(url, f"answered status {status}", remedy, None)
    error.status = status
    raise error


def _raise_fault(error: httpx.HTTPError, url: str) -> NoReturn:
    problem = next((text for kind, text in _FAULTS.items() if isinstance(error, kind)), "could not be asked")
    detail = shortened(str(error), 200) or type(error).__name__
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
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not location or not is_web:
        problem = f"redirects to {shortened(location, 100)!r}, which is not a web address"
        raise UpstreamError(url, problem, "The service has changed; see docs/sources.md.", None)
    return target


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
