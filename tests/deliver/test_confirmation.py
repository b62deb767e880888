"""The mail that asks whether an address may be written to."""

import re
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from smtplib import SMTPServerDisconnected

import pytest

from broadsheet.deliver.email.confirmation import LetterMail, Sent, message, send_waiting
from broadsheet.domain.interest import Interest
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.lib.address import read
from broadsheet.store import subscriptions
from broadsheet.store.letters import Claimed
from broadsheet.store.models import Subscription
from broadsheet.store.subscriptions import Handle

NOW = datetime(2026, 5, 22, 6, 30, tzinfo=UTC)
SITE = "https://papers.example.org"
SENDER = "Broadsheet <digest@example.org>"


def ask(typed: str = "ada@example.org", interest: Interest | None = None) -> None:
    subscriptions.ask(read(typed), interest or Interest(), network=typed, now=NOW)


def send(mails: list[LetterMail]) -> Sent:
    return send_waiting(mails.append, sender=SENDER, site_url=SITE, now=NOW)


def mail(state: SubscriptionState, to: str = "ada@example.org") -> EmailMessage:
    made = message(Claimed(1, Handle(7, 0), to, state, 1), sender=SENDER, site_url=SITE, now=NOW)
    raw = made.as_bytes().replace(b"\n", b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) < 998
    return BytesParser(policy=policy.SMTP.clone(raise_on_defect=True)).parsebytes(raw)


@pytest.mark.parametrize("state", [SubscriptionState.ASKED, SubscriptionState.ACTIVE])
def test_the_mail_is_valid_and_can_be_answered_by_one_click(state: SubscriptionState) -> None:
    found = mail(state)

    assert found["To"] == "ada@example.org"
    ways = rf"<{SITE}/unsubscribe\?token=[\w:-]+>, <mailto:digest@example.org\?subject=unsubscribe%20[\w:-]+>"
    assert re.fullmatch(ways, found["List-Unsubscribe"].strip())
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Auto-Submitted"] == "auto-replied"
    assert found["Precedence"] == "list"
    assert found["Message-ID"].endswith("@papers.example.org>")
    assert found["List-Id"] == "Broadsheet <digest.papers.example.org>"
    parts = [part.get_content_type() for part in found.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


def test_an_address_in_another_script_stands_as_it_is() -> None:
    """Never as an encoded word, which has no meaning there (RFC 2047, 5)."""
    claimed = Claimed(1, Handle(7, 0), "józsef@example.org", SubscriptionState.ASKED, 1)

    raw = message(claimed, sender=SENDER, site_url=SITE, now=NOW).as_bytes()

    assert raw.startswith("To: józsef@example.org\n".encode())


def test_no_two_mails_have_the_same_id() -> None:
    assert mail(SubscriptionState.ASKED)["Message-ID"] != mail(SubscriptionState.ASKED)["Message-ID"]


def test_text_and_html_say_the_same_and_tell_nobody_anything() -> None:
    found = mail(SubscriptionState.ASKED)
    text = found.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = found.get_body(("html",)).get_content()  # type: ignore[union-attr]

    assert not re.search(r"<(img|script|link|iframe|form|object)|url\(|@import|onload", html)
    links = set(re.findall(r'href="([^"]+)"', html))
    assert {link.partition("?")[0] for link in links} == {
        SITE,
        f"{SITE}/subscription/confirm",
        f"{SITE}/unsubscribe",
    }
    assert links - {SITE} == set(re.findall(r"https://\S+", text))
    assert "Was it not you?" in text
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 72


@pytest.mark.django_db
def test_who_gives_the_address_of_another_can_say_nothing_to_them() -> None:
    ask(
        "ada@example.org",
        Interest(query="buy-gold-now", boosted=("buy-gold-now",), authors=("buy-gold-now",)),
    )
    mails: list[LetterMail] = []

    send(mails)

    assert b"buy-gold" not in mails[0].as_bytes()


@pytest.mark.django_db
def test_each_letter_is_sent_once() -> None:
    mails: list[LetterMail] = []
    ask("ada+x@example.org")
    ask("grace@bücher.example")

    assert send(mails) == Sent(2, 0, 0)
    assert send(mails) == Sent(0, 0, 0)

    assert [mail.to for mail in mails] == [["ada+x@example.org"], ["grace@xn--bcher-kva.example"]]


@pytest.mark.django_db
def test_nothing_is_sent_to_who_has_said_no_or_was_deleted_meanwhile() -> None:
    mails: list[LetterMail] = []
    for name in ("ada", "grace"):
        ask(f"{name}@example.org")
    ada, grace = (Handle(row.pk, row.generation) for row in Subscription.objects.order_by("address"))
    subscriptions.end(ada, NOW)
    subscriptions.delete(grace)

    assert send(mails) == Sent(0, 0, 0)
    assert not mails


@pytest.mark.django_db
def test_a_server_that_does_not_answer_is_tried_again_and_not_for_ever() -> None:
    ask()

    def refuse(_: LetterMail) -> None:
        raise SMTPServerDisconnected("Connection unexpectedly closed")

    outcomes = [
        send_waiting(refuse, sender=SENDER, site_url=SITE, now=NOW + timedelta(hours=3 * number))
        for number in range(6)
    ]

    assert outcomes == [Sent(0, 1, 0)] * 4 + [Sent(0, 0, 1), Sent(0, 0, 0)]
