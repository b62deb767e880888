"""The mailbox of bounces, on a real IMAP server: what is ours counts once, the rest stays unread."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadsheet.deliver import tokens
from broadsheet.deliver.email import mailbox, verp
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import agenda, returns
from broadsheet.jobs.steps import StepFailed
from broadsheet.lib import imap_server
from broadsheet.store.models import Delivery, Returned, Subscription
from broadsheet.store.subscriptions import Handle
from tests.fakes import returned as mails
from tests.fakes.clock import FakeClock
from tests.fakes.imap import PROGRAM, ImapFake, run_imap_server

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM and not os.environ.get("CI"), reason="there is no dovecot here"),
]
NOW = datetime(2026, 5, 22, 9, tzinfo=UTC)
BOUNCES = "bounces@example.org"
SEEN, UNSEEN = r"\Seen", ""


@pytest.fixture(scope="module")
def running() -> Iterator[ImapFake]:
    with run_imap_server() as fake:
        yield fake


@pytest.fixture
def server(running: ImapFake) -> Iterator[ImapFake]:
    yield running
    running.empty()


@pytest.fixture
def sent() -> Delivery:
    return sent_to("ada@example.net")


def sent_to(address: str, days: int = 0) -> Delivery:
    at = NOW + timedelta(days=days)
    values = {"state": SubscriptionState.ACTIVE, "asked_at": NOW, "shown_address": address, "due_at": NOW}
    row, _ = Subscription.objects.get_or_create(address=address, defaults=values)
    return Delivery.objects.create(
        subscription=row,
        kind="day",
        start=at.date(),
        state=DeliveryState.SENT,
        run_at=at,
        made_at=at,
        message_id=f"<{row.pk}.{days}@papers.example.org>",
    )


def bounce(of: Delivery, status: str = "", **more: str) -> bytes:
    return mails.report(status or mails.status(), to=verp.of_delivery(BOUNCES, of.pk, of.made_at), **more)


def look(server: ImapFake, done: str = "") -> str:
    with mailbox.opened(imap_server.read(server.url), done=done) as box:
        return str(returns.look(box, "a", FakeClock(NOW), lambda: True))


def state_of(row: Delivery) -> tuple[str, str, int]:
    row.refresh_from_db()
    row.subscription.refresh_from_db()
    return row.state, row.subscription.state, row.subscription.hard_bounces


class OddClock(FakeClock):
    """Fails once, as a database does that cannot hold what one mail says."""

    has_failed = False

    def now(self) -> datetime:
        if not self.has_failed:
            self.has_failed = True
            raise ValueError("PostgreSQL text fields cannot contain NUL")
        return super().now()


def test_a_bounce_is_taken_in_and_marked_as_read(server: ImapFake, sent: Delivery) -> None:
    server.put(bounce(sent))

    assert look(server) == "1 hard"

    assert state_of(sent) == ("refused", "active", 1)
    assert server.flags() == [SEEN]
    assert look(server) == "nothing new"


def test_a_bounce_of_before_a_restore_is_none_of_who_has_its_number_now(server: ImapFake) -> None:
    former = sent_to("grace@example.net")
    server.put(bounce(former))
    number = former.pk
    former.subscription.delete()
    sent = sent_to("ada@example.net", 1)
    Delivery.objects.filter(pk=sent.pk).update(id=number)

    assert look(server) == "1 left unread"

    assert Delivery.objects.get().state == "sent"


def test_three_bounced_days_pause_and_a_second_bounce_of_one_does_not(server: ImapFake) -> None:
    rows = [sent_to("ada@example.net", days) for days in range(3)]
    server.put(bounce(rows[0]), bounce(rows[0], head="From: Postmaster <postmaster@example.net>"))
    server.put(bounce(rows[1]), bounce(rows[1], mails.status("delayed", "4.4.1")))
    look(server)
    assert state_of(rows[0]) == ("refused", "active", 2)

    server.put(bounce(rows[2]))
    look(server)

    assert state_of(rows[2]) == ("refused", "paused", 3)


def test_what_was_interrupted_before_the_mark_counts_once(server: ImapFake, sent: Delivery) -> None:
    """The mailbox forgets the mark, as after a crash, and is looked at from its beginning."""
    server.put(bounce(sent))
    for name in ("a", "b", "c"):
        with server.client() as line:
            line.store("1:*", "-FLAGS", SEEN)
        with mailbox.opened(imap_server.read(server.url)) as box:
            returns.look(box, name, FakeClock(NOW), lambda: True)

    assert state_of(sent) == ("refused", "active", 1)
    assert Returned.objects.count() == 1
    assert server.flags() == [SEEN]


def test_what_is_none_of_ours_stays_unread_and_untouched(server: ImapFake, sent: Delivery) -> None:
    token = tokens.make(Purpose.MANAGE, Handle(sent.subscription_id, sent.subscription.generation))
    others = [
        mails.letter("Hello"),
        mails.POSTFIX,  # of a mark that nobody has made
        mails.GMAIL,
        mails.complaint(),
        mails.letter("Away until Monday", Auto_Submitted="auto-replied"),
        mails.letter(f"unsubscribe {token}"),
        mails.letter("unsubscribe"),
        b"\x00\xff\r\n\r\n" * 50,
    ]
    server.put(*others)
    server.put(bounce(sent), flags=SEEN)  # read by somebody already
    server.put(mails.letter("Thrown away"), flags=r"\Deleted")

    assert look(server) == f"{len(others) + 1} left unread"

    assert server.flags() == [UNSEEN] * len(others) + [SEEN, r"\Deleted"]
    assert state_of(sent) == ("sent", "active", 0)
    assert look(server) == "nothing new"
    assert {(row.kind, row.subscription_id) for row in Returned.objects.all()} == {
        ("asked", sent.subscription_id)
    }


def test_marks_message_ids_and_replies_lead_to_the_delivery(server: ImapFake) -> None:
    rows = [sent_to(f"{name}@example.net") for name in ("ada", "emmy", "grace")]
    by_id = mails.returned("nobody@example.org", rows[1].message_id)
    reply = {"In_Reply_To": rows[2].message_id, "Auto_Submitted": "auto-replied"}
    server.put(bounce(rows[0]), mails.report(mails.status(), to=BOUNCES, ours=by_id))
    server.put(mails.letter("Away until Monday", **reply))

    assert look(server) == "1 automatic, 2 hard"

    assert [state_of(row)[0] for row in rows] == ["refused", "refused", "sent"]
    assert server.flags() == [SEEN] * 3


def test_a_complaint_and_a_mail_with_the_token_end_the_subscription(server: ImapFake) -> None:
    ada, emmy = sent_to("ada@example.net"), sent_to("emmy@example.net")
    token = tokens.make(Purpose.UNSUBSCRIBE, Handle(emmy.subscription_id, emmy.subscription.generation))
    server.put(
        mails.complaint(to=verp.of_delivery(BOUNCES, ada.pk, ada.made_at)),
        mails.letter(f"unsubscribe {token}"),
    )

    assert look(server) == "1 complaint, 1 left"

    assert [state_of(row)[:2] for row in (ada, emmy)] == [("sent", "ended")] * 2
    assert "reports it as unwanted (abuse, SomeFeedback/1.0)" in ada.subscription.trouble
    assert emmy.subscription.trouble == "Unsubscribed by mail."


def test_a_huge_mail_is_read_at_its_beginning_alone(server: ImapFake, sent: Delivery) -> None:
    server.put(bounce(sent, ours=mails.returned() + "x" * 70 + "\r\n" * 700_000))

    assert look(server) == "1 hard"


def test_mails_that_were_dealt_with_move_where_the_setting_says(server: ImapFake, sent: Delivery) -> None:
    server.put(mails.letter("Thrown away"), flags=r"\Deleted")
    server.put(bounce(sent), mails.letter("Hello"))

    look(server, done="Erledigt & gelesen ä")

    assert server.flags() == [r"\Deleted", UNSEEN]
    with server.client() as line:
        assert line.select('"Erledigt &- gelesen &AOQ-"', readonly=True)[1] == [b"1"]


def test_a_round_that_is_stopped_goes_on_where_it_was(server: ImapFake) -> None:
    rows = [sent_to(f"{number}@example.net") for number in range(4)]
    server.put(*map(bounce, rows))
    turns = iter([True, True, False])

    with mailbox.opened(imap_server.read(server.url)) as box:
        first = str(returns.look(box, "a", FakeClock(NOW), lambda: next(turns)))

    assert (first, look(server)) == ("2 hard", "2 hard")


def test_a_mail_that_cannot_be_dealt_with_keeps_back_none_after_it(
    server: ImapFake, sent: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    server.put(bounce(sent_to("emmy@example.net")), bounce(sent))

    with mailbox.opened(imap_server.read(server.url)) as box:
        told = str(returns.look(box, "a", OddClock(NOW), lambda: True))

    assert told == "1 hard, 1 left unread, 1 of them failed, see the log"
    assert server.flags() == [UNSEEN, SEEN]
    assert "of the mailbox could not be dealt with" in caplog.text
    assert look(server) == "nothing new"


def test_the_job_reads_the_mailbox_of_the_settings(
    server: ImapFake, sent: Delivery, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "IMAP_URL": server.url}
    server.put(bounce(sent))

    assert agenda.steps()["bounces"](lambda: True) == "1 hard"
    assert "ada@" not in caplog.text

    settings.OPTIONS = {**settings.OPTIONS, "IMAP_URL": server.url.replace("r%2F", "wrong")}
    with pytest.raises(StepFailed, match="refused user and password") as raised:
        agenda.steps()["bounces"](lambda: True)
    assert "wrong" not in str(raised.value)
