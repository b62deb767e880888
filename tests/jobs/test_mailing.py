"""Digests sent to a real mail server that refuses, waits and hangs up: nobody gets two or is forgotten."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from broadsheet.deliver import tokens
from broadsheet.deliver.email import verp
from broadsheet.deliver.email.post import Outbox, SmtpPost
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.interest import Interest, MailForm, Often
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import mailing
from broadsheet.jobs.steps import StepFailed
from broadsheet.lib import address as address_reader
from broadsheet.lib import smtp_server
from broadsheet.store import bounces, deliveries, subscriptions
from broadsheet.store.models import Delivery, Subscription
from broadsheet.store.printing import print_closed
from broadsheet.store.subscriptions import Handle
from tests.deliver.conftest import FRIDAY, keep, record
from tests.fakes.clock import FakeClock
from tests.fakes.mail import MailServer, run_mail_server

SATURDAY_NOON = datetime(2026, 5, 23, 12, tzinfo=UTC)
KINDS = ("ok", "ok", "ok", "grey", "full", "busy", "no", "spam", "drop", "dropafter")
DAILY = Interest(often=Often.DAILY)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with run_mail_server(stall_s=1.0) as running:
        yield running


@pytest.fixture(autouse=True)
def papers(server: MailServer) -> None:
    for counter in (server.taken, server.silent, server.asked, server.mails, server.senders):
        counter.clear()
    server.connections, server.is_open = 0, True
    keep(record(number) for number in range(1, 21))


def subscribe(address: str, interest: Interest = DAILY, **more: Any) -> Subscription:
    values = {"state": SubscriptionState.ACTIVE, "due_at": SATURDAY_NOON, "interest": interest.as_json()}
    return Subscription.objects.create(
        **({"address": address, "shown_address": address, "asked_at": SATURDAY_NOON} | values | more)
    )


def room(server: MailServer, clock: FakeClock, **more: Any) -> mailing.Room:
    at = smtp_server.read(server.url)
    return mailing.Room(
        **{
            "post": lambda: SmtpPost(at, "papers.example.org", deadline_s=0.4),
            "clock": clock,
            "site_url": "https://papers.example.org",
            "domain": "papers.example.org",
            "sender": "Broadsheet <digest@papers.example.org>",
            "rate": 10_000,
            **more,
        }
    )


def parsed(raw: bytes) -> EmailMessage:
    return BytesParser(policy=policy.SMTP.clone(raise_on_defect=True)).parsebytes(raw)


def always() -> bool:
    return True


def states() -> dict[str, int]:
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))


def test_three_hundred_readers_get_one_each_whatever_the_server_answers(server: MailServer) -> None:
    kinds = [*("stall", "stallafter") * 2, *KINDS * 30][:300]
    for number, kind in enumerate(kinds):
        subscribe(f"{kind}-{number}@example.org", replace(DAILY, most=3 + number % 9))
    clock = FakeClock(SATURDAY_NOON)

    for _ in range(12):
        mailing.send_due(room(server, clock), always)
        clock.at += timedelta(minutes=5)

    assert max(server.taken.values()) == 1
    assert set(server.mails) == {
        f"{kind}-{n}@example.org" for n, kind in enumerate(kinds) if kind not in NEVER
    }
    left = {row.subscription.address: row for row in Delivery.objects.select_related("subscription")}
    assert len(left) == 300
    for address, row in left.items():
        assert row.state == STATES.get(address.partition("-")[0], DeliveryState.SENT), (address, row.answer)
        assert row.closed_at is not None
        assert row.answer
    assert server.connections < 120  # kept for many mails; each fault costs one


NEVER = ("no", "spam")
STATES = {
    "no": DeliveryState.REFUSED,
    "spam": DeliveryState.REFUSED,
    "dropafter": DeliveryState.UNKNOWN,
    "stallafter": DeliveryState.UNKNOWN,
}


def test_the_next_day_without_a_new_edition_sends_nothing(server: MailServer) -> None:
    subscription = subscribe("ok-1@example.org")
    clock = FakeClock(SATURDAY_NOON)
    mailing.send_due(room(server, clock), always)

    clock.at += timedelta(days=1)
    mailing.send_due(room(server, clock), always)

    subscription.refresh_from_db()
    assert server.taken == {"ok-1@example.org": 1}
    assert subscription.covered_until == FRIDAY
    assert subscription.due_at == datetime(2026, 5, 25, 8, tzinfo=UTC)


def test_a_mail_is_whole_and_says_whom_it_is_for(server: MailServer) -> None:
    subscribe("ok-1@example.org", replace(DAILY, authors=("grace hopper",), most=3))

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    found = parsed(server.mails["ok-1@example.org"])
    assert found["To"] == "ok-1@example.org"
    ways = found["List-Unsubscribe"].strip()
    assert ways.startswith("<https://papers.example.org/unsubscribe?token=")
    assert ", <mailto:digest@papers.example.org?subject=unsubscribe%20" in ways
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Message-ID"] == Delivery.objects.get().message_id
    text = found.get_body(("plain",))
    assert text is not None
    assert text.get_content().count("https://papers.example.org/paper/") == 3


def test_mail_goes_to_the_address_as_its_owner_wrote_it(server: MailServer) -> None:
    subscribe("ada@example.org", shown_address="Ada+papers@example.org")

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    assert list(server.taken) == ["Ada+papers@example.org"]


def test_each_mail_has_a_sender_of_its_own_where_bounces_have_a_mailbox(server: MailServer) -> None:
    subscribe("ok-1@example.org")
    subscriptions.ask(address_reader.read("ok-2@example.org"), DAILY, network="n", now=SATURDAY_NOON)
    at = room(server, FakeClock(SATURDAY_NOON), bounces="bounces@example.org")

    mailing.send_letters(at, always)
    mailing.send_due(at, always)

    asked = Subscription.objects.get(address="ok-2@example.org")
    handle, one = subscriptions.Handle(asked.pk, asked.generation), Delivery.objects.get()
    assert server.senders == {
        "ok-1@example.org": verp.of_delivery("bounces@example.org", one.pk, one.made_at),
        "ok-2@example.org": verp.of_letter("bounces@example.org", handle),
    }
    for raw in server.mails.values():
        mail = parsed(raw)
        assert mail["From"] == "Broadsheet <digest@papers.example.org>"
        assert "<mailto:bounces@example.org?subject=unsubscribe" in mail["List-Unsubscribe"]


def test_what_a_killed_worker_left_half_said_is_not_said_again(server: MailServer) -> None:
    subscribe("ok-1@example.org")
    deliveries.make_due(SATURDAY_NOON)
    (one,) = deliveries.claim(SATURDAY_NOON, 10, 100)
    assert deliveries.begin(one, "<a@b>", SATURDAY_NOON)
    clock = FakeClock(SATURDAY_NOON + deliveries.LEASE)

    report = mailing.send_due(room(server, clock), always)

    assert report.lost == 1
    assert states() == {DeliveryState.UNKNOWN: 1}
    assert not server.taken


def test_what_was_claimed_before_it_began_anew_does_not_go(server: MailServer) -> None:
    row = subscribe("ok-1@example.org")
    deliveries.make_due(SATURDAY_NOON)
    (one,) = deliveries.claim(SATURDAY_NOON, 10, 100)
    Subscription.objects.filter(pk=row.pk).update(generation=row.generation + 1)

    assert not deliveries.begin(one, "<a@b>", SATURDAY_NOON)


def test_a_claim_that_was_never_begun_comes_due_again(server: MailServer) -> None:
    subscribe("ok-1@example.org")
    deliveries.make_due(SATURDAY_NOON)
    (one,) = deliveries.claim(SATURDAY_NOON, 10, 100)
    assert not deliveries.claim(SATURDAY_NOON, 10, 100)

    later = SATURDAY_NOON + deliveries.LEASE
    mailing.send_due(room(server, FakeClock(later)), always)

    assert server.taken == {"ok-1@example.org": 1}
    assert not deliveries.begin(one, "<a@b>", later)


def test_readers_of_one_choice_get_links_of_their_own(server: MailServer) -> None:
    ada, bob = subscribe("ok-1@example.org"), subscribe("ok-2@example.org", less_like=[10**9])

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    for one in (ada, bob):
        text = parsed(server.mails[one.address]).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        links = dict(
            re.findall(r"(Change what comes|Unsubscribe|More or less like this): \S+token=([^\s&]+)", text)
        )
        purposes = {
            "Change what comes": Purpose.MANAGE,
            "Unsubscribe": Purpose.UNSUBSCRIBE,
            "More or less like this": Purpose.FEEDBACK,
        }
        assert {tokens.read(purpose, links[name]) for name, purpose in purposes.items()} == {
            Handle(one.pk, one.generation)
        }
        assert ("less like 1 paper" in text) == (one is bob)


def test_greylisting_for_a_day_ends_as_expired(server: MailServer) -> None:
    subscribe("grey-1@example.org")
    clock, tried = FakeClock(SATURDAY_NOON), 0
    while clock.at < SATURDAY_NOON + timedelta(hours=25):
        server.asked.clear()  # always the first time
        mailing.send_due(room(server, clock), always)
        tried += sum(server.asked.values())
        clock.at += timedelta(minutes=5)

    assert states() == {DeliveryState.EXPIRED: 1}
    assert 8 <= tried <= 16
    assert "Greylisted" in Delivery.objects.get().answer


def test_three_refusals_in_a_row_pause_a_subscription(server: MailServer) -> None:
    subscription = subscribe("no-1@example.org")
    came_back(subscription, 2)

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    subscription.refresh_from_db()
    assert (subscription.state, subscription.due_at) == (SubscriptionState.PAUSED, None)
    assert subscription.trouble == "Refused 3 times in a row, last with: 550 5.1.1 No such user"


def test_an_accepted_mail_may_still_come_back_and_ends_no_row_of_bounces(server: MailServer) -> None:
    subscription = subscribe("ok-1@example.org")
    came_back(subscription, 2)

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    subscription.refresh_from_db()
    assert subscription.hard_bounces == 2


def came_back(subscription: Subscription, times: int, said: str = "550 5.1.1 No such user") -> None:
    for days in range(times, 0, -1):
        made_at = SATURDAY_NOON - timedelta(days=days)
        row = Delivery.objects.create(
            subscription=subscription,
            kind="day",
            start=made_at.date() - timedelta(days=1),
            state=DeliveryState.REFUSED,
            run_at=made_at,
            made_at=made_at,
            answer=said,
        )
        bounces.refused(subscription.pk, row.pk, said)


def test_a_server_that_refuses_us_costs_no_reader_a_bounce(server: MailServer) -> None:
    for number in range(10):
        subscribe(f"ok-{number}@example.org")
    server.is_open = False

    with pytest.raises(StepFailed, match="refuses the sender"):
        mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    assert states() == {DeliveryState.WAITING: 10}
    assert not Subscription.objects.exclude(hard_bounces=0).exists()


def test_one_domain_gets_so_many_a_minute(server: MailServer) -> None:
    for number in range(7):
        subscribe(f"ok-{number}@example.org")
    subscribe("ok-7@example.net")
    clock = FakeClock(SATURDAY_NOON)

    mailing.send_due(room(server, clock, rate=3), always)
    first = server.taken.total()
    clock.at += timedelta(minutes=1)
    mailing.send_due(room(server, clock, rate=3), always)

    assert (first, server.taken.total()) == (4, 7)


def test_two_workers_keep_one_rate_between_them() -> None:
    for number in range(20):
        subscribe(f"ok-{number}@example.org")
    subscribe("ok-20@example.net")
    deliveries.make_due(SATURDAY_NOON)
    first = deliveries.claim(SATURDAY_NOON, 2, rate=5)
    second = deliveries.claim(SATURDAY_NOON, 10, rate=5)
    for one in first + second:
        assert deliveries.begin(one, "<a@b>", SATURDAY_NOON + timedelta(seconds=30))
    third = deliveries.claim(SATURDAY_NOON + timedelta(seconds=89), 10, rate=5)
    fourth = deliveries.claim(SATURDAY_NOON + timedelta(seconds=91), 10, rate=5)

    assert [len(claimed) for claimed in (first, second, third, fourth)] == [2, 3, 1, 5]
    assert third[0].address == "ok-20@example.net"  # a full domain keeps no other waiting


def test_who_unsubscribes_meanwhile_gets_nothing(server: MailServer) -> None:
    subscribe("ok-1@example.org")
    deliveries.make_due(SATURDAY_NOON)
    Subscription.objects.update(state=SubscriptionState.ENDED)

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    assert not server.taken


def test_nothing_for_a_reader_sends_nothing(server: MailServer) -> None:
    subscribe("ok-1@example.org", replace(DAILY, categories=("math.AG",)))

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON)), always)

    assert states() == {DeliveryState.EMPTY: 1}
    assert not server.taken


def test_without_a_server_mails_lie_in_the_outbox_for_their_owner_alone(
    server: MailServer, tmp_path: Path
) -> None:
    subscribe("ok-1@example.org", replace(DAILY, form=MailForm.TEXT))
    folder = tmp_path / "outbox"

    mailing.send_due(room(server, FakeClock(SATURDAY_NOON), post=lambda: Outbox(folder)), always)

    (path,) = folder.iterdir()
    assert (path.suffix, path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (".eml", 0o600, 0o700)
    found = parsed(path.read_bytes())
    assert found.get_content_type() == "text/plain"
    assert states() == {DeliveryState.SENT: 1}


def test_a_weekly_reader_gets_the_week_that_has_ended(server: MailServer) -> None:
    monday = datetime(2026, 5, 25, 8, tzinfo=UTC)
    keep([record(90, listings=())])
    subscribe("ok-1@example.org", replace(DAILY, often=Often.WEEKLY), due_at=monday)
    print_closed(monday)
    mailing.send_due(room(server, FakeClock(monday)), always)

    row = Delivery.objects.get()
    assert (row.kind, row.start, row.state) == ("week", date(2026, 5, 18), DeliveryState.SENT)
