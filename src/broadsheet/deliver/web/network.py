"""Where a request came from. Used for counting and limits, and never written down as it is."""

from datetime import date
from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from broadsheet import wiring
from broadsheet.lib.private import is_private

LONGEST_HEADER = 400  # characters that are looked at


def network_of(request: HttpRequest) -> str:
    """Where the request came from, told by the proxy where there is one; of IPv6 the network of a home."""
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:LONGEST_HEADER]
    try:
        if wiring.option("URL") and forwarded and is_private(peer):
            peer = forwarded
        found = ip_address(peer)
    except ValueError:  # a socket has no address, and a proxy may send a word
        return forwarded or peer
    is_new = isinstance(found, IPv6Address) and found.ipv4_mapped is None
    return str(ip_network((found, 64), strict=False)) if is_new else peer


def hidden_network(request: HttpRequest, day: date) -> str:
    """The same for all processes on one day; another the next day."""
    name = network_of(request)
    return salted_hmac(f"broadsheet.network.{day}", name, algorithm="sha256").hexdigest()[:32]
