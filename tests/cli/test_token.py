"""`broadsheet token`: made once, told once, listed without their words, revoked."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from broadsheet.store import api_tokens
from broadsheet.store.models import ApiToken

pytestmark = pytest.mark.django_db(transaction=True)


def printed(*words: str) -> str:
    output = StringIO()
    call_command("token", *words, stdout=output, stderr=StringIO())
    return output.getvalue().strip()


def test_a_token_is_told_once_and_kept_as_a_hash() -> None:
    token = printed("make", "Nightly harvest", "--scope", "read", "--scope", "status", "--days", "30")

    row = ApiToken.objects.get()
    assert token.startswith("bs_")
    assert token not in json.dumps([str(value) for value in vars(row).values()])
    assert token not in printed("list") + printed("list", "--json")
    assert "Nightly harvest" in printed("list")
    found = api_tokens.find(token, timezone.now())
    assert found is not None
    assert found.scopes == ("read", "status")


def test_a_revoked_token_is_good_no_more() -> None:
    token = json.loads(printed("make", "One", "--json"))["token"]
    (held,) = json.loads(printed("list", "--json"))

    assert printed("revoke", str(held["id"])) == f"Token {held['id']} is revoked."

    found = api_tokens.find(token, timezone.now())
    assert found is not None
    assert not found.is_good(timezone.now())
    with pytest.raises(CommandError, match="no token in force"):
        printed("revoke", str(held["id"]))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("make", ""), "name: expected 1 to 60 characters"),
        (("make", "x" * 61), "name: expected 1 to 60 characters"),
        (("make", "One", "--days", "0"), "days: expected a whole number from 1 to 3650"),
        (("revoke", "first"), "'first' is no number of a token"),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        printed(*words)
