"""The mail that asks whether an address may be written to. It holds fixed words and links alone: whoever
gives the address of another must not be able to say anything to them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime, make_msgid
from functools import partial
from textwrap import fill
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from broadsheet.deliver.email import verp
from broadsheet.deliver.email.leaving import link, ways_to_leave
from broadsheet.deliver.email.mime import mail_bytes
from broadsheet.deliver.email.post import PostDown
from broadsheet.deliver.email.wrapped import WIDTH
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store import letters
from broadsheet.store.letters import Claimed

MOST_A_ROUND = 100  # letters; digests wait for them
Hand = Callable[["LetterMail"], None]  # raises OSError or NotTaken for this mail, PostDown for all


class NotTaken(Exception):
    """The mail is not to be tried again; the message is the mail server's answer."""

    def __init__(self, state: DeliveryState, answer: str) -> None:
        super().__init__(answer)
        self.state = state


class LetterMail(EmailMultiAlternatives):
    """Knows whose it is, for the name of its file in the outbox, and is written as digests are: Django would
    encode an address in another script, which no server knows then."""

    subscription_id = 0

    def as_bytes(self) -> bytes:
        headers = {"To": self.to[0], "Subject": str(self.subject), **self.extra_headers}
        return mail_bytes(headers, str(self.body), str(self.alternatives[0][0]))


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

    def __str__(self) -> str:
        later = (
            f", {self.put_off:,} put off, {self.given_up:,} given up" if self.put_off + self.given_up else ""
        )
        return f"{self.sent:,} letters{later}"


def send_waiting(
    hand: Hand,
    *,
    sender: str,
    site_url: str,
    now: datetime,
    bounces: str = "",
    goes_on: Callable[[], bool] = lambda: True,
) -> Sent:
    """Hand over the letters that are due; one that is not taken is tried again later. Raises PostDown.

    `bounces` is the mailbox that they come back to; "": the sender's.
    """
    count: Counter[DeliveryState] = Counter()
    for claimed in _claimed(now, goes_on):
        if claimed.state is SubscriptionState.ENDED:  # since it was asked for
            letters.close(claimed, DeliveryState.EMPTY, "")
            continue
        write = partial(message, claimed, sender=sender, site_url=site_url, now=now, bounces=bounces)
        count[_sent(claimed, write, hand, now)] += 1
    put_off = count[DeliveryState.WAITING]
    return Sent(count[DeliveryState.SENT], put_off, count.total() - put_off - count[DeliveryState.SENT])


def _claimed(now: datetime, goes_on: Callable[[], bool]) -> Iterator[Claimed]:
    for _ in range(MOST_A_ROUND):
        claimed = letters.claim_next(now) if goes_on() else None
        if claimed is None:
            return
        yield claimed


def _sent(claimed: Claimed, write: Callable[[], "LetterMail"], hand: Hand, now: datetime) -> DeliveryState:
    try:
        hand(write())
    except PostDown as error:
        letters.put_off(claimed, now, str(error))
        raise
    except OSError as error:
        is_again = letters.put_off(claimed, now, str(error))
        return DeliveryState.WAITING if is_again else DeliveryState.EXPIRED
    except NotTaken as error:
        letters.close(claimed, error.state, str(error))
        return error.state
    except ValueError as error:  # of this one alone; the others go on
        letters.close(claimed, DeliveryState.EXPIRED, f"It could not be written: {error}")
        return DeliveryState.EXPIRED
    letters.close(claimed, DeliveryState.SENT, "")
    return DeliveryState.SENT


def message(claimed: Claimed, *, sender: str, site_url: str, now: datetime, bounces: str = "") -> LetterMail:
    """Its `from_email` is the sender of the envelope; readers see the header From."""
    words = _words(claimed, site_url)
    domain = urlsplit(site_url).hostname or "localhost"
    leave = link(site_url, "/unsubscribe", Purpose.UNSUBSCRIBE, claimed.handle)
    mail = LetterMail(
        subject=words.subject,
        body=_text(words, leave),
        from_email=verp.of_letter(bounces, claimed.handle) if bounces else sender,
        to=[claimed.to],
        headers={
            "From": sender,
            "Message-ID": make_msgid("letter", domain),
            "Date": format_datetime(now),
            "List-Id": f"Broadsheet <digest.{domain}>",
            **ways_to_leave(site_url, bounces or sender, claimed.handle),
            "Auto-Submitted": "auto-replied",
            "Precedence": "list",
        },
    )
    mail.subscription_id = claimed.handle.id
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
            link(
                site_url, "/subscription/confirm", Purpose.CONFIRM, replace(claimed.handle, letter=claimed.id)
            ),
            "Was it not you? Do nothing: no digest comes, and the address is forgotten after a week.",
        )
    return Words(
        "You have the digest of Broadsheet already",
        "You have the digest already",
        "Somebody, probably you, asked for the digest of Broadsheet to be sent here. It has been confirmed"
        " before, and nothing has changed. The link leads to your choices: what comes, when, and how much.",
        "Your choices",
        link(site_url, "/subscription", Purpose.MANAGE, claimed.handle),
        "Was it not you? Do nothing.",
    )


def _text(words: Words, leave: str) -> str:
    parts = [
        f"BROADSHEET\n{words.headline}",
        fill(words.text, WIDTH),
        f"{words.button}:\n{words.url}",
        fill(words.closing, WIDTH),
        f"{'-' * WIDTH}\nUnsubscribe this address: {leave}\nNo pixels, no tracked links.",
    ]
    return "\n\n".join(parts) + "\n"
