"""What becomes of a subscription: asked for, confirmed, changed, paused, ended, begun anew, deleted."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from broadsheet.domain.interest import Interest, Often
from broadsheet.domain.returned import ReturnKind
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.lib.address import read
from broadsheet.store import letters, returns, subscriptions
from broadsheet.store.letter_limits import MOST_OF_SITE, MOST_PER_NETWORK, MOST_PER_WIDER, WIDER
from broadsheet.store.models import Delivery, Letter, Returned, Subscription
from broadsheet.store.subscriptions import (
    MOST_PER_ADDRESS,
    MOST_PER_MAILBOX,
    Handle,
    Held,
    TooManyAsked,
)

NOW = datetime(2026, 5, 22, 6, 30, tzinfo=UTC)  # a Friday
LATER = NOW + timedelta(days=1)
EIGHT = datetime(2026, 5, 22, 8, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def ask(typed: str = "ada@example.org", *, now: datetime = NOW, network: str = "n", **wish: Any) -> Handle:
    interest = replace(Interest(), **wish)
    subscriptions.ask(read(typed), interest, network=network, now=now)
    row = Subscription.objects.get(address=read(typed).mailbox)
    return Handle(row.pk, row.generation)


def confirmed(typed: str = "ada@example.org", **wish: Any) -> Handle:
    handle = ask(typed, **wish)
    assert subscriptions.confirm(handle, NOW)
    return handle


def held(handle: Handle) -> Held:
    found = subscriptions.find(handle)
    assert found is not None
    return found


def test_an_address_gets_nothing_until_it_is_confirmed() -> None:
    handle = ask("Ada+papers@example.org", most=20)

    assert held(handle).state is SubscriptionState.ASKED
    assert held(handle).address == "Ada+papers@example.org"
    assert held(handle).interest.most == 20
    assert held(handle).due_at is None

    assert subscriptions.confirm(handle, NOW)
    assert held(handle).state is SubscriptionState.ACTIVE
    assert held(handle).due_at == EIGHT
    assert not subscriptions.confirm(handle, LATER)


def test_one_mailbox_has_one_subscription_however_it_is_written() -> None:
    for typed in ("ada@example.org", "ADA@Example.org", "ada+x@example.org"):
        ask(typed)

    assert Subscription.objects.count() == 1
    assert Subscription.objects.get().address == "ada@example.org"


@pytest.mark.parametrize("answered", [0, 1])
def test_a_confirmation_confirms_what_its_own_letter_was_asked_for(answered: int) -> None:
    ask("ada@example.org", most=20)
    handle = ask("ada+x@example.org", most=3)
    first, second = (
        replace(handle, letter=pk) for pk in Letter.objects.order_by("pk").values_list("pk", flat=True)
    )
    of = (first, second)[answered]
    assert (held(first).address, held(first).interest.most) == ("ada@example.org", 20)
    assert (held(second).address, held(second).interest.most) == ("ada+x@example.org", 3)

    assert subscriptions.confirm(of, NOW)

    assert not subscriptions.confirm((second, first)[answered], NOW)
    assert (held(of).address, held(of).interest.most) == (
        ("ada@example.org", 20),
        ("ada+x@example.org", 3),
    )[answered]


def test_a_letter_of_another_confirms_nothing() -> None:
    ask("grace@example.org")
    other = Letter.objects.get().pk

    assert not subscriptions.confirm(replace(ask(), letter=other), NOW)


def test_who_makes_up_ways_of_writing_takes_no_letter_from_the_owner() -> None:
    for number in range(MOST_PER_ADDRESS):
        ask(f"ada+{number}@example.org", network=str(number))

    ask("ada@example.org")
    claimed = []
    while one := letters.claim_next(NOW):
        claimed.append(one.to)
    assert claimed[-1] == "ada@example.org"
    for number in range(MOST_PER_MAILBOX):
        ask(f"ada+{number}@example.org", network=str(number))
    assert Letter.objects.count() == MOST_PER_MAILBOX


def test_a_letter_tells_only_the_confirmed_address_of_a_subscription() -> None:
    confirmed("ada@example.org")
    Letter.objects.all().delete()
    for number in range(MOST_PER_ADDRESS + 1):
        ask(f"ada+{number}@example.org")

    to = []
    while one := letters.claim_next(NOW):
        to.append(one.to)
    assert to == ["ada@example.org"] * MOST_PER_ADDRESS


def test_asking_for_an_address_that_gets_digests_changes_nothing_of_them() -> None:
    handle = confirmed("ada+x@example.org", most=20)
    subscriptions.pause(handle)

    for state in (SubscriptionState.PAUSED, SubscriptionState.ACTIVE):
        before = held(handle)
        assert before.state is state
        assert ask("ada@example.org", most=3, now=LATER) == handle
        assert held(handle) == before
        subscriptions.resume(handle, NOW)
    assert Letter.objects.filter(run_at=LATER).count() == 2


def test_what_was_ended_can_begin_anew_and_old_links_are_void() -> None:
    old = confirmed()
    assert subscriptions.end(old, NOW)
    assert subscriptions.end(old, NOW)  # a mail program may say it twice
    assert held(old).state is SubscriptionState.ENDED
    assert held(old).due_at is None

    new = ask(now=LATER)
    assert new.generation == old.generation + 1
    assert held(new).state is SubscriptionState.ASKED
    assert subscriptions.find(old) is None
    acts = [
        *(subscriptions.confirm(old, LATER), subscriptions.change(old, Interest(), LATER)),
        *(subscriptions.pause(old), subscriptions.resume(old, LATER)),
        *(subscriptions.end(old, LATER), subscriptions.delete(old)),
    ]
    assert acts == [False] * 6
    assert subscriptions.export(old) is None
    assert held(new).state is SubscriptionState.ASKED


def test_an_old_mail_still_ends_what_began_anew() -> None:
    old = confirmed()
    subscriptions.end(old, NOW)
    ask(now=LATER)

    found = subscriptions.find_to_end(old)

    assert found is not None
    assert subscriptions.end(found.handle, LATER)
    assert held(found.handle).state is SubscriptionState.ENDED
    assert subscriptions.find_to_end(Handle(old.id, old.generation + 2)) is None  # not handed out yet


def test_a_row_that_has_the_number_of_another_is_not_reached_by_its_links() -> None:
    former = confirmed()
    subscriptions.delete(former)
    new = ask("grace@example.org")
    Letter.objects.all().delete()
    Subscription.objects.filter(pk=new.id).update(id=former.id)  # as after a restored backup

    assert subscriptions.find(former) is None
    assert subscriptions.find_to_end(former) is None


def test_a_subscription_that_was_ended_is_not_confirmed() -> None:
    handle = ask()
    subscriptions.end(handle, NOW)

    assert not subscriptions.confirm(handle, NOW)
    assert not subscriptions.change(handle, Interest(), NOW)
    assert not subscriptions.pause(handle)
    assert not subscriptions.resume(handle, NOW)


def test_choices_change_and_the_next_digest_is_due_by_them() -> None:
    handle = confirmed()
    wish = Interest(("cs.CL",), often=Often.WEEKLY, hour=9, zone="Europe/Berlin")

    assert subscriptions.change(handle, wish, NOW)

    assert held(handle).interest == wish
    assert held(handle).due_at == datetime(2026, 5, 25, 7, tzinfo=UTC)


def test_a_digest_that_is_due_is_not_lost_by_a_change() -> None:
    handle = confirmed()

    assert subscriptions.change(handle, Interest(hour=20), EIGHT)

    assert held(handle).due_at == EIGHT
    assert held(handle).interest.hour == 20


def test_a_paused_subscription_keeps_its_choices_and_goes_on() -> None:
    handle = confirmed()
    assert subscriptions.pause(handle)
    assert not subscriptions.pause(handle)
    assert held(handle).due_at is None
    Subscription.objects.filter(pk=handle.id).update(hard_bounces=3, trouble="Three mails came back.")

    assert subscriptions.change(handle, Interest(most=5), NOW)
    assert held(handle).due_at is None
    assert subscriptions.resume(handle, NOW)
    assert not subscriptions.resume(handle, NOW)

    assert held(handle).interest.most == 5
    assert held(handle).due_at == EIGHT
    assert held(handle).trouble == ""
    assert Subscription.objects.get().hard_bounces == 0


def test_all_that_is_stored_is_exported_and_deleted_at_once() -> None:
    handle, other = confirmed(), confirmed("grace@example.org")
    for one in (handle, other):
        Delivery.objects.create(
            subscription_id=one.id,
            kind="day",
            start=NOW.date(),
            state=DeliveryState.SENT,
            run_at=NOW,
            made_at=NOW,
            answer="250 ok",
        )
        about = returns.About(handles=(one,))
        returns.take(returns.Told(str(one.id), ReturnKind.SOFT, "mailbox"), about, NOW)

    stored = json.loads(json.dumps(subscriptions.export(handle), cls=DjangoJSONEncoder))

    columns = {field.name for field in Subscription._meta.concrete_fields}
    assert set(stored["subscription"]) == columns - {"id"}
    assert stored["subscription"]["address"] == "ada@example.org"
    assert stored["deliveries"][0]["answer"] == "250 ok"
    assert len(stored["deliveries"]) == len(stored["letters"]) == len(stored["returned"]) == 1
    for name, kind in (("deliveries", Delivery), ("letters", Letter), ("returned", Returned)):
        fields = {field.name for field in kind._meta.concrete_fields}
        assert fields - set(stored[name][0]) <= {"id", "subscription"}
    assert "grace" not in json.dumps(stored)

    assert subscriptions.delete(handle)
    assert not subscriptions.delete(handle)
    assert [row.address for row in Subscription.objects.all()] == ["grace@example.org"]
    assert Delivery.objects.count() == Letter.objects.count() == 1
    assert ask().id != handle.id  # so that no old link leads to the new row


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway")
def test_deleting_waits_for_the_digest_that_is_being_made() -> None:
    handle = confirmed()
    begun, deleted = Event(), []

    def delete() -> None:
        begun.wait(5)
        deleted.append(subscriptions.delete(handle))
        connection.close()

    other = Thread(target=delete)
    other.start()
    with transaction.atomic():
        assert Subscription.objects.select_for_update().get(pk=handle.id)
        begun.set()
        other.join(0.3)
        made = {"run_at": NOW, "made_at": NOW}
        Delivery.objects.create(subscription_id=handle.id, kind="day", start=NOW.date(), **made)
    other.join(5)

    assert deleted == [True]
    assert not Delivery.objects.exists()


def test_one_address_gets_few_letters_a_day_and_nobody_is_told() -> None:
    for number in range(MOST_PER_ADDRESS + 2):
        ask("ada+x@example.org", network=str(number))
    before = Subscription.objects.values().get()
    ask("ada+x@example.org", network="another", most=50)

    assert Letter.objects.count() == MOST_PER_ADDRESS
    assert Subscription.objects.values().get() == before
    ask("ada+x@example.org", now=LATER + timedelta(minutes=1))
    assert Letter.objects.count() == MOST_PER_ADDRESS + 1


def test_one_network_asks_for_few_letters_an_hour() -> None:
    for number in range(MOST_PER_NETWORK):
        ask(f"a{number}@example.org")

    with pytest.raises(TooManyAsked):
        ask("one-more@example.org")
    assert not Subscription.objects.filter(address="one-more@example.org").exists()
    ask("one-more@example.org", network="another")
    ask("one-more@example.org", now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(("most", "beginning"), [(MOST_PER_WIDER, "0123456789abcdef"), (MOST_OF_SITE, "")])
def test_many_networks_together_ask_for_no_more_than_a_wider_one_or_the_site_may(
    most: int, beginning: str
) -> None:
    row = Subscription.objects.create(address="a@example.org", shown_address="a@example.org", asked_at=NOW)
    names = [beginning or f"{number:0{WIDER}}" for number in range(most)]
    Letter.objects.bulk_create(
        Letter(subscription=row, network=f"{name}{number:016}", asked_at=NOW)
        for number, name in enumerate(names[1:])
    )
    ask("last@example.org", network=f"{names[0]}last")

    with pytest.raises(TooManyAsked):
        ask("one-more@example.org", network=f"{names[0]}another")
    ask("one-more@example.org", network=f"{names[0]}another", now=NOW + timedelta(hours=1))


def test_what_nobody_confirmed_is_forgotten() -> None:
    ask("never@example.org")
    ask("late@example.org", now=NOW + timedelta(days=6))
    confirmed()
    Letter.objects.update(run_at=None)

    subscriptions.tidy(NOW + timedelta(days=2))
    assert Letter.objects.filter(network="").count() == 2
    assert subscriptions.tidy(NOW + timedelta(days=7, seconds=1)) == 1

    kept = set(Subscription.objects.values_list("address", flat=True))
    assert kept == {"late@example.org", "ada@example.org"}
    assert list(Letter.objects.values_list("subscription__address", flat=True)) == ["late@example.org"]


def test_who_has_left_is_forgotten_too() -> None:
    subscriptions.end(ask("never@example.org"), NOW)
    subscriptions.end(confirmed("left@example.org"), NOW)
    confirmed("stays@example.org")

    forgotten = [subscriptions.tidy(NOW + timedelta(days=days, seconds=1)) for days in (6, 7, 89, 90, 999)]

    assert forgotten == [0, 1, 0, 1, 0]
    assert Subscription.objects.get().address == "stays@example.org"


def test_a_letter_is_claimed_once_and_tried_later_each_time() -> None:
    handle = ask("Ada+x@example.org")
    claimed = letters.claim_next(NOW)
    assert claimed is not None
    assert (claimed.to, claimed.handle, claimed.tries) == ("Ada+x@example.org", handle, 1)
    assert letters.claim_next(NOW) is None

    now, waits = NOW, []
    while letters.put_off(claimed, now, "451 4.7.1 Later"):
        run_at = Letter.objects.values_list("run_at", flat=True).get()
        assert run_at is not None
        waits.append(run_at - now)
        assert letters.claim_next(run_at - timedelta(seconds=1)) is None
        now, claimed = run_at, letters.claim_next(run_at)
        assert claimed is not None

    assert [wait / timedelta(minutes=1) for wait in waits] == [2, 8, 32, 128]
    (left,) = letters.failed()
    assert (left.state, left.answer, left.tries) == (DeliveryState.EXPIRED, "451 4.7.1 Later", 5)
