"""Reads what the DNS says of the mail of a domain: SPF, DKIM and DMARC. Knows nothing of papers."""

from collections.abc import Sequence
from dataclasses import dataclass

import dns.exception
import dns.resolver

PATIENCE_S = 3.0  # for one question
USUAL_SELECTORS = ("default", "dkim", "mail", "s1", "s2", "selector1", "selector2", "google", "k1", "pm")
_NOTHING = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)


class NoDns(Exception):
    """Nobody answers here; that tells nothing of the records."""


@dataclass(frozen=True, slots=True)
class Dmarc:
    policy: str  # none, quarantine, reject; "" when it names none of these
    at: str  # the name at which it was found
    count: int = 1  # more than one counts as none at all


def usual_resolver() -> dns.resolver.Resolver:
    """That of this machine. Raises NoDns."""
    try:
        return dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise NoDns from error


def spf(domain: str, resolver: dns.resolver.Resolver) -> list[str]:
    """All that claim to be SPF records; there should be one. Raises NoDns."""
    return [text for text in _texts(domain, resolver) if text.lower().split(" ", 1)[0] == "v=spf1"]


def dkim(domain: str, selectors: Sequence[str], resolver: dns.resolver.Resolver) -> dict[str, bool]:
    """Selectors under which there is a record, and whether it holds a key: an empty one is withdrawn."""
    found = {}
    for selector in selectors:
        for text in _texts(f"{selector}._domainkey.{domain}", resolver):
            fields = _fields(text)
            if "p" in fields:
                found[selector] = bool(fields["p"])
    return found


def dmarc(domain: str, resolver: dns.resolver.Resolver) -> Dmarc | None:
    """That of the domain, or of the nearest one above it that has one."""
    labels = domain.rstrip(".").split(".")
    for at in range(max(1, len(labels) - 1)):
        name = f"_dmarc.{'.'.join(labels[at:])}"
        texts = [_fields(text) for text in _texts(name, resolver)]
        found = [fields for fields in texts if fields.get("v", "").upper() == "DMARC1"]
        if found:
            policy = found[0].get("p", "").lower()
            policy = found[0].get("sp", policy).lower() if at else policy
            return Dmarc(policy if policy in ("none", "quarantine", "reject") else "", name, len(found))
    return None


def are_aligned(one: str, other: str) -> bool:
    """
    >>> are_aligned("bounces.example.org", "example.org"), are_aligned("example.org", "example.net")
    (True, False)
    """
    shorter, longer = sorted((one.lower(), other.lower()), key=len)
    return longer == shorter or longer.endswith(f".{shorter}")


def _fields(text: str) -> dict[str, str]:
    pairs = (field.partition("=") for field in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def _texts(name: str, resolver: dns.resolver.Resolver) -> list[str]:
    try:
        answer = resolver.resolve(name, "TXT", lifetime=PATIENCE_S)
    except _NOTHING:
        return []
    except (dns.exception.DNSException, OSError, UnicodeError) as error:
        raise NoDns from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
