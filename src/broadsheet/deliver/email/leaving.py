"""Links with a token, and the headers by which a mail program offers to leave with one press (RFC 8058)."""

from email.utils import parseaddr
from urllib.parse import quote

from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import Purpose
from broadsheet.store.subscriptions import Handle

SUBJECT = "unsubscribe"  # what a mail to us begins with, before the token


def link(site_url: str, path: str, purpose: Purpose, handle: Handle) -> str:
    return f"{site_url}{path}?token={quote(tokens.make(purpose, handle), safe=':')}"


def ways_to_leave(site_url: str, mailbox: str, handle: Handle) -> dict[str, str]:
    """By a POST to the page, which acts at once, or by a mail to us whose subject holds the token."""
    token = quote(tokens.make(Purpose.UNSUBSCRIBE, handle), safe=":")
    by_mail = f"mailto:{parseaddr(mailbox)[1]}?subject={SUBJECT}%20{token}"
    return {
        "List-Unsubscribe": f"<{site_url}/unsubscribe?token={token}>, <{by_mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
