"""Reads what a mail that came back is: a bounce, a complaint, a wish to unsubscribe, or none of our business.

Pure, and made for hostile mails: whatever the bytes, it answers. It believes nothing: whom a mail is about it
gives as marks, Message-IDs and a token, which only who had our mail can know, and which others check.

Bounces: RFC 3464; complaints: RFC 5965; replies of machines: RFC 3834.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from broadsheet.lib.text import plain_line, shortened

MOST_PARTS = 20
LONGEST_FIELD = 2_000  # characters looked at
LONGEST_WORDS = 300
MOST_NAMES = 10

_MARK = re.compile(r"\+([ds][0-9.]{1,29}-[a-z2-7]{16})@", re.IGNORECASE)
_NAME = r"[^<>\s@\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,120}"  # PostgreSQL is asked for it, and takes no NUL
_MESSAGE_ID = re.compile(f"<{_NAME}@{_NAME}>")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_CODE = re.compile(r"\b([45])\d\d\b")
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Apparently-To")
_DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|postmast)\b", re.IGNORECASE)
_FAILED = re.compile(
    r"undeliver|not deliver|deliver\w* (?:status|fail|problem|error|delayed)|fail\w* (?:deliver|notice|mail)"
    r"|returned|mail (?:fail|error|system error|delivery)|non.?delivery"
    r"|could not be (?:delivered|sent)|unzustellbar",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"^(?:auto(?:matic|mated)?[ :-]|out of (?:the )?office|away from|on (?:holiday|vacation)|abwesen"
    r"|r[ée]ponse automatique|respuesta autom)",
    re.IGNORECASE,
)
_LEAVE = re.compile(r"(?:(?:re|fwd?|aw|wg|sv|tr|rv)\s*:\s*)*unsubscribe\b(.*)", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(r"[A-Za-z0-9_=.-]{4,100}:[A-Za-z0-9]{4,10}:[A-Za-z0-9_=-]{20,100}")  # as Django signs
_UNWANTED = ("abuse", "fraud", "opt-out", "opt-out-list", "complaint")


class Kind(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    LEAVE = "leave"  # with the token of a link
    ASKS = "asks"  # to be unsubscribed, and shows no token
    AUTOMATIC = "automatic"  # a machine's reply, or the news that a mail was delivered
    OTHER = "other"  # for the owner's eyes


@dataclass(frozen=True, slots=True)
class Returned:
    kind: Kind
    marks: tuple[str, ...] = ()  # of envelope senders
    message_ids: tuple[str, ...] = ()
    token: str = ""
    words: str = ""  # one line: what the mail server said
    sender: str = ""  # as the mail says; anybody may have written it


def read(raw: bytes) -> Returned:
    """Raises nothing, whatever the bytes. A mail that was cut off is read as far as it goes."""
    try:
        return _read(message_from_bytes(raw))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, HeaderParseError):
        return Returned(Kind.OTHER)  # Python's parser gives up in as many ways as there are broken mails


def _read(mail: Message) -> Returned:
    parts = list(_parts(mail))
    told = Returned(
        Kind.OTHER, _marks(mail, parts), _message_ids(mail, parts), sender=_address(_field(mail, "From"))
    )
    kinds = {part.get_content_type() for part in parts}
    if "message/feedback-report" in kinds:
        return _complaint(told, parts)
    if kinds & _STATUS_PARTS:
        return _report(told, parts)
    return _unreported(told, mail)


_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}


def _unreported(told: Returned, mail: Message) -> Returned:
    """Without a report: by the subject, and by what machines write."""
    subject = _subject(mail)
    token = _token(subject)
    if token:
        return replace(told, kind=Kind.LEAVE, token=token)
    is_to_us = any(_MARK.search(_field(mail, name)) for name in _TO)
    if is_to_us and _is_of_a_daemon(mail) and _FAILED.search(subject):
        return replace(told, kind=Kind.SOFT, words=shortened(subject, LONGEST_WORDS))
    if _is_automatic(mail) or (is_to_us and _AWAY.search(subject)):
        return replace(told, kind=Kind.AUTOMATIC)
    return replace(told, kind=Kind.ASKS) if _LEAVE.fullmatch(subject) else told


def _complaint(told: Returned, parts: Sequence[Message]) -> Returned:
    report = next(part for part in parts if part.get_content_type() == "message/feedback-report")
    for block in _blocks(report):
        kind = _field(block, "Feedback-Type").strip().lower()
        if kind in _UNWANTED:
            agent = plain_line(_field(block, "User-Agent"))
            words = (
                f"The reader's mail service reports it as unwanted ({kind}{', ' if agent else ''}{agent})."
            )
            return replace(told, kind=Kind.COMPLAINT, words=shortened(words, LONGEST_WORDS))
    return told  # such as not-spam, or a report on DMARC


def _report(told: Returned, parts: Sequence[Message]) -> Returned:
    reports = [part for part in parts if part.get_content_type() in _STATUS_PARTS]
    found = [one for part in reports for block in _blocks(part) if (one := _recipient(block))]
    if not found:
        return told
    kind, words = min(found, key=lambda one: _WORST.index(one[0]))
    return replace(told, kind=kind, words=words)


_WORST = (Kind.HARD, Kind.SOFT, Kind.AUTOMATIC)


def _recipient(block: Message) -> tuple[Kind, str] | None:
    """What became of the mail to one address."""
    action = _field(block, "Action").strip().lower()
    said = _field(block, "Diagnostic-Code").partition(";")[2] or _field(block, "Diagnostic-Code")
    status = _field(block, "Status")
    if not action and not status:
        return None
    words = shortened(plain_line(said) or plain_line(f"{action} {status}"), LONGEST_WORDS)
    if action in ("delivered", "relayed", "expanded"):
        return Kind.AUTOMATIC, words
    is_for_ever = action in ("failed", "") and _class(status, said) == "5"
    return (Kind.HARD if is_for_ever else Kind.SOFT), words


def _class(status: str, said: str) -> str:
    """The first figure of what a mail server answered; "" when it stands nowhere."""
    found = _STATUS.search(status) or _STATUS.search(said) or _CODE.search(said)
    return found[1] if found else ""


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a report, which Python's parser gives in one of three ways."""
    payload = part.get_payload()
    for inner in payload[:MOST_PARTS] if isinstance(payload, list) else []:
        if isinstance(inner, Message):
            yield inner
            yield from _in_text(inner.get_payload())
    yield from _in_text(payload)


