"""Where a request came from. Used for counting and limits, and never written down as it is."""

import re
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from broadsheet import wiring
from broadsheet.lib.private import is_private
from broadsheet.store import letter_limits

A_HOME, A_SITE = 64, 48  # bits of IPv6 that a provider gives to one line, and to whoever asks for more
_WITH_PORT = re.compile(r"\[([^\[\]]*)\](?::\d+)?|([\d.]+):\d+")  # as some proxies write an address


def network_of(request: HttpRequest) -> str:
    """Where the request came from, told by the proxy where there is one; of IPv6 the network of a home."""
    return _network(_address(request), A_HOME)


def hidden_network(request: HttpRequest, day: date) -> str:
    """The same for all processes on one day; another the next day. Begins alike for homes of one site."""
    found = _address(request)
    return "".join(_hidden(_network(found, bits), day) for bits in (A_SITE, A_HOME))


def _address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """None: a socket, whose proxy tells nothing."""
    peer = _read(request.META.get("REMOTE_ADDR", ""))
    if not wiring.option("URL") or (peer is not None and not is_private(str(peer))):
        return peer
    last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]  # those before it anybody may write
    return _read(last) or peer


def _read(written: str) -> IPv4Address | IPv6Address | None:
    written = written.strip()
    if found := _WITH_PORT.fullmatch(written):  # each connection has a port of its own
        written = found[1] or found[2] or ""
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(address: IPv4Address | IPv6Address | None, bits: int) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, bits), strict=False))
    return str(address or "")


def _hidden(name: str, day: date) -> str:
    key = f"broadsheet.network.{day}"
    return salted_hmac(key, name, algorithm="sha256").hexdigest()[: letter_limits.WIDER]
