"""Digests go out by SMTP and come back by IMAP, over real servers: by the addresses they were sent from."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import unquote, urlsplit

import pytest

from broadsheet.deliver.email import mailbox
from broadsheet.deliver.email.post import SmtpPost
from broadsheet.domain.interest import Interest, Often
from broadsheet.domain.paper import Listing, ListingKind
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.jobs import mailing, returns
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.lib import imap_server, smtp_server
from broadsheet.store.intake import take_in
from broadsheet.store.models import Subscription
from broadsheet.store.printing import print_closed
from tests.deliver.conftest import record
from tests.fakes import returned as mails
from tests.fakes.clock import FakeClock
from tests.fakes.imap import PROGRAM, ImapFake, run_imap_server
from tests.fakes.mail import MailServer, run_mail_server

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM and not os.environ.get("CI"), reason="there is no dovecot here"),
]
ONE_DAY = timedelta(days=1)
FIRST = date(2026, 5, 18)  # a Monday
READERS = ("ok-gone", "ok-stays", "ok-leaves", "ok-complains")


@pytest.fixture(scope="module")
def smtp() -> Iterator[MailServer]:
    with run_mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapFake]:
    with run_imap_server() as running:
        yield running


@pytest.fixture
def readers() -> None:
    for name in READERS:
        address = f"{name}@example.net"
        Subscription.objects.create(
            address=address,
            shown_address=address,
            state=SubscriptionState.ACTIVE,
            interest=replace(Interest(), often=Often.DAILY, hour=8).as_json(),
            asked_at=datetime(2026, 5, 1, tzinfo=UTC),
            due_at=datetime(2026, 5, 19, 8, tzinfo=UTC),
        )


def print_day(day: date) -> datetime:
    """An edition of one paper; the moment when it is sent."""
    listings = (Listing("sample", day, ListingKind.DAILY),)
    at = datetime.combine(day + ONE_DAY, datetime.min.time(), UTC) + timedelta(hours=8)
    paper = record(day.day, listings=listings, submitted_at=at - 3 * ONE_DAY, signals=())
    take_in([paper], now=at - timedelta(hours=10))
    refresh_editions(now=at - timedelta(hours=9))
    print_closed(at)
    return at


def send(smtp: MailServer, at: datetime) -> set[str]:
    """Whom digests were sent to."""
    smtp.taken.clear()
    server, domain = smtp_server.read(smtp.url), "papers.example.org"
    room = mailing.Room(
        post=lambda: SmtpPost(server, domain),
        clock=FakeClock(at),
        site_url=f"https://{domain}",
        domain=domain,
        sender=f"Broadsheet <digest@{domain}>",
        rate=1_000,
        bounces="bounces@example.org",
    )
    mailing.send_due(room, lambda: True)
    return {address.partition("@")[0] for address in smtp.taken}


def look(imap: ImapFake, at: datetime) -> str:
    with mailbox.opened(imap_server.read(imap.url)) as box:
        return str(returns.look(box, "a", FakeClock(at), lambda: True))


def wish(raw: bytes) -> bytes:
    """What a mail program sends that follows List-Unsubscribe by mail."""
    ways = message_from_bytes(raw, policy=policy.SMTP)["List-Unsubscribe"]
    found = re.search(r"<(mailto:[^>]+)>", ways)
    assert found
    to, subject = urlsplit(found[1]).path, unquote(urlsplit(found[1]).query.removeprefix("subject="))
    assert to == "bounces@example.org"
    return mails.letter(subject, text="", To=to)


def test_a_dead_address_is_paused_on_its_third_day_and_who_leaves_is_gone_at_once(
    smtp: MailServer, imap: ImapFake, readers: None
) -> None:
    sent, told = [], []
    for days in range(5):
        at = print_day(FIRST + days * ONE_DAY)
        sent.append(send(smtp, at))
        if "ok-gone" in sent[-1]:  # its server takes the mail, and sends it back in the evening, twice
            bounce = mails.report(mails.status(), to=smtp.senders["ok-gone@example.net"])
            imap.put(bounce, bounce + b"\r\n")
        if days == 0:
            imap.put(wish(smtp.mails["ok-leaves@example.net"]))
            complaint = mails.complaint(
                to="fbl@example.org", ours=smtp.mails["ok-complains@example.net"].decode()
            )
            imap.put(complaint)
        told.append(look(imap, at + timedelta(hours=10)))

    two, one = {"ok-gone", "ok-stays"}, {"ok-stays"}
    assert sent == [set(READERS), two, two, one, one]
    assert told == ["1 complaint, 2 hard, 1 left", "2 hard", "2 hard", "nothing new", "nothing new"]
    states = dict(Subscription.objects.values_list("address", "state"))
    assert [states[f"{name}@example.net"] for name in READERS] == ["paused", "active", "ended", "ended"]
