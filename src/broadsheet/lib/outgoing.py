"""Sends to an address that a person typed in, and to nothing inside this machine's own network.

The host is looked up once, all its addresses are judged, and the connection goes to one of those very
addresses: a name that points elsewhere a moment later gains nothing. No redirect is followed, no proxy asked.
Knows nothing of papers.
"""

import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version

import httpx

from broadsheet.lib.deadline import Deadline
from broadsheet.lib.private import addresses_of, is_private
from broadsheet.lib.text import plain_line, shortened

PATIENCE = timedelta(seconds=15)  # for one whole reply
MOST_SAID = 4_000  # bytes of a reply that are read
LONGEST_TOLD = 300  # characters of it that are kept
LONGEST_URL = 2_000
MOST_ADDRESSES = 3  # of one host that are tried


class BadTarget(ValueError):
    """Nothing may be sent there; says why, without the address, which may hold a secret."""


class NotSent(Exception):
    """No whole answer came; says why in one line, without the address."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    said: bytes  # the beginning of its body
    headers: Mapping[str, str]  # names in lower case

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    def __str__(self) -> str:
        """One line for people.

        >>> str(Answer(404, b"no such <hook>", {}))
        '404: no such <hook>'
        """
        words = shortened(plain_line(self.said.decode(errors="replace")), LONGEST_TOLD)
        return f"{self.status}: {words}" if words else str(self.status)


@dataclass(frozen=True)
class Sender:
    own_hosts: frozenset[str] = frozenset()  # "host" or "host:port" inside our network that may be sent to
    contact: str = ""
    find_addresses: Callable[[str], tuple[str, ...]] = addresses_of
    patience: timedelta = PATIENCE
    silence_s: float = 10.0
    certificates: ssl.SSLContext | None = None

    def check(self, address: str) -> httpx.URL:
        """What can be said of an address without asking anybody. Raises BadTarget."""
        if len(address) > LONGEST_URL or not address.isprintable() or " " in address:
            raise BadTarget(f"expected an address of at most {LONGEST_URL:,} characters, without spaces")
        try:
            url = httpx.URL(address)
            is_whole = (
                url.scheme in ("http", "https")
                and bool(url.host)
                and (url.port is None or 0 < url.port < 65_536)
            )
        except (httpx.InvalidURL, ValueError, UnicodeError):
            is_whole = False
        if not is_whole:
            raise BadTarget("expected an address like https://example.org/hook")
        if url.userinfo or url.fragment:
            raise BadTarget("expected an address without a user, a password or a #")
        if url.scheme == "http" and not self._is_own(url):
            raise BadTarget(
                "expected https://; plain http is for hosts that BROADSHEET_WEBHOOK_HOSTS names alone"
            )
        return url

    def judge(self, address: str) -> None:
        """As `check`, and where its host is just now; one nobody knows may come to be. Raises BadTarget."""
        with suppress(NotSent):
            self._addresses(self.check(address))

    def send(self, what: Outgoing) -> Answer:
        """Any answer is an answer, also a refusal. Raises BadTarget, NotSent."""
        url = self.check(what.url)
        trouble = "no address of it could be reached"
        for address in self._addresses(url)[:MOST_ADDRESSES]:
            try:
                return self._exchange(what, url, address)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                trouble = _in_words(error)
        raise NotSent(trouble)

    def _is_own(self, url: httpx.URL) -> bool:
        host = f"[{_host(url)}]" if ":" in _host(url) else _host(url)
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        return host in self.own_hosts or f"{host}:{port}" in self.own_hosts

    def _addresses(self, url: httpx.URL) -> tuple[str, ...]:
        """Where the host is; one address inside our network is enough to refuse it."""
        found = self.find_addresses(_host(url))
        if not found:
            raise NotSent("nobody knows this host; check its spelling, and this machine's network")
        if not self._is_own(url) and any(map(is_private, found)):
            raise BadTarget(
                "the host lies inside this machine's own network, where nothing is sent to; its owner may"
                " name it in BROADSHEET_WEBHOOK_HOSTS"
            )
        return found

    def _exchange(self, what: Outgoing, url: httpx.URL, address: str) -> Answer:
        with Deadline(self.patience) as deadline, self._client() as client:
            deadline.start()
            try:
                with client.stream(
                    what.method,
                    url.copy_with(host=address.partition("%")[0]),
                    content=what.body,
                    headers={**what.headers, "Host": url.netloc.decode("ascii")},
                    # The certificate is checked against the name, not against the address.
                    extensions={"trace": deadline.watch, "sni_hostname": _host(url)},
                ) as reply:
                    return Answer(reply.status_code, _beginning(reply), dict(reply.headers))
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if deadline.is_past:
                    late = f"no whole answer within {self.patience.total_seconds():.0f} s"
                    raise NotSent(late) from error
                if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                    raise
                raise NotSent(_in_words(error)) from error

    def _client(self) -> httpx.Client:
        about = self.contact if self.contact.isascii() and self.contact.isprintable() else ""
        return httpx.Client(
            headers={
                "User-Agent": f"Broadsheet/{version('broadsheet')} (+{about or 'self-hosted'})"[:300],
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
            },
            timeout=httpx.Timeout(self.silence_s, connect=5),
            trust_env=False,  # a proxy would look the host up anew, and go where it then points
            verify=self.certificates or True,
            follow_redirects=False,
        )


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").rstrip(".").lower()


def _beginning(reply: httpx.Response) -> bytes:
    said = bytearray()
    for chunk in reply.iter_raw():
        said += chunk[:MOST_SAID]
        if len(said) >= MOST_SAID:
            break  # the rest is not waited for
    return bytes(said[:MOST_SAID])


_FAULTS = {
    httpx.ConnectTimeout: "it did not answer in time",
    httpx.ReadTimeout: "it stopped answering",
    httpx.WriteTimeout: "it stopped listening",
    httpx.ConnectError: "it cannot be reached",
    httpx.RemoteProtocolError: "it broke off its answer",
    httpx.ReadError: "it broke off its answer",
}


def _in_words(error: Exception) -> str:
    what = next((words for kind, words in _FAULTS.items() if isinstance(error, kind)), "it cannot be asked")
    detail = plain_line(str(error))
    # What cannot be sent may be a secret, and stands in the error.
    is_told = detail and not isinstance(error, httpx.LocalProtocolError | httpx.InvalidURL)
    return f"{what} ({shortened(detail, 200)})" if is_told else what
