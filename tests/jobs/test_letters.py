"""Letters that ask for confirmation, sent to a real mail server by the job that sends digests."""

from collections.abc import Iterator

import pytest

from broadsheet.deliver.email.confirmation import MOST_A_ROUND
from broadsheet.domain.subscription import DeliveryState
from broadsheet.jobs import mailing
from broadsheet.lib import address as address_reader
from broadsheet.store import letters, subscriptions
from tests.fakes.clock import FakeClock
from tests.fakes.mail import MailServer, run_mail_server
from tests.jobs.test_mailing import DAILY, SATURDAY_NOON, always, parsed, room

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[MailServer]:
    with run_mail_server(stall_s=1.0) as running:
        yield running


def test_letters_leave_by_the_same_way(server: MailServer) -> None:
    address = address_reader.read("ada@example.org")
    subscriptions.ask(address, DAILY, network="n", now=SATURDAY_NOON)

    assert mailing.send_letters(room(server, FakeClock(SATURDAY_NOON)), always).sent == 1
    assert mailing.send_letters(room(server, FakeClock(SATURDAY_NOON)), always).sent == 0

    assert parsed(server.mails["ada@example.org"])["Subject"].startswith("Confirm your address")


def test_what_became_of_a_letter_is_kept_for_the_owner(server: MailServer) -> None:
    for name in ("ok-1", "no-1", "grey-1", "dropafter-1"):
        subscriptions.ask(address_reader.read(f"{name}@example.org"), DAILY, network=name, now=SATURDAY_NOON)

    sent = mailing.send_letters(room(server, FakeClock(SATURDAY_NOON)), always)

    assert str(sent) == "1 letters, 1 put off, 2 given up"
    lines = {line.address.partition("-")[0]: line for line in letters.failed()}
    assert {name: line.state for name, line in lines.items()} == {
        "no": DeliveryState.REFUSED,
        "grey": DeliveryState.WAITING,
        "dropafter": DeliveryState.UNKNOWN,
    }
    assert lines["no"].answer == "550 5.1.1 No such user"


def test_letters_stop_when_told_and_after_some_leave_the_turn_to_digests(server: MailServer) -> None:
    for number in range(MOST_A_ROUND + 1):
        name = f"ok-{number}"
        subscriptions.ask(address_reader.read(f"{name}@example.org"), DAILY, network=name, now=SATURDAY_NOON)
    clock, turns = FakeClock(SATURDAY_NOON), iter([True, False])

    rounds = [mailing.send_letters(room(server, clock), lambda: next(turns)).sent]
    rounds += [mailing.send_letters(room(server, clock), always).sent]

    assert rounds == [1, MOST_A_ROUND]
