"""Tells which hosts lie on this machine or in its own network. Knows nothing of papers."""

import socket
from ipaddress import IPv6Address, ip_address


def addresses_of(host: str) -> tuple[str, ...]:
    """The IP addresses of a host, none when nobody knows it."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_private(address: str) -> bool:
    """
    >>> is_private("127.0.0.1"), is_private("::ffff:10.0.0.1"), is_private("169.254.169.254")
    (True, True, True)
    >>> is_private("151.101.3.42")
    False
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return not found.is_global
