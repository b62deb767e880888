"""What the owner of an address does with the links in its mails; and that opening one does nothing."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.urls import get_resolver

from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.interest import interest_of
from broadsheet.domain.returned import ReturnKind
from broadsheet.store import returns
from broadsheet.store.models import Delivery, Letter, Subscription
from broadsheet.store.printing import print_closed
from tests.deliver.by_mail import (
    ADA,
    CHOICES,
    NOW,
    ONE_CLICK,
    PATHS,
    SITE,
    confirmed,
    handle_of,
    leave_token,
    link,
    machine,
    posted,
    stored,
    subscribe,
    text_of,
    token_of,
)
from tests.deliver.conftest import TakeIn, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_friday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_choices_change_pause_go_on_and_end_without_an_account() -> None:
    token = confirmed()

    def act(do: str, **more: str) -> Subscription:
        reply = machine().post("/subscription", {"token": token, "do": do, **more})
        assert reply.status_code == 200
        assert not reply.cookies
        return Subscription.objects.get()

    changed = act("change", **CHOICES)
    assert interest_of(changed.interest).zone == "Asia/Kathmandu"
    assert changed.due_at == datetime(2026, 5, 25, 0, 15, tzinfo=UTC)
    assert "Monday 25 May 2026, 06:00 Asia/Kathmandu" in text_of(
        machine().get("/subscription", {"token": token})
    )
    assert act("pause").state == "paused"
    assert act("pause").state == "paused"
    assert act("resume").state == "active"
    assert act("end").state == "ended"
    assert act("resume").state == "ended"
    assert "You are unsubscribed" in text_of(machine().get(f"/subscription?token={token}"))


def test_the_newest_edition_comes_at_once_and_once_when_asked_for(take: TakeIn) -> None:
    take(record(1))
    print_closed(NOW + timedelta(days=30))
    with time_machine.travel(NOW + timedelta(days=30), tick=False):  # no news any more
        token = confirmed()
        page = machine().post("/subscription", {"token": token, "do": "now"})
        again = machine().post("/subscription", {"token": token, "do": "now"})

    assert "The newest edition is on its way." in text_of(page)
    assert "Nothing is sent" in text_of(again)
    (delivery,) = Delivery.objects.all()
    assert (delivery.kind, delivery.start, delivery.state) == ("day", date(2026, 5, 22), "waiting")
    assert Subscription.objects.get().covered_until == date(2026, 5, 22)


def test_there_is_nothing_to_send_now_where_there_is_no_edition() -> None:
    token = confirmed()

    assert "Nothing is sent" in text_of(machine().post("/subscription", {"token": token, "do": "now"}))
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("sent", [{"do": "change", "hour": "99"}, {"do": "explode"}, {}])
def test_a_change_that_makes_no_sense_changes_nothing(sent: dict[str, str]) -> None:
    token, before = confirmed(), stored()

    reply = machine().post("/subscription", {"token": token, **sent})

    assert reply.status_code == 400
    assert "Not changed." in text_of(reply)
    assert stored() == before


def test_one_click_ends_it_with_no_cookie_no_token_of_a_form_and_no_second_page() -> None:
    subscribe()
    (mail,) = posted()
    confirmed()
    address = mail.extra_headers["List-Unsubscribe"].split(">")[0].removeprefix(f"<{SITE}")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    for _ in range(2):
        reply = machine().post(
            address,
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
            headers={"sec-fetch-site": "cross-site", "origin": "null"},
        )
        assert reply.status_code == 200
        assert not reply.cookies
    assert Subscription.objects.get().state == "ended"


def test_who_has_left_may_have_all_deleted_and_nobody_before() -> None:
    address = f"/unsubscribe?token={leave_token(confirmed())}"

    assert machine().post(address, {"do": "delete"}).status_code == 400
    assert "Delete everything now" in text_of(machine().post(address, ONE_CLICK))
    assert "Everything is deleted" in text_of(machine().post(address, {"do": "delete"}))

    assert "example.org" not in stored()
    assert machine().post(address, ONE_CLICK).status_code == 403


def test_a_form_in_parts_ends_it_too_and_another_body_does_not() -> None:
    address = f"/unsubscribe?token={leave_token(confirmed())}"

    assert machine().post(address, {"x": "y"}).status_code == 400
    assert Subscription.objects.get().state == "active"
    assert machine().post(address, ONE_CLICK).status_code == 200  # multipart/form-data
    assert Subscription.objects.get().state == "ended"


def test_whoever_did_not_ask_can_say_so_at_once() -> None:
    subscribe()
    (mail,) = posted()
    machine().post(link(mail, "/unsubscribe"), ONE_CLICK)

    reply = machine().post("/subscription/confirm", {"token": token_of(link(mail, "/subscription/confirm"))})
    assert reply.status_code == 403
    assert Subscription.objects.get().state == "ended"


@pytest.mark.parametrize("stored_as", [{"zone": "Atlantis/Capital"}, {"often": "hourly"}, {"hour": "x"}, []])
def test_choices_that_cannot_be_read_keep_nobody_from_leaving(stored_as: object) -> None:
    token = confirmed()
    Subscription.objects.update(interest=stored_as, state="paused", due_at=None)

    page = machine().get("/subscription", {"token": token})
    assert "cannot be read, and these are the usual ones" in text_of(page)
    told = machine().get(f"/subscription/data?token={token}&format=json").json()
    assert told["subscription"]["interest"] == stored_as
    assert machine().post("/subscription", {"token": token, "do": "resume"}).status_code == 200
    assert Subscription.objects.get().due_at == NOW.replace(hour=8, minute=0)

    Subscription.objects.update(interest=stored_as)
    assert machine().post(f"/unsubscribe?token={leave_token(token)}", ONE_CLICK).status_code == 200
    assert Subscription.objects.get().state == "ended"
    machine().post("/subscription/data", {"token": token, "do": "delete"})
    assert not Subscription.objects.exists()


def test_all_that_is_stored_is_shown_exported_and_deleted() -> None:
    token = confirmed(**CHOICES)
    page = text_of(machine().get(f"/subscription/data?token={token}"))
    assert ADA in page
    assert "Asia/Kathmandu" in page

    reply = machine().get(f"/subscription/data?token={token}&format=json")
    told = reply.json()
    assert "attachment" in reply.headers["Content-Disposition"]
    assert told["subscription"]["address"] == ADA
    assert told["subscription"]["interest"]["authors"] == ["Ada Lovelace", "Emmy Noether"]
    assert told["letters"][0]["network"] in page

    assert machine().post("/subscription/data", {"token": token}).status_code == 400
    gone = machine().post("/subscription/data", {"token": token, "do": "delete"})
    assert "Everything is deleted" in text_of(gone)
    assert "example.org" not in stored()
    again = machine().post("/subscription/data", {"token": token, "do": "delete"})
    assert again.status_code == 403
    assert "has been deleted" in text_of(again)


def test_what_came_back_is_shown_and_exported_too() -> None:
    token = confirmed()
    told = returns.Told("a", ReturnKind.SOFT, "mailbox", "452 4.2.2 <b>Over quota</b>")
    returns.take(told, returns.About(handles=(handle_of(),)), NOW)

    assert "soft, by mailbox: 452 4.2.2 <b>Over" in text_of(
        machine().get(f"/subscription/data?token={token}")
    )
    exported = machine().get(f"/subscription/data?token={token}&format=json").json()["returned"]
    assert [(one["kind"], one["words"]) for one in exported] == [("soft", told.words)]


def test_opening_any_page_changes_nothing(take: TakeIn) -> None:
    """By GET, HEAD and OPTIONS, over every route of this feature, with the best of tokens."""
    take(record(1))
    confirmed()
    subscribe("asked@example.org")
    ours = ("subscri", "feedback")
    routes = [str(one.pattern) for one in get_resolver().url_patterns if str(one.pattern).startswith(ours)]
    routes.append("unsubscribe")
    assert len(routes) == 7
    before = stored()

    for route in routes:
        for purpose in Purpose:
            for name in (ADA, "asked@example.org"):
                token = tokens.make(purpose, handle_of(name))
                query = {"token": token, "do": "delete", "format": "json", "address": "n@example.org"}
                query |= {"paper": "2605.00001", "like": "less"}
                for ask in (machine().get, machine().head, machine().options):
                    ask(f"/{route}", query | ONE_CLICK)
                    assert stored() == before
                page = machine().get(f"/{route}", query)
                assert not page.cookies
                assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("purpose", PATHS)
@pytest.mark.parametrize("other", Purpose)
def test_a_token_for_one_purpose_is_refused_for_another(purpose: Purpose, other: Purpose) -> None:
    subscribe()
    if purpose is not Purpose.CONFIRM:
        confirmed()
    before = stored()
    token = tokens.make(other, handle_of())
    path = PATHS[purpose]
    if other is purpose:
        assert machine().get(path, {"token": token}).status_code == 200
        return

    form = {"token": token, "do": "end", **ONE_CLICK}
    for reply in (
        machine().get(path, {"token": token}),
        machine().post(path, form),
        machine().post(f"{path}?token={quote(token)}", form),
    ):
        assert reply.status_code == 403
        assert "This link does nothing" in text_of(reply)
        assert "has a link that works" in text_of(reply) or "Give your address again" in text_of(reply)
    assert stored() == before


def test_a_replayed_confirmation_is_refused_with_a_helpful_page() -> None:
    subscribe()
    token = tokens.make(Purpose.CONFIRM, handle_of())
    assert machine().post("/subscription/confirm", {"token": token}).status_code == 200
    before = stored()

    for reply in (
        machine().get("/subscription/confirm", {"token": token}),
        machine().post("/subscription/confirm", {"token": token}),
    ):
        assert reply.status_code == 403
        assert "The link has been used" in text_of(reply)
    assert stored() == before


@pytest.mark.parametrize("path", [*PATHS.values(), "/subscription/data"])
@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é" * 50, "x" * 5_000, "\x00"])
def test_a_broken_link_is_refused_with_a_helpful_page(path: str, token: str) -> None:
    for reply in (machine().get(path, {"token": token}), machine().post(path, {"token": token})):
        assert reply.status_code == 403
        assert "The newest mail" in text_of(reply) or "Give your address again" in text_of(reply)


def test_links_of_an_ended_subscription_are_void_once_it_began_anew() -> None:
    token = confirmed()
    machine().post("/subscription", {"token": token, "do": "end"})
    subscribe()

    assert machine().get("/subscription", {"token": token}).status_code == 403
    assert machine().post("/subscription", {"token": token, "do": "end"}).status_code == 403
    assert Subscription.objects.get().state == "asked"


def test_one_click_in_an_old_mail_ends_what_began_anew() -> None:
    token = confirmed()
    machine().post("/subscription", {"token": token, "do": "end"})
    confirmed()

    assert machine().post(f"/unsubscribe?token={leave_token(token)}", ONE_CLICK).status_code == 200
    assert Subscription.objects.get().state == "ended"


def test_a_link_is_too_old_after_three_days() -> None:
    subscribe()
    token = tokens.make(Purpose.CONFIRM, handle_of())
    with time_machine.travel(NOW + timedelta(days=3, minutes=1), tick=False):
        reply = machine().post("/subscription/confirm", {"token": token})

    assert reply.status_code == 403
    assert "too old" in text_of(reply)


@pytest.mark.parametrize("path", [*PATHS.values(), "/subscription/data"])
def test_pages_of_a_link_are_kept_by_nobody(path: str) -> None:
    subscribe()
    for purpose in Purpose:
        reply = machine().get(path, {"token": tokens.make(purpose, handle_of())})
        assert "no-store" in reply.headers["Cache-Control"]
        assert reply.headers["Referrer-Policy"] == "strict-origin"
        assert '<meta name="robots" content="noindex">' in reply.content.decode()


def test_letters_are_forgotten_with_their_subscription() -> None:
    token = confirmed()
    assert Letter.objects.exists()

    machine().post("/subscription/data", {"token": token, "do": "delete"})

    assert not Letter.objects.exists()
