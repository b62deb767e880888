"""Readers whose choices match nothing: no mail for nothing, and no silence that nobody explains."""

from collections import Counter
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from broadsheet.deliver.email.post import Outbox
from broadsheet.domain.edition import Window, WindowKind
from broadsheet.domain.interest import Interest, Often
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import mailing
from broadsheet.store import emptied
from broadsheet.store.models import Delivery, Subscription
from tests.deliver.conftest import keep, record
from tests.fakes.clock import FakeClock

SATURDAY_NOON = datetime(2026, 5, 23, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers() -> None:
    keep(record(number) for number in range(1, 6))


def subscribe(category: str) -> Subscription:
    return Subscription.objects.create(
        address="ada@example.org",
        shown_address="ada@example.org",
        state=SubscriptionState.ACTIVE,
        asked_at=SATURDAY_NOON,
        due_at=SATURDAY_NOON,
        interest=Interest(often=Often.DAILY, categories=(category,)).as_json(),
    )


def sent(folder: Path) -> EmailMessage:
    room = mailing.Room(
        post=lambda: Outbox(folder),
        clock=FakeClock(SATURDAY_NOON),
        site_url="https://papers.example.org",
        domain="papers.example.org",
        sender="digest@papers.example.org",
        rate=100,
    )
    mailing.send_due(room, lambda: True)
    (path,) = folder.iterdir()
    return BytesParser(policy=policy.default).parsebytes(path.read_bytes())


def emptied_on(row: Subscription, *days: int, state: DeliveryState = DeliveryState.EMPTY) -> None:
    at = {"run_at": SATURDAY_NOON, "made_at": SATURDAY_NOON}
    Delivery.objects.bulk_create(
        Delivery(subscription=row, kind="day", start=date(2026, 5, day), state=state, **at) for day in days
    )


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((18, 19), "Nothing for your choices on Monday 18 May and Tuesday 19 May."),
        (
            (15, 16, 17, 18, 19),
            "Nothing for your choices in the 5 editions since that of Friday 15 May 2026.",
        ),
    ],
)
def test_a_mail_tells_of_the_empty_days_before_it(tmp_path: Path, days: tuple[int, ...], told: str) -> None:
    row = subscribe("cs")
    emptied_on(row, 11, 12)
    emptied_on(row, 13, state=DeliveryState.SENT)
    emptied_on(row, *days)

    mail = sent(tmp_path)

    for kind in ("plain", "html"):
        assert told in " ".join(mail.get_body((kind,)).get_content().split())  # type: ignore[union-attr]


def test_who_had_nothing_for_a_week_is_told_so_once(tmp_path: Path) -> None:
    row = subscribe("math.AG")
    emptied_on(row, *range(15, 21))

    mail = sent(tmp_path)

    assert mail["Subject"] == "Fri 22 May: Nothing for your choices"
    for kind in ("plain", "html"):
        said = " ".join(mail.get_body((kind,)).get_content().split())  # type: ignore[union-attr]
        assert "None of the last 7 editions had a paper for you. You chose: math.AG." in said
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert states == {DeliveryState.EMPTY: 6, DeliveryState.SENT: 1}
    assert emptied.before(row.pk, Window(WindowKind.DAY, date(2026, 5, 23))) == ()
