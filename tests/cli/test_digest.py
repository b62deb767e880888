"""broadsheet digest send, status and test, as their owner sees them."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from broadsheet import wiring
from broadsheet.domain.edition import Window, WindowKind
from broadsheet.domain.interest import Interest
from broadsheet.domain.returned import ReturnKind
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.lib.address import read
from broadsheet.store import returns, subscriptions
from broadsheet.store.models import Delivery, Subscription
from broadsheet.store.returns import About, Told
from tests.fakes.mail import MailServer, run_mail_server
from tests.makers import FRIDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with run_mail_server() as running:
        yield running


def use(settings: Any, **options: Any) -> None:
    settings.OPTIONS = {**settings.OPTIONS, **options}


def said(*words: str) -> str:
    out = StringIO()
    call_command("digest", *words, stdout=out)
    return out.getvalue()


def alarmed(*words: str) -> str:
    """What was said by a command that ended with 1."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("digest", *words, stdout=out)
    assert ended.value.code == 1
    return out.getvalue()


def delivery(address: str, state: DeliveryState, **more: Any) -> Delivery:
    now = wiring.clock().now()
    subscription = Subscription.objects.create(
        address=address, shown_address=address, state=SubscriptionState.ACTIVE, asked_at=now
    )
    values = {"kind": WindowKind.DAY, "start": FRIDAY, "state": state, "run_at": now, "made_at": now}
    return Delivery.objects.create(subscription=subscription, **(values | more))


def test_a_test_mail_without_a_server_lies_in_the_outbox(settings: Any, tmp_path: Path) -> None:
    use(settings, DATA=tmp_path)

    told = said("test", "reader@example.org")

    (path,) = (tmp_path / "outbox").iterdir()
    assert told == f"Sent: written to {path.name}.\n"
    assert b"\nTo: reader@example.org\n" in path.read_bytes()


def test_a_test_mail_reaches_a_server(settings: Any, server: MailServer) -> None:
    use(settings, SMTP_URL=server.url)

    assert said("test", "ok-1@example.org").startswith("Sent: 250")
    assert b"test mail of Broadsheet" in server.mails["ok-1@example.org"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("no-1@example.org", "Refused: 550 5.1.1 No such user. There is no such mailbox"),
        (
            "grey-1@example.org",
            "Not sent now: 451 4.7.1 Greylisted, try again. Not now: a full disk, or grey",
        ),
        ("busy-1@example.org", "Not sent now: 421 4.3.2 Too much to do. The server is closing"),
        ("spam-1@example.org", "Refused: 554 5.7.9 Not wanted here. The server takes this for unwanted"),
        (
            "dropafter-1@example.org",
            "Nobody knows whether it was sent: The mail server closed the connection",
        ),
        ("nobody", "'nobody' is not an address"),
    ],
)
def test_each_failure_is_told_in_words(settings: Any, server: MailServer, address: str, words: str) -> None:
    use(settings, SMTP_URL=server.url)

    with pytest.raises(CommandError) as raised:
        said("test", address)

    assert words in str(raised.value)


def test_a_server_that_is_not_there_is_told_in_words(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    use(settings, SMTP_URL=f"smtp://127.0.0.1:{port}?tls=no")

    with pytest.raises(CommandError, match=r"refused the connection\. No mail server listens there"):
        said("test", "ok-1@example.org")


def test_a_server_without_tls_gets_no_password(settings: Any, server: MailServer) -> None:
    use(settings, SMTP_URL=f"smtp://me:secret@127.0.0.1:{server.port}")

    with pytest.raises(CommandError, match="offers no STARTTLS") as raised:
        said("test", "ok-9@example.org")

    assert "secret" not in str(raised.value)
    assert not server.asked["ok-9@example.org"]


def test_the_status_counts_and_names_the_troubles() -> None:
    old = wiring.clock().now() - timedelta(hours=3)
    window = Window(WindowKind.DAY, (old - timedelta(days=1)).date())
    more: dict[str, Any] = {"start": window.start, "made_at": old, "tries": 1}
    delivery("a@example.org", DeliveryState.REFUSED, answer="550 no", **more)
    delivery("b@example.org", DeliveryState.UNKNOWN, answer="lost", **more)
    Subscription.objects.filter(address="a@example.org").update(
        state=SubscriptionState.PAUSED, trouble="Refused 3 times in a row"
    )

    text, found = alarmed("status"), json.loads(alarmed("status", "--json"))

    assert f"ALARM  Nothing was sent of {window.title}." in text
    assert f"{window.title}: 1 refused, 1 unknown" in text
    assert "paused   a@example.org  Refused 3 times in a row" in text
    assert found["subscriptions"] == {"active": 1, "paused": 1}
    assert [one["answer"] for one in found["troubles"]] == ["lost", "550 no"]


def test_the_status_names_letters_that_did_not_arrive(settings: Any, server: MailServer) -> None:
    use(settings, SMTP_URL=server.url)
    for name in ("ok-1", "no-1"):
        now = wiring.clock().now()
        subscriptions.ask(read(f"{name}@example.org"), Interest(), network=name, now=now)

    assert said("send").startswith("1 letters, 0 put off, 1 given up; ")
    text, found = said("status"), json.loads(said("status", "--json"))

    assert "  refused  no-1@example.org  550 5.1.1 No such user  (try 1)" in text
    assert [(one["address"], one["state"]) for one in found["letters"]] == [("no-1@example.org", "refused")]


def test_the_status_tells_what_came_back() -> None:
    now = wiring.clock().now()
    row = delivery("a@example.org", DeliveryState.SENT, made_at=now)
    about = About(deliveries=(row.pk,))
    returns.take(Told("1", ReturnKind.SOFT, "mailbox", "452 4.2.2 Full"), about, now)
    returns.take(Told("2", ReturnKind.HARD, "Postmark"), About(message_ids=("<x@y>",)), now)

    text, found = said("status"), json.loads(said("status", "--json"))

    assert f"  soft      a@example.org  452 4.2.2 Full  (by mailbox, {now:%Y-%m-%d})" in text
    assert "  unknown   1 of mails that we know nothing of  (by Postmark)" in text
    assert [(one["kind"], one["count"]) for one in found["returned"]] == [("unknown", 1), ("soft", 1)]


def test_sending_when_nothing_is_due_says_so() -> None:
    assert said("send") == "0 letters; 0 made\n"


def test_resume_lets_go_on_who_was_paused_by_refused_mails_alone() -> None:
    for address, trouble in (
        ("ada@example.org", "Refused"),
        ("bob@example.org", "Refused"),
        ("eve@example.org", ""),
    ):
        row = delivery(address, DeliveryState.REFUSED).subscription
        Subscription.objects.filter(pk=row.pk).update(state=SubscriptionState.PAUSED, trouble=trouble)

    assert said("resume", "Ada+x@example.org") == "1 subscription goes on.\n"
    assert said("resume", "--all") == "1 subscription goes on.\n"

    left = Subscription.objects.get(state=SubscriptionState.PAUSED)
    assert left.address == "eve@example.org"
    assert Subscription.objects.filter(due_at=None).count() == 1
    with pytest.raises(CommandError, match="not paused because of refused mails"):
        said("resume", "eve@example.org")


def test_resume_leaves_what_cannot_be_read() -> None:
    row = delivery("ada@example.org", DeliveryState.REFUSED).subscription
    broken = {"interest": {"zone": "Nowhere/Land"}, "trouble": "No such zone."}
    Subscription.objects.filter(pk=row.pk).update(state=SubscriptionState.PAUSED, **broken)

    assert said("resume", "--all") == "0 subscriptions go on.\n"
