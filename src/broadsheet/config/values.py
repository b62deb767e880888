"""Reads the value of a setting, as it was typed. Each raises ValueError with what it expected."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.lib import imap_server, smtp_server


def text(value: str) -> str:
    return value


def secret(value: str) -> str:
    """What goes into a header: a stray line would be sent, or shown in the error that it causes."""
    if not all("!" <= sign <= "~" for sign in value):
        raise ValueError("expected one word of plain ASCII signs, without spaces or line breaks")
    return value


def folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def yes_or_no(value: str) -> bool:
    if value.lower() in ("1", "yes", "true", "on"):
        return True
    if value.lower() in ("0", "no", "false", "off"):
        return False
    raise ValueError("expected yes or no")


def number(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return int(value)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return value

    return read


def words(value: str) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split())


def categories(value: str) -> tuple[str, ...]:
    names = words(value)
    for name in names:
        archive, dot, subject = name.partition(".")
        if not archive.replace("-", "").isalpha() or (dot and not subject.replace("-", "").isalpha()):
            raise ValueError(f"{name!r} is not an arXiv category; expected names like cs.LG or hep-th")
    return names


def hosts(value: str) -> tuple[str, ...]:
    shape = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")
    if not all(map(shape.fullmatch, words(value.lower()))):
        raise ValueError("expected names or addresses like chat.lan or 10.0.0.5:8065")
    return words(value.lower())


def database(value: str) -> str:
    if value and not value.startswith(("postgresql://", "postgres://", "sqlite:///")):
        raise ValueError("expected postgresql://user:password@host/name or sqlite:////path/to/file")
    return value


def smtp(value: str) -> str:
    if value:
        smtp_server.read(value)
    return value


def imap(value: str) -> str:
    if value:
        imap_server.read(value)
    return value


def bounces(value: str) -> str:
    """Its local part leaves room for what is added to it; a mail server takes 64 signs."""
    if value and not re.fullmatch(r"[a-zA-Z0-9._-]{1,26}@[a-zA-Z0-9.-]{1,180}", value):
        raise ValueError(
            "expected an address like bounces@example.org, at most 26 signs before the @, no plus"
        )
    return value


def selector(value: str) -> str:
    if not re.fullmatch(r"[a-zA-Z0-9._-]{0,63}", value):
        raise ValueError("expected the selector alone, a name like mail2026")
    return value


def pair(value: str) -> str:
    if secret(value) and not all(value.partition(":")):
        raise ValueError("expected user:password")
    return value


def sender(value: str) -> str:
    _, address = parseaddr(value)
    if value and (not value.isprintable() or not all(address.partition("@"))):
        raise ValueError("expected an address like Broadsheet <digest@example.org>")
    return value


def web_base(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("expected an address that starts with http:// or https://")
    return value.rstrip("/")


def endpoint(value: str) -> str:
    """Shown to the owner, so that nothing in it may be a secret."""
    parts = urlsplit(web_base(value))
    if value and (not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment):
        raise ValueError("expected an address like http://localhost:11434/v1, without a user, a key or a ?")
    return value.rstrip("/")


def model(value: str) -> str:
    """Shown to readers beside what it wrote."""
    if not value.isprintable() or len(value) > 100:
        raise ValueError("expected the name of a model, at most 100 characters")
    return value
