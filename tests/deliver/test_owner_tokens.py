"""The owner's page of tokens: made, shown once, revoked; nobody else gets there."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.store import api_tokens
from broadsheet.store.models import ApiToken
from broadsheet.store.owner import new_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(client: Client) -> Client:
    client.post("/owner/claim", {"token": new_link(timezone.now())})
    return client


def test_others_get_neither_the_page_nor_a_token(client: Client) -> None:
    assert client.get("/owner/tokens").status_code == 403
    assert client.post("/owner/tokens/act", {"do": "make", "name": "x", "scope": "read"}).status_code == 403
    assert not ApiToken.objects.exists()


def test_another_site_cannot_make_one(mine: Client) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = mine.cookies

    assert guarded.post("/owner/tokens/act", {"name": "x", "scope": "read"}).status_code == 403
    assert not ApiToken.objects.exists()


def test_a_token_is_shown_once_and_revoked_by_its_button(mine: Client) -> None:
    form = {"do": "make", "name": "<b>Harvest</b>", "scope": ["read", "status"], "days": "30"}
    page = mine.post("/owner/tokens/act", form).content.decode()
    found = re.search(r"bs_[\w-]{40,}", page)
    assert found
    again = mine.get("/owner/tokens").content.decode()

    assert found[0] not in again
    assert "&lt;b&gt;Harvest&lt;/b&gt;" in again
    assert "<b>Harvest" not in again
    assert (
        mine.post("/owner/tokens/act", {"do": "revoke", "token": ApiToken.objects.get().pk}).status_code
        == 302
    )
    held = api_tokens.find(found[0], timezone.now())
    assert held is not None
    assert not held.is_good(timezone.now())
    assert "revoked" in mine.get("/owner/tokens").content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "scope": "read"},
        {"name": "x"},
        {"name": "x", "scope": "admin"},
        {"name": "x", "scope": "read", "days": "-1"},
    ],
)
def test_what_makes_no_sense_makes_nothing(mine: Client, form: dict[str, str]) -> None:
    reply = mine.post("/owner/tokens/act", form)

    assert reply.status_code == 400
    assert "expected" in reply.content.decode()
    assert not ApiToken.objects.exists()
