"""Tells whether a text from outside may become a link on a page. Knows nothing of papers."""

import re
from urllib.parse import urlsplit

LONGEST = 2_000
_ODD = re.compile(r'[ "<>\\^`{|}]')


def web_address(text: str | None) -> str | None:
    """The address when it is a plain web address, else None: no other scheme, no password, no white space.

    >>> web_address(" https://github.com/owner/name ")
    'https://github.com/owner/name'
    >>> web_address("javascript:alert(1)") is None
    True
    """
    address = (text or "").strip()
    if not address or len(address) > LONGEST or not address.isprintable() or _ODD.search(address):
        return None
    try:
        parts = urlsplit(address)
        host, port_is_fine = parts.hostname, parts.port is None or parts.port > 0
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and "." in (host or "") and "@" not in parts.netloc
    return address if is_web and port_is_fine else None
