"""Reads the address of a mailbox. Knows nothing of papers."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from broadsheet.lib.smtp_server import LOOPBACK

_PORTS = {"imaps": 993, "imap": 143}
_SHAPE = "expected imaps://user:password@host/INBOX"


@dataclass(frozen=True, slots=True)
class ImapServer:
    host: str
    port: int
    is_encrypted: bool
    user: str
    password: str
    folder: str

    def __repr__(self) -> str:
        return f"{self.folder} at {self.host}:{self.port}"  # never the password


def read(url: str) -> ImapServer:
    """Raises ValueError, with a sentence that repeats nothing of the URL, which holds a password.

    >>> read("imaps://bounces%40example.org:a%2Fb@mail.example.org/INBOX")
    INBOX at mail.example.org:993
    >>> read("imaps://me:secret@mail.example.org:1993").port
    1993
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(_SHAPE) from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    is_whole = parts.scheme in _PORTS and parts.hostname and user and password
    if not is_whole or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{_SHAPE}; signs like / # ? @ in a password are written as %2F %23 %3F %40")
    if not (user + password + folder).isprintable():
        raise ValueError("user, password and folder must be printable")
    is_encrypted = parts.scheme == "imaps"
    if not is_encrypted and parts.hostname not in LOOPBACK:
        raise ValueError("imap:// would send the password in the clear; use imaps://")
    return ImapServer(parts.hostname, port or _PORTS[parts.scheme], is_encrypted, user, password, folder)
