"""The owner's pages, and how a browser becomes the owner's."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from broadsheet.store.models import OwnerLink, Subscription
from broadsheet.store.owner import new_link

pytestmark = pytest.mark.django_db

OWNER_PAGES = ["/owner/", "/admin/login/"]


def claim(client: Client, token: str) -> int:
    return client.post("/owner/claim", {"token": token}).status_code


@pytest.mark.parametrize("path", OWNER_PAGES)
def test_others_are_told_how_to_get_in(client: Client, path: str) -> None:
    reply = client.get(path)

    assert reply.status_code == 403
    assert "broadsheet owner-link" in reply.content.decode()
    assert "password" not in reply.content.decode().replace("no password", "")


def test_the_admin_asks_for_no_password(client: Client) -> None:
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


def test_a_link_makes_a_browser_the_owners_once() -> None:
    token = new_link(timezone.now())
    mine, another = Client(), Client()

    assert claim(mine, token) == 302
    assert claim(another, token) == 403

    assert mine.get("/owner/").status_code == 200
    assert mine.get("/admin/store/paper/").status_code == 200
    assert another.get("/owner/").status_code == 403


def test_looking_at_the_link_does_not_use_it_up(client: Client) -> None:
    token = new_link(timezone.now())

    assert "This is my browser" in client.get("/owner/claim", {"token": token}).content.decode()
    assert "This is my browser" in client.get("/owner/claim", {"token": token}).content.decode()
    assert client.get("/owner/").status_code == 403


def test_a_link_is_too_old_after_a_day(client: Client) -> None:
    token = new_link(timezone.now())

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert claim(client, token) == 403


def test_a_new_link_takes_the_place_of_the_old_one(client: Client) -> None:
    old = new_link(timezone.now())
    new = new_link(timezone.now())

    assert claim(client, old) == 403
    assert claim(client, new) == 302


@pytest.mark.parametrize("token", ["", "x", "\0", "é" * 300])
def test_a_made_up_link_does_not_work(client: Client, token: str) -> None:
    assert claim(client, token) == 403


def test_only_a_hash_of_the_link_is_kept() -> None:
    token = new_link(timezone.now())

    assert token not in OwnerLink.objects.values_list("token_hash", flat=True)


def test_the_owner_has_no_password(client: Client) -> None:
    claim(client, new_link(timezone.now()))

    assert not User.objects.get().has_usable_password()


def test_the_owner_sees_settings_but_no_secret(client: Client) -> None:
    claim(client, new_link(timezone.now()))

    page = client.get("/owner/").content.decode()

    assert "BROADSHEET_CATEGORIES" in page
    assert "BROADSHEET_SECRET_KEY" in page
    assert "set, hidden" in page or "not set" in page


def test_owner_pages_are_kept_in_no_cache(client: Client) -> None:
    claim(client, new_link(timezone.now()))

    assert "no-store" in client.get("/owner/").headers["Cache-Control"]


def test_another_site_cannot_claim() -> None:
    guarded = Client(enforce_csrf_checks=True)

    assert claim(guarded, new_link(timezone.now())) == 403
    assert guarded.get("/owner/").status_code == 403


def test_digests_that_did_not_leave_are_told_at_the_top(client: Client) -> None:
    claim(client, new_link(timezone.now()))
    assert "did not leave" not in client.get("/owner/").content.decode()

    waited_for = timezone.now() - timedelta(hours=3)
    Subscription.objects.create(address="a@b.example", asked_at=waited_for, due_at=waited_for, state="active")

    assert "1 digest is overdue" in client.get("/owner/").content.decode()
