"""Digests go out to a real Postfix and come back out of maildirs: one each, as they were made."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser

import pytest

from broadsheet.deliver.email.post import Answer, Letter, Post, SmtpPost
from broadsheet.domain.interest import Interest, MailForm, Often
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import mailing
from broadsheet.lib import smtp_server
from broadsheet.store.models import Delivery, Subscription
from tests.deliver.conftest import keep, record
from tests.fakes.clock import FakeClock
from tests.fakes.postfix import WHY_NOT, Postfix, run_postfix

SATURDAY_NOON = datetime(2026, 5, 23, 12, tzinfo=UTC)
READERS = [f"reader-{number}" for number in range(60)]
STRANGERS = ["nobody-1", "nobody-2", "nobody-3"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(bool(WHY_NOT) and "CI" not in os.environ, reason=WHY_NOT or "it can run"),
]


class Watched:
    """The real post, and what went through it."""

    def __init__(self, post: Post) -> None:
        self.post, self.letters = post, dict[str, Letter]()

    def send(self, letter: Letter, then: Letter | None = None) -> Answer:
        self.letters[letter.to] = letter
        return self.post.send(letter, then)

    def close(self) -> None:
        self.post.close()


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    with run_postfix(READERS) as running:
        yield running


def subscribe(name: str, number: int) -> None:
    form = MailForm.TEXT if number % 3 == 0 else MailForm.HTML
    interest = replace(Interest(often=Often.DAILY), most=3 + number % 10, form=form)
    address = f"{name}@example.org"
    Subscription.objects.create(
        address=address,
        shown_address=address,
        state=SubscriptionState.ACTIVE,
        interest=interest.as_json(),
        asked_at=SATURDAY_NOON,
        due_at=SATURDAY_NOON,
    )


def test_what_is_sent_lies_in_the_mailboxes_byte_for_byte(postfix: Postfix) -> None:
    keep(record(number, title=f"Über {number} façades — 方法") for number in range(1, 21))
    for number, name in enumerate([*READERS, *STRANGERS]):
        subscribe(name, number)
    posts = [Watched(SmtpPost(smtp_server.read(postfix.url), "papers.example.org"))]
    room = mailing.Room(
        post=lambda: posts[0],
        clock=FakeClock(SATURDAY_NOON),
        site_url="https://papers.example.org",
        domain="papers.example.org",
        sender="Broadsheet <digest@papers.example.org>",
        rate=1_000,
    )

    mailing.send_due(room, lambda: True)
    mailing.send_due(room, lambda: True)
    postfix.settle(len(READERS))

    strict = BytesParser(policy=policy.SMTP.clone(raise_on_defect=True))
    for name in READERS:
        (stored,) = postfix.mails(name)
        assert stored.endswith(b"\n" + posts[0].letters[f"{name}@example.org"].data)
        assert strict.parsebytes(stored)["To"] == f"{name}@example.org"
    refused = Delivery.objects.filter(state=DeliveryState.REFUSED)
    assert {row.subscription.address.partition("@")[0] for row in refused} == set(STRANGERS)
    assert all(row.answer.startswith("550 5.1.1") for row in refused)
    assert Subscription.objects.filter(hard_bounces=1).count() == len(STRANGERS)
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == len(READERS)
    assert len(re.findall(r"smtpd\[\d+\]: connect from", postfix.log)) <= 2  # the greeting's, and ours
    assert "improper command pipelining" not in postfix.log
