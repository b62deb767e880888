"""What comes back counts once, for whom it is about, and pauses or ends a subscription by the rules."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from broadsheet.domain.interest import Interest
from broadsheet.domain.returned import ReturnKind
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store import bounces, returns, subscriptions
from broadsheet.store.models import Delivery, Returned, Subscription
from broadsheet.store.returns import About, Told
from broadsheet.store.subscriptions import Handle

NOW = datetime(2026, 5, 22, 8, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
NO_SUCH = "550 5.1.1 No such user"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Subscription:
    return subscribed("ada@example.org")


def subscribed(address: str, **more: Any) -> Subscription:
    values = {"state": SubscriptionState.ACTIVE, "interest": Interest().as_json(), "due_at": NOW}
    began = {"asked_at": NOW - 99 * ONE_DAY, "confirmed_at": NOW - 99 * ONE_DAY}
    return Subscription.objects.create(
        **({"address": address, "shown_address": address} | values | began | more)
    )


def sent(to: Subscription, day: int = 0, state: str = DeliveryState.SENT, **more: Any) -> Delivery:
    at = NOW + day * ONE_DAY
    values = {"kind": "day", "start": at.date(), "run_at": at, "made_at": at, "closed_at": at}
    return Delivery.objects.create(
        **(values | {"subscription": to, "state": state, "message_id": f"<{to.pk}.{day}@example.org>"} | more)
    )


def hard(key: str, **more: Any) -> Told:
    return Told(**({"key": key, "kind": ReturnKind.HARD, "way": "mailbox", "words": NO_SUCH} | more))


def about(*rows: Delivery) -> About:
    return About(deliveries=tuple(row.pk for row in rows))


def state_of(row: Subscription) -> tuple[str, int]:
    row.refresh_from_db()
    return row.state, row.hard_bounces


def test_a_bounce_closes_a_delivery_that_was_sent_already(ada: Subscription) -> None:
    row = sent(ada)

    assert returns.take(hard("a"), about(row), NOW) is ReturnKind.HARD

    row.refresh_from_db()
    assert (row.state, row.answer) == (DeliveryState.REFUSED, NO_SUCH)
    assert state_of(ada) == ("active", 1)


def test_neither_the_same_bounce_nor_another_of_the_same_delivery_counts_again(ada: Subscription) -> None:
    row = sent(ada)

    kinds = [returns.take(hard(key), about(row), NOW) for key in ("a", "a", "b", "c")]

    assert kinds == [ReturnKind.HARD, None, ReturnKind.HARD, ReturnKind.HARD]
    assert state_of(ada) == ("active", 1)
    assert Returned.objects.count() == 3


def test_a_bounce_of_what_was_never_sent_refuses_nothing(ada: Subscription) -> None:
    for state in (DeliveryState.WAITING, DeliveryState.EMPTY, DeliveryState.EXPIRED):
        row = sent(ada, state=state, kind=state)
        returns.take(hard(state), about(row), NOW)
        row.refresh_from_db()
        assert row.state == state
    assert state_of(ada) == ("active", 0)


def test_three_that_came_back_late_and_out_of_order_pause(ada: Subscription) -> None:
    rows = [sent(ada, day) for day in range(5)]

    for row in (rows[0], rows[2]):
        returns.take(hard(f"{row.pk}"), about(row), NOW)
    assert state_of(ada) == ("active", 2)
    returns.take(hard("last"), about(rows[1]), NOW)

    assert state_of(ada)[0] == "paused"
    assert ada.trouble == f"Refused 3 times in a row, last with: {NO_SUCH}"
    assert ada.due_at is None


def test_bounces_between_which_one_arrived_pause_nobody(ada: Subscription) -> None:
    rows = [sent(ada, day) for day in range(9)]

    for row in rows:
        if row.pk not in (rows[2].pk, rows[5].pk, rows[8].pk):
            returns.take(hard(f"{row.pk}"), about(row), NOW)

    assert state_of(ada)[0] == "active"


def test_who_goes_on_begins_at_none(ada: Subscription) -> None:
    for day in range(3):
        returns.take(hard(f"{day}"), about(sent(ada, day)), NOW)
    assert subscriptions.resume(Handle(ada.pk, ada.generation), NOW)

    states = []
    for day in range(3, 6):
        returns.take(hard(f"{day}"), about(sent(ada, day)), NOW)
        states.append(state_of(ada)[0])

    assert states == ["active", "active", "paused"]


@pytest.mark.parametrize("seed", range(40))
def test_a_pause_comes_with_three_in_a_row_and_never_without(ada: Subscription, seed: int) -> None:
    """Whenever each of them comes back: at once, or up to four days later."""
    chance = random.Random(seed)
    comes_back = [chance.random() < 0.5 for _ in range(14)]
    late = [chance.randrange(5) for _ in comes_back]
    rows = []
    for day in range(len(comes_back) + 5):
        if day < len(comes_back):
            rows.append(sent(ada, day))
            bounces.taken(ada.pk, NOW + day * ONE_DAY)
        for at, row in enumerate(rows):
            if comes_back[at] and at + late[at] == day:
                returns.take(hard(f"{at}"), about(row), NOW + day * ONE_DAY)

    in_a_row = any(all(comes_back[at : at + 3]) for at in range(len(comes_back) - 2))
    assert state_of(ada)[0] == ("paused" if in_a_row else "active")


def test_a_mail_that_stayed_away_for_days_ends_the_row(ada: Subscription) -> None:
    returns.take(hard("a"), about(sent(ada, 0)), NOW)
    sent(ada, 1)
    bounces.taken(ada.pk, NOW + 5 * ONE_DAY)
    assert state_of(ada) == ("active", 1)

    bounces.taken(ada.pk, NOW + 6 * ONE_DAY)

    assert state_of(ada) == ("active", 0)


@pytest.mark.parametrize("kind", [ReturnKind.COMPLAINT, ReturnKind.LEFT])
def test_a_complaint_ends_the_subscription_at_once(ada: Subscription, kind: ReturnKind) -> None:
    told = Told("a", kind, "Postmark", "Called unwanted mail.")

    assert returns.take(told, about(sent(ada)), NOW) is kind

    assert state_of(ada)[0] == "ended"
    assert (ada.ended_at, ada.due_at, ada.trouble) == (NOW, None, "Called unwanted mail.")


def test_what_is_told_of_the_time_before_a_new_beginning_changes_nothing(ada: Subscription) -> None:
    old = sent(ada)
    Subscription.objects.update(confirmed_at=NOW + 2 * ONE_DAY)
    newer = sent(ada, 3)

    returns.take(hard("a"), about(old), NOW + 4 * ONE_DAY)
    returns.take(Told("b", ReturnKind.COMPLAINT, "m"), about(old), NOW + 4 * ONE_DAY)
    late = Told("c", ReturnKind.COMPLAINT, "m", told_at=NOW)
    returns.take(late, About(recipient="ada@example.org"), NOW + 4 * ONE_DAY)

    assert state_of(ada) == ("active", 0)
    newer.refresh_from_db()
    assert newer.state == DeliveryState.SENT


def test_soft_ones_are_noted_and_nothing_else(ada: Subscription) -> None:
    row = sent(ada)

    returns.take(Told("a", ReturnKind.SOFT, "mailbox", "452 4.2.2 Full"), about(row), NOW)

    row.refresh_from_db()
    assert row.state == DeliveryState.SENT
    (line,) = returns.recent(NOW, ONE_DAY)
    assert (line.kind, line.address, line.words) == ("soft", "ada@example.org", "452 4.2.2 Full")


def test_a_letter_that_came_back_is_told_and_counts_nothing() -> None:
    row = subscribed("ada@example.org", state=SubscriptionState.ASKED, confirmed_at=None)

    returns.take(hard("a"), About(handles=(Handle(row.pk, row.generation),)), NOW)
    returns.take(hard("b"), About(handles=(Handle(row.pk, row.generation + 1),)), NOW)  # of another beginning

    assert state_of(row) == ("asked", 0)
    assert row.trouble == f"The letter came back: {NO_SUCH}"
    assert Returned.objects.get(kind="unknown").count == 1


def test_by_message_id_by_the_services_own_name_or_else_the_newest(ada: Subscription) -> None:
    rows = [sent(ada, day, answer=f"250 Ok 0100018f-{day}{day}{day}-000000") for day in range(4)]
    other = sent(subscribed("emmy@example.org"))
    recipient = "Ada+papers@EXAMPLE.org"

    returns.take(hard("a"), About(message_ids=("<x@y>", rows[0].message_id)), NOW + 9 * ONE_DAY)
    named = About(message_ids=("0100018f-111-000000",), recipient=recipient)
    returns.take(hard("b"), named, NOW + 9 * ONE_DAY)
    newest = About(message_ids=("0100018f-999-000000",), recipient=recipient)
    returns.take(hard("c", told_at=NOW + 2.5 * ONE_DAY), newest, NOW + 9 * ONE_DAY)

    states = [row.state for row in Delivery.objects.order_by("pk")]
    assert states == ["refused", "refused", "refused", "sent", "sent"]
    assert other.state == "sent"


@pytest.mark.parametrize("recipient", ["", "nobody@example.org", "no address", "a@b\x00.c", "é" * 400])
def test_unknown_ones_are_counted_by_day(recipient: str) -> None:
    for day in (0, 0, 1):
        nobody = About(deliveries=(9,), message_ids=("", "<x@y>"), recipient=recipient)
        assert returns.take(hard("a"), nobody, NOW + day * ONE_DAY) is ReturnKind.UNKNOWN

    assert list(Returned.objects.order_by("told_at").values_list("count", flat=True)) == [2, 1]


def test_all_of_it_goes_with_the_subscription_and_after_ninety_days(ada: Subscription) -> None:
    returns.take(hard("a"), about(sent(ada)), NOW)
    returns.take(hard("b"), about(sent(ada, 1)), NOW + 89 * ONE_DAY)

    returns.tidy(NOW + 91 * ONE_DAY)
    assert Returned.objects.count() == 1
    subscriptions.delete(Handle(ada.pk, ada.generation))
    assert not Returned.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_many_tell_at_once_counts_once() -> None:
    """Mailbox and mail service, each more than once, of the same delivery."""
    if connection.vendor == "sqlite":
        pytest.skip("the tests' database is in memory, where nobody waits; on a disk one writes at a time")
    row = sent(subscribed("ada@example.org"))

    def tell(number: int) -> ReturnKind | None:
        try:
            return returns.take(hard(f"{number % 4}"), about(row), NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as many:
        kinds = list(many.map(tell, range(16)))

    assert sorted(map(str, kinds)) == ["None"] * 12 + ["hard"] * 4
    assert state_of(row.subscription) == ("active", 1)
