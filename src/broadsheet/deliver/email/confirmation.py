"""The mail that asks whether an address may be written to. It holds fixed words and links alone: whoever
gives the address of another must not be able to say anything to them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, make_msgid
from textwrap import fill
from urllib.parse import quote, urlsplit

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from broadsheet.deliver import tokens
from broadsheet.deliver.email.compose import WIDTH
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.store import letters
from broadsheet.store.letters import Claimed
from broadsheet.store.subscriptions import Handle

Post = Callable[[EmailMultiAlternatives], None]  # raises OSError (of which SMTPException is one)


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    headline: str
    text: str
    button: str
    url: str
    closing: str


@dataclass(frozen=True, slots=True)
class Sent:
    sent: int
    put_off: int
    given_up: int


def send_waiting(post: Post, *, sender: str, site_url: str, now: datetime) -> Sent:
    """Hand every letter that is due to `post`; one that it refuses is tried again later."""
    sent = put_off = given_up = 0
    while claimed := letters.claim_next(now):
        if claimed.state is SubscriptionState.ENDED:  # since it was asked for
            continue
        try:
            post(message(claimed, sender=sender, site_url=site_url, now=now))
            sent += 1
        except OSError:
            is_again = letters.put_off(claimed, now)
            put_off, given_up = put_off + is_again, given_up + (not is_again)
    return Sent(sent, put_off, given_up)


def message(claimed: Claimed, *, sender: str, site_url: str, now: datetime) -> EmailMultiAlternatives:
    words = _words(claimed, site_url)
    domain = urlsplit(site_url).hostname or "localhost"
    leave = _link(site_url, "/unsubscribe", Purpose.UNSUBSCRIBE, claimed.handle)
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=_text(words, leave),
        from_email=sender,
        to=[claimed.to],
        headers={
            "Message-ID": make_msgid("letter", domain),
            "Date": format_datetime(now),
            "List-Id": f"Broadsheet <digest.{domain}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-replied",
        },
    )
    html = render_to_string("email/letter.html", {"words": words, "leave": leave, "site_url": site_url})
    mail.attach_alternative(html, "text/html")
    return mail


def _words(claimed: Claimed, site_url: str) -> Words:
    if claimed.state is SubscriptionState.ASKED:
        return Words(
            "Confirm your address for Broadsheet",
            "Confirm your address",
            "Somebody, probably you, asked for the digest of Broadsheet to be sent here. The link leads to a"
            " page with a button; once you press it, digests come. The link works for three days.",
            "Confirm the address",
            _link(site_url, "/subscription/confirm", Purpose.CONFIRM, claimed.handle),
            "Was it not you? Do nothing: no digest comes, and the address is forgotten after a week.",
        )
    return Words(
        "You have the digest of Broadsheet already",
        "You have the digest already",
        "Somebody, probably you, asked for the digest of Broadsheet to be sent here. It has been confirmed"
        " before, and nothing has changed. The link leads to your choices: what comes, when, and how much.",
        "Your choices",
        _link(site_url, "/subscription", Purpose.MANAGE, claimed.handle),
        "Was it not you? Do nothing.",
    )


def _link(site_url: str, path: str, purpose: Purpose, handle: Handle) -> str:
    return f"{site_url}{path}?token={quote(tokens.make(purpose, handle), safe=':')}"


def _text(words: Words, leave: str) -> str:
    parts = [
        f"BROADSHEET\n{words.headline}",
        fill(words.text, WIDTH),
        f"{words.button}:\n{words.url}",
        fill(words.closing, WIDTH),
        f"{'-' * WIDTH}\nUnsubscribe this address: {leave}\nNo pixels, no tracked links.",
    ]
    return "\n\n".join(parts) + "\n"