def _in_text(payload: object) -> Iterator[Message]:
    if isinstance(payload, str):
        for text in re.split(r"\r?\n\s*\r?\n", payload[:50_000])[:MOST_PARTS]:
            yield message_from_bytes(text.strip().encode("utf-8", "replace"))


def _parts(mail: Message) -> Iterator[Message]:
    """Its parts and theirs, but none of a mail within it."""
    waiting, count = [mail], 0
    while waiting and count < MOST_PARTS:
        part, count = waiting.pop(0), count + 1
        yield part
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [one for one in payload if isinstance(one, Message)]


def _returned_headers(parts: Sequence[Message]) -> Iterator[Message]:
    """Those of our own mail, as the report shows it."""
    for part in parts:
        kind, payload = part.get_content_type(), part.get_payload()
        if kind in ("message/rfc822", "message/global") and isinstance(payload, list):
            yield from (one for one in payload[:1] if isinstance(one, Message))
        elif kind in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            yield from _blocks(part)


def _marks(mail: Message, parts: Sequence[Message]) -> tuple[str, ...]:
    texts = [_field(mail, name) for name in _TO]
    for headers in _returned_headers(parts):
        texts += [_field(headers, name) for name in ("Return-Path", "X-Return-Path", "Envelope-From")]
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            texts += [_field(block, "Original-Mail-From") for block in _blocks(part)]
    return _few(mark.lower() for text in texts for mark in _MARK.findall(text))


def _message_ids(mail: Message, parts: Sequence[Message]) -> tuple[str, ...]:
    texts = [_field(headers, "Message-ID") for headers in _returned_headers(parts)]
    texts += [_field(mail, name) for name in ("In-Reply-To", "References")]
    return _few(found for text in texts for found in _MESSAGE_ID.findall(text))


def _few(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(names))[:MOST_NAMES])


def _is_of_a_daemon(mail: Message) -> bool:
    return (
        _field(mail, "Return-Path").strip() == "<>"
        or mail["X-Failed-Recipients"] is not None
        or bool(_DAEMON.search(_address(_field(mail, "From"))))
    )


def _is_automatic(mail: Message) -> bool:
    """A reply; not whatever machines send, which may be for the owner."""
    return (
        _field(mail, "Auto-Submitted").strip().lower().startswith("auto-replied")
        or mail["X-Autoreply"] is not None
        or mail["X-Autorespond"] is not None
        or _field(mail, "Precedence").strip().lower() == "auto_reply"
    )


def _token(subject: str) -> str:
    """A mail program may have broken the line within it."""
    found = _LEAVE.fullmatch(subject)
    token = "".join(found[1].split()) if found else ""
    return token if _TOKEN.fullmatch(token) else ""


def _subject(mail: Message) -> str:
    written = _field(mail, "Subject")
    with suppress(ValueError, LookupError, HeaderParseError):  # then as it is
        written = str(make_header(decode_header(written)))
    return plain_line(written)


def _field(mail: Message, name: str) -> str:
    value = mail[name]
    return "" if value is None else str(value)[:LONGEST_FIELD]


def _address(written: str) -> str:
    return shortened(plain_line(parseaddr(written)[1]), 254)
