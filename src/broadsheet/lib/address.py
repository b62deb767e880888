"""Reads one e-mail address that somebody typed: strict, so that nothing else can ride along in a header."""

import re
import unicodedata
from dataclasses import dataclass

import idna

LONGEST = 254  # bytes that a mail server takes (RFC 5321)
LONGEST_LOCAL = 64
LONGEST_TYPED = 320
_SIGNS = set("!#$%&'*+-/=?^_`{|}~")  # beside letters and figures (RFC 5322, atext)
# Machines answer here, or people who must not be bothered: a mail to them goes round in circles.
_NOBODYS = {"mailer-daemon", "postmaster", "abuse", "noreply", "no-reply", "donotreply", "do-not-reply"}
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class BadAddress(ValueError):
    """No address that mail can be sent to; the message is a sentence for who typed it."""


@dataclass(frozen=True, slots=True)
class Address:
    shown: str  # mail goes here: the local part as it was typed, the domain as mail servers know it
    mailbox: str  # one a mailbox: without upper case, without what follows a plus


def read(text: str) -> Address:
    """One address, without a name beside it.

    >>> read(" Ada.Lovelace+Papers@Bücher.Example ")
    Address(shown='Ada.Lovelace+Papers@xn--bcher-kva.example', mailbox='ada.lovelace@xn--bcher-kva.example')
    """
    if len(text) > LONGEST_TYPED:
        raise BadAddress("No e-mail address is so long.")
    local, at, domain = unicodedata.normalize("NFC", text.strip(" ")).rpartition("@")
    if not at or not local:
        raise BadAddress("An e-mail address looks like name@example.org.")
    known_as = _domain(domain)
    if _folded(local) in _NOBODYS:
        raise BadAddress("Nobody reads mails to that mailbox. Please give one of your own.")
    shown, mailbox = f"{_local(local)}@{known_as}", f"{_folded(local)}@{known_as}"
    if max(len(shown.encode()), len(mailbox.encode())) > LONGEST:
        raise BadAddress("No e-mail address is so long.")
    return Address(shown, mailbox)


def _local(text: str) -> str:
    if len(text.encode("utf-8", "replace")) > LONGEST_LOCAL:
        raise BadAddress("What stands before the @ is too long.")
    if not all(text.split(".")) or _UNSEEN.search(text) or not all(map(_may_stand, text)):
        raise BadAddress("What stands before the @ has a sign that mail cannot be sent with.")
    return text


def _may_stand(sign: str) -> bool:
    if sign.isascii():
        return sign.isalnum() or sign in _SIGNS or sign == "."
    return unicodedata.category(sign) in ("Ll", "Lu", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd")


def _folded(local: str) -> str:
    """Compatible forms of a letter are one letter; what that makes must be an address too."""
    name, _, _ = _local(local).partition("+")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name or local).casefold())
    return _local(unicodedata.normalize("NFKC", folded.casefold()))


def _domain(text: str) -> str:
    """In ASCII and lower case."""
    try:
        domain = idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        domain = ""
    labels = domain.split(".")
    is_whole = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if not is_whole:
        raise BadAddress("What stands after the @ is no domain; expected a name like example.org.")
    return domain
