"""Reads the address of a mail server. Knows nothing of papers."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Tls(StrEnum):
    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NO = "no"


_PORTS = {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NO: 25}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"{self.host}:{self.port}"  # never the password


def read(url: str) -> SmtpServer:
    """Raises ValueError, with a sentence that repeats nothing of the URL, which holds a password.

    >>> read("smtp://me:a%40b@mail.example.org").password
    'a@b'
    """
    shape = "expected smtp://user:password@host:587?tls=starttls, implicit or no"
    try:
        parts = urlsplit(url)
        port = parts.port
        asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        tls = Tls(asked.pop("tls", ["starttls"])[0])
    except ValueError:
        raise ValueError(shape) from None
    if parts.scheme != "smtp" or not parts.hostname or asked or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(f"{shape}; signs like / # @ in a password are written as %2F %23 %40")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and tls is Tls.NO and parts.hostname not in LOOPBACK:
        raise ValueError("tls=no would send the password in the clear; use starttls or implicit")
    return SmtpServer(parts.hostname, port or _PORTS[tls], tls, user, password)
