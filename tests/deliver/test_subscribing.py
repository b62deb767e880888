"""Subscribing with an address alone, and what nobody can learn or do by it."""

import re

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings

from broadsheet.domain.interest import Interest, interest_of
from broadsheet.store.letter_limits import MOST_PER_NETWORK
from broadsheet.store.models import Subscription
from broadsheet.store.subscriptions import MOST_PER_ADDRESS
from tests.deliver.by_mail import (
    ADA,
    CHOICES,
    NOW,
    ONE_CLICK,
    confirmed,
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


@pytest.mark.parametrize(
    ("told", "kept"),
    [("Asia/Kathmandu", "Asia/Kathmandu"), ("Etc/Unknown", "UTC"), ("../../etc/passwd", "UTC"), ("", "UTC")],
)
def test_the_zone_that_a_browser_tells_is_taken_when_it_is_one(told: str, kept: str) -> None:
    assert subscribe(zone_here=told).status_code == 302
    assert interest_of(Subscription.objects.get().interest).zone == kept


@pytest.mark.parametrize(
    "typed", ["digest@127.0.0.1", "Mailer-Daemon@example.org", "DIGEST+a@papers.example.org"]
)
def test_no_mail_goes_round_in_circles(typed: str) -> None:
    with override_settings(OPTIONS={**settings.OPTIONS, "MAIL_FROM": "News <digest@papers.example.org>"}):
        reply = subscribe(typed)

    assert reply.status_code == 400
    assert not Subscription.objects.exists()


def test_from_an_address_on_the_front_page_to_a_digest(take: TakeIn) -> None:
    take(record(1))
    assert 'action="/subscribe"' in machine().get("/day/2026-05-22").content.decode()

    reply = subscribe()
    assert reply.headers["Location"] == "/subscribe/asked"
    assert "If this address is new, a mail is on its way" in text_of(machine().get("/subscribe/asked"))
    (mail,) = posted()
    address = link(mail, "/subscription/confirm")

    page = machine().get(address)
    assert ADA in text_of(page)
    assert Subscription.objects.get().state == "asked"
    done = machine().post("/subscription/confirm", {"token": token_of(address)})

    assert "You are subscribed" in text_of(done)
    assert "Friday 22 May 2026, 08:00 UTC" in text_of(done)
    row = Subscription.objects.get()
    assert (row.state, row.due_at) == ("active", NOW.replace(hour=8, minute=0))
    assert interest_of(row.interest) == Interest()
    manage = re.search(r'href="(/subscription\?token=[^"]+)"', text_of(done))
    assert manage
    assert machine().get(manage[1]).status_code == 200


def test_all_choices_are_kept_and_shown_to_who_confirms() -> None:
    subscribe(**CHOICES)

    assert interest_of(Subscription.objects.get().interest) == Interest(
        categories=("cs.CL", "stat.ML"),
        query="retrieval author:lovelace",
        boosted=("long context", "agents"),
        muted=("survey",),
        authors=("Ada Lovelace", "Emmy Noether"),
        often="weekly",  # type: ignore[arg-type]
        hour=6,
        zone="Asia/Kathmandu",
        most=50,
        form="text",  # type: ignore[arg-type]
    )
    page = text_of(machine().get(link(posted()[0], "/subscription/confirm")))
    for words in ("cs.CL, stat.ML", "at 06:00 (Asia/Kathmandu)", "Plain text only", "at most 50 papers"):
        assert words in page


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("address", "ada", "looks like name@example.org"),
        ("address", "a@example.org\r\nBcc: all@example.org", "has a sign"),
        ("address", "", "looks like name@example.org"),
        ("categories", "<script>", "is no category"),
        ("often", "hourly", "Choose one of what the form offers"),
        ("form", "fax", "Choose one of what the form offers"),
        ("hour", "24", "from 0 to 23"),
        ("hour", "noon", "no whole number"),
        ("most", "2", "3 to 50 papers"),
        ("most", "51", "3 to 50 papers"),
        ("zone", "Europe/Atlantis", "no time zone"),
        ("zone", "../../etc/passwd", "no time zone"),
        ("query", "x" * 501, "too long"),
        ("boosted", ",".join(f"word{n}" for n in range(31)), "At most 30 words"),
        ("muted", "x" * 81, "too long"),
        ("authors", "Ada\x00", "cannot be shown"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(name: str, value: str, words: str) -> None:
    reply = subscribe(**{"most": "7", "address": ADA, name: value})

    assert reply.status_code == 400
    assert words in text_of(reply)
    assert "<script>" not in reply.content.decode()
    assert name == "most" or 'value="7"' in text_of(reply)  # what was typed is still there
    assert not Subscription.objects.exists()


def test_the_answer_is_the_same_for_every_address() -> None:
    confirmed("known@example.org")
    confirmed("paused@example.org")
    Subscription.objects.filter(address="paused@example.org").update(state="paused")
    subscribe("asked@example.org")
    machine().post(f"/unsubscribe?token={leave_token(confirmed('ended@example.org'))}", ONE_CLICK)
    for number in range(MOST_PER_ADDRESS + 1):
        subscribe("often@example.org", f"192.0.2.{number + 100}")

    replies = [
        subscribe(f"{name}@example.org") for name in ("new", "known", "paused", "asked", "ended", "often")
    ]

    assert len({(reply.status_code, reply.content, str(reply.headers)) for reply in replies}) == 1


def test_a_known_address_is_told_by_mail_alone_and_keeps_its_choices() -> None:
    confirmed(most="20")
    posted()
    subscribe("ada+other@example.org", most="3")

    (mail,) = posted()

    assert mail.to == [ADA]  # the one that was confirmed, not the one that was typed
    assert "already" in mail.subject
    assert "3 papers" not in str(mail.body)
    assert 'value="20"' in text_of(machine().get(link(mail, "/subscription")))


def test_machines_that_fill_every_field_get_the_same_answer_and_nothing_else() -> None:
    reply = subscribe(website="https://spam.example")

    assert reply.headers["Location"] == "/subscribe/asked"
    assert not Subscription.objects.exists()


def test_one_network_is_told_to_wait_and_addresses_stay_secret() -> None:
    for number in range(MOST_PER_NETWORK):
        subscribe(f"a{number}@example.org")

    new, known = subscribe("new@example.org"), subscribe("a1@example.org")

    assert new.status_code == known.status_code == 429
    assert "try again in an hour" in text_of(new)
    assert text_of(new).replace("new@", "") == text_of(known).replace("a1@", "")
    assert subscribe("new@example.org", "192.0.2.8").status_code == 302
    assert "192.0.2" not in stored()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_site_cannot_subscribe_its_visitors(headers: dict[str, str]) -> None:
    assert machine().post("/subscribe", {"address": ADA}, headers=headers).status_code == 400
    assert not Subscription.objects.exists()


def test_a_link_to_the_form_may_fill_it_in() -> None:
    page = machine().get("/subscribe", {"cat": "cs.CL", "q": 'a "b" <i>'}).content.decode()

    assert 'value="cs.CL"' in page
    assert 'value="a &quot;b&quot; &lt;i&gt;"' in page
