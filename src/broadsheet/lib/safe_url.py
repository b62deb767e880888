"""Tells whether a text from outside may become a link on a page. Knows nothing of papers."""

from urllib.parse import urlsplit

LONGEST = 2_000


def web_address(text: str | None) -> str | None:
    """The address when it is a plain web address, else None: no other scheme, no password, no white space.

    >>> web_address(" https://github.com/owner/name ")
    'https://github.com/owner/name'
    >>> web_address("javascript:alert(1)") is None
    True
    """
    address = (text or "").strip()
    if not address or len(address) > LONGEST or not address.isprintable() or any(c in address for c in ' "<>\\^`{|}'):
        return None
    try:
        parts = urlsplit(address)
        host, port_is_fine = parts.hostname, parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "." not in host or "@" in parts.netloc or not port_is_fine:
        return None
    return address
