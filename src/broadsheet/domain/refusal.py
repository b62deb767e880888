"""Whose fault a refused mail is: the address's, the sender's own server's, or neither's. Pure.

A mailbox that is gone is gone for every mail. A login that has run out, a day's limit, a missing signature or
a filter's opinion meets readers who have done nothing, often all of them at once.
Codes of RFC 5321 and RFC 3463; servers are free with both, so that doubt is on the reader's side.
"""

import re

_ENHANCED = re.compile(r"(?<![\d.])5\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![:.\d])\b5\d\d\b")  # not the port of a server that is named
_OF_ADDRESS = {521, 550, 551, 552, 553, 556}
_OF_LOGIN = {530, 534, 535, 538}
_RELAY = re.compile(
    r"\brelay(?:ing)?\b.{0,30}\b(?:denied|prohibited|permitted|allowed|refused)"
    r"|\b(?:not|unable to|cannot|can't|won't|don't) relay",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"\b(?:sending|sender|daily|hourly)\b.{0,30}\b(?:limit|quota)", re.IGNORECASE)
_OF_MAIL = re.compile(
    r"\b(?:spam|spf|dkim|dmarc|polic|blocked|block ?list|black ?list|reputation|authenticat|sender|virus"
    r"|content|too (?:large|big|many)|message size|rate|limit)",
    re.IGNORECASE,
)


_GONE = re.compile(
    r"\bno such (?:user|mailbox|recipient|address|person)"
    r"|\b(?:unknown|invalid) (?:user|recipient|mailbox|address)"
    r"|\b(?:user|recipient|mailbox|account)(?: address)? (?:is )?(?:unavailable|unknown|rejected|disabled"
    r"|not found|not exist|does not exist|doesn't exist)"
    r"|\bdoes(?:n't| not) have an? .{0,40}account",
    re.IGNORECASE,
)


def is_of_address(answer: str) -> bool:
    """Whether a refusal for good tells of the address, so that the next mail to it will meet the same.

    Without any code (a mail service's own words) it does.

    >>> [is_of_address(said) for said in ("550 5.1.1 No such user", "550 5.7.26 No DKIM", "550 No such user")]
    [True, False, True]
    """
    if is_ours(answer):
        return False
    found = _ENHANCED.search(answer)
    if _GONE.search(answer) and not (found and found[1] == "7"):
        return True  # large services say so with codes of many kinds
    if found:
        return _tells_of_address(int(found[1]), int(found[2]))
    code = _CODE.search(answer)
    return code is None or (int(code[0]) in _OF_ADDRESS and not _OF_MAIL.search(answer))


def _tells_of_address(subject: int, detail: int) -> bool:
    if subject == 1:
        return detail not in (7, 8)  # the sender's
    if subject == 2:
        return detail != 3  # too large a mail
    return (subject, detail) == (4, 4)  # no such domain


def is_ours(answer: str) -> bool:
    """Whether our own server does not carry our mail, whoever it is for.

    >>> [is_ours(said) for said in ("554 5.7.1 Relay access denied", "550 5.4.5 Daily limit exceeded")]
    [True, True]
    """
    code, enhanced = _CODE.search(answer), _ENHANCED.search(answer)
    if code is None:
        return False
    if int(code[0]) in _OF_LOGIN:
        return True
    if enhanced is not None and enhanced[1] != "7":
        return enhanced[0] == "5.4.5"
    return bool(_RELAY.search(answer)) or (enhanced is None and bool(_LIMIT.search(answer)))
