"""Tells which hosts lie on this machine or in its own network. Knows nothing of papers."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin: blocks that are nobody's one
# machine, of which Python knows more or fewer from version to version. The whole of each, with the few
# addresses in them that any network may answer itself.
_SPECIAL = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments, 192.0.0.8 and .170 among them
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays, which are no more
            "192.175.48.0/24",  # AS112
            "2001::/23",  # protocol assignments, Teredo and ORCHID among them
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)
_UNICAST = ip_network("2000::/3")  # what has been given out of IPv6
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215


def addresses_of(host: str) -> tuple[str, ...]:
    """The IP addresses of a host, none when nobody knows it."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_private(address: str) -> bool:
    """Whether it is anything but an address of one machine out in the internet, however it is written.

    >>> is_private("127.0.0.1"), is_private("::ffff:10.0.0.1"), is_private("169.254.169.254")
    (True, True, True)
    >>> is_private("64:ff9b::a00:1"), is_private("2002:7f00:1::"), is_private("224.0.0.1")
    (True, True, True)
    >>> is_private("192.0.0.8"), is_private("192.88.99.1"), is_private("3fff::1"), is_private("5f00::1")
    (True, True, True, True)
    >>> is_private("151.101.3.42"), is_private("64:ff9b::9765:32a"), is_private("2606:4700::1111")
    (False, False, False)
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is None and (found not in _UNICAST or not found.is_global):
            return True
        found = inner or found
    is_special = any(found in network for network in _SPECIAL if network.version == found.version)
    return is_special or not found.is_global or found.is_multicast or found.is_reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a gateway on the way would make of it."""
    if address in _NAT64[0] or address in _NAT64[1]:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
