"""What the API refuses, always in one shape: parameters, sizes, types, methods, tokens, and too much."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.scope import Scope
from broadsheet.store import api_tokens, paging, subscriptions
from broadsheet.store.models import Subscription
from tests.deliver.api_world import PROBLEM, api, bearer, held_site, subscribed, token_for, told
from tests.deliver.conftest import NOW

__all__ = ["api"]
KEYS = {"type", "title", "status", "code", "detail", "errors"}


def refused(reply: Any, status: int) -> dict[str, Any]:
    assert reply.status_code == status, reply.content
    assert reply.headers["Content-Type"] == PROBLEM
    found: dict[str, Any] = reply.json()
    assert set(found) == KEYS
    assert found["status"] == status
    return found


@pytest.mark.parametrize(
    ("path", "field", "value", "expected"),
    [
        ("/papers?limit=0", "limit", "0", "greater than or equal to 1"),
        ("/papers?limit=many", "limit", "many", "a valid integer"),
        ("/papers?limit=101", "limit", "101", "less than or equal to 100"),
        ("/papers?since=yesterday", "since", "yesterday", "a day like 2026-05-22"),
        ("/papers?until=1779400000", "until", "1779400000", "a day like 2026-05-22"),
        ("/papers?category=Robert')%3Bdrop", "category", "Robert');drop", "a category like cs.LG"),
        (
            "/papers?fields=title,secret",
            "fields",
            "title,secret",
            "names of fields, separated by commas: id, url",
        ),
        ("/papers?categroy=cs.LG", "categroy", "cs.LG", "one of fields, limit, cursor, category"),
        ("/search", "q", "", "a value"),
        ("/search?q=a&sort=best", "sort", "best", "'relevance', 'new' or 'trending'"),
        ("/search?q=" + "a" * 2001, "q", "a" * 99 + "…", "at most 2000 characters"),
        ("/editions?kind=year", "kind", "year", "'day', 'week', 'month', 'trending' or 'all'"),
        ("/editions/year/2026", "kind", "year", "'day', 'week', 'month', 'trending' or 'all'"),
        ("/claims/0", "id", "0", "greater than or equal to 1"),
        (
            "/claims/99999999999999999999",
            "id",
            "99999999999999999999",
            "less than or equal to 9223372036854775807",
        ),
        ("/papers?cursor=abc", "cursor", "abc", "the word that `next` of this very list has told"),
        ("/papers?cursor=%00", "cursor", "", "the word that `next` has told"),
    ],
)
def test_a_bad_parameter_is_named_with_what_is_expected(
    api: Client, path: str, field: str, value: str, expected: str
) -> None:
    found = refused(api.get(f"/api/v1{path}"), 422)

    (fault,) = found["errors"]
    assert (fault["field"], fault["value"]) == (field, value)
    assert expected in fault["expected"]
    assert field in found["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/papers/..%2f..%2fetc%2fpasswd",
        "/papers/%00",
        "/papers/2605.99999",
        "/signals/words",
        "/similar/10.1000/xyz",
        "/claims/99",
        "/editions/day/2026-13-99",
        "/trending?date=0001-01-01",
        "/papers/" + "a" * 3_000,
    ],
)
def test_what_is_not_there_is_said_so(api: Client, path: str) -> None:
    assert refused(api.get(f"/api/v1{path}"), 404)["detail"]


def test_all_that_is_left_under_api_is_refused_in_the_same_shape(api: Client) -> None:
    refused(api.get("/api/v2/papers"), 404)
    refused(api.post("/api/elsewhere"), 404)
    assert api.get("/api/").headers["Location"] == "/api/v1/"


@pytest.mark.parametrize("query", ["category=cs.CL", "category=cs.CV&limit=3", "since=2026-01-01", ""])
def test_a_cursor_of_another_list_is_refused(api: Client, query: str) -> None:
    cursor = told(api, "/papers?category=cs.CV&limit=2")["next"]
    reply = api.get(f"/api/v1/papers?{query}&cursor={cursor}")

    if query.startswith("category=cs.CV"):
        assert reply.status_code == 200
    else:
        assert refused(reply, 422)["errors"][0]["field"] == "cursor"
    refused(api.get(f"/api/v1/claims?cursor={cursor}"), 422)
    refused(api.get(f"/api/v1/papers?category=cs.CV&cursor={cursor[:-1]}"), 422)


@pytest.mark.parametrize("path", ["/papers", "/papers/2605.00001", "/", "/openapi.json", "/search?q=a"])
def test_other_methods_are_refused_with_those_that_are_taken(api: Client, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        reply = api.generic(method, f"/api/v1{path}")
        refused(reply, 405)
        assert "GET" in reply.headers["Allow"]


def test_bodies_are_small_json_and_say_so(api: Client) -> None:
    token = bearer(token_for(Scope.SUBSCRIPTION))

    def patch(data: bytes | str, kind: str = "application/json", **headers: str) -> Any:
        return api.patch("/api/v1/subscription", data=data, content_type=kind, headers=token | headers)

    assert "65536 are taken" in refused(patch(b"x" * 10_000_000), 413)["detail"]
    assert (
        refused(patch("often=daily", "application/x-www-form-urlencoded"), 415)["errors"][0]["field"]
        == "Content-Type"
    )
    for data, value in (
        ("{", "{"),
        ("[" * 60_000, "[" * 99 + "…"),
        ('{"hour": NaN}', '{"hour": NaN}'),
    ):
        (fault,) = refused(patch(data), 400)["errors"]
        assert fault == {"field": "body", "value": value, "expected": "JSON"}
    assert refused(patch(""), 422)["errors"][0]["field"] == "body"
    refused(patch(b"\xff\xfe"), 400)
    (fault,) = refused(patch("{}", **{"Transfer-Encoding": "chunked"}), 411)["errors"]
    assert (fault["field"], fault["value"]) == ("Transfer-Encoding", "chunked")
    (fault,) = refused(patch(b"x" * 10_000_000), 413)["errors"]
    assert fault == {"field": "Content-Length", "value": "10000000", "expected": "65536 at most"}
    assert refused(patch('{"most": 1}'), 422)["errors"][0]["expected"] == "greater than or equal to 3"
    assert refused(patch('{"mots": 5}'), 422)["errors"][0]["field"] == "mots"
    assert refused(patch('{"zone": "Nowhere"}'), 422)["errors"][0]["field"] == "zone"
    assert refused(patch('{"categories": ["nix nix"]}'), 422)["errors"][0]["field"] == "categories"
    assert refused(patch('{"boosted": ["\\u0000"]}'), 422)["errors"][0]["field"] == "boosted"
    assert refused(patch('"words"'), 422)


@pytest.mark.parametrize(
    ("body", "field", "value", "expected"),
    [
        ('{"hour": "noon"}', "hour", "noon", "a valid integer"),
        ('{"hour": 24}', "hour", "24", "less than or equal to 23"),
        ('{"hour": 1.5}', "hour", "1.5", "a valid integer"),
        ('{"categories": "cs.LG"}', "categories", "cs.LG", "a valid list"),
        ('{"boosted": [1]}', "boosted", "[1]", "a valid string"),
        ('{"often": "hourly"}', "often", "hourly", "'daily'"),
        ('{"state": "ended"}', "state", "ended", "'active' or 'paused'"),
        ('{"query": {}}', "query", "{}", "a valid string"),
        ("[]", "body", "[]", "a valid dictionary"),
        ("null", "body", "None", "a valid dictionary"),
    ],
)
def test_a_field_of_the_wrong_type_is_named(
    api: Client, body: str, field: str, value: str, expected: str
) -> None:
    token = bearer(token_for(Scope.SUBSCRIPTION))
    reply = api.patch("/api/v1/subscription", body, content_type="application/json", headers=token)
    (fault,) = refused(reply, 422)["errors"]

    assert (fault["field"], fault["value"]) == (field, value)
    assert expected in fault["expected"]


def test_a_subscription_is_read_changed_paused_and_ended_by_its_own_token(api: Client) -> None:
    token = bearer(token_for(Scope.SUBSCRIPTION))

    def patch(**change: Any) -> Any:
        reply = api.patch("/api/v1/subscription", change, content_type="application/json", headers=token)
        assert reply.status_code == 200, reply.content
        assert "no-store" in reply.headers["Cache-Control"]
        return reply.json()

    assert api.get("/api/v1/subscription", headers=token).json()["address"] == "ada@example.org"
    changed = patch(categories=["cs.CL", "cs.CL"], often="weekly", hour=6, zone="Europe/Berlin")["interest"]
    assert (changed["categories"], changed["often"], changed["most"]) == (["cs.CL"], "weekly", 12)
    assert patch(state="paused")["state"] == "paused"
    assert patch(state="active", boosted=["graphs"])["state"] == "active"
    assert api.delete("/api/v1/subscription", headers=token).status_code == 204
    assert Subscription.objects.get().state == "ended"
    refused(
        api.patch("/api/v1/subscription", {"hour": 7}, content_type="application/json", headers=token), 409
    )
    subscriptions.delete(subscribed())
    refused(api.get("/api/v1/subscription", headers=token), 404)


def test_a_token_does_what_its_scope_says_and_nothing_else(api: Client) -> None:
    by_scope = {scope: bearer(token_for(scope)) for scope in Scope}
    feedback = bearer(tokens.make(Purpose.FEEDBACK, subscribed()))

    for scope, headers in by_scope.items():
        for path, needed in (("status", Scope.STATUS), ("subscription", Scope.SUBSCRIPTION)):
            reply = api.get(f"/api/v1/{path}", headers=headers)
            if scope is needed:
                assert reply.status_code == 200
            else:
                assert needed in refused(reply, 403)["detail"]
    refused(api.get("/api/v1/subscription", headers=feedback), 403)
    refused(api.get("/api/v1/subscription"), 401)
    assert api.delete("/api/v1/subscription", headers=by_scope[Scope.END]).status_code == 204
    refused(api.delete("/api/v1/subscription", headers=by_scope[Scope.READ]), 403)


@pytest.mark.parametrize(
    "written",
    [
        "Bearer bs_made-up",
        "Bearer x",
        "Bearer",
        "Basic YTpi",
        "bs_x",
        "Bearer " + "a" * 5_000,
        "Bearer a:b:c",
    ],
)
def test_a_token_that_stands_for_nothing_is_refused_everywhere(api: Client, written: str) -> None:
    reply = api.get("/api/v1/papers", headers={"authorization": written})

    refused(reply, 401)
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_revoked_and_old_tokens_are_told_apart(api: Client) -> None:
    revoked, old = api_tokens.make("One", ["read"], NOW), api_tokens.make("Two", ["read"], NOW, days=1)
    api_tokens.revoke(next(one.id for one in api_tokens.listed() if one.name == "One"), NOW)

    assert "revoked" in refused(api.get("/api/v1/papers", headers=bearer(revoked)), 401)["detail"]
    assert api.get("/api/v1/papers", headers=bearer(old)).status_code == 200
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert "too old" in refused(api.get("/api/v1/papers", headers=bearer(old)), 401)["detail"]
        manage = bearer(tokens.make(Purpose.MANAGE, subscribed()))
    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        assert "too old" in refused(api.get("/api/v1/subscription", headers=manage), 401)["detail"]


@pytest.fixture
def limited(api: Client, settings: Any, tmp_path: Path) -> Iterator[Client]:
    held_site(settings, API_RATE=5, API_TOKEN_RATE=8)
    (settings.OPTIONS["DATA"] / "rates").unlink(missing_ok=True)
    yield api
    (settings.OPTIONS["DATA"] / "rates").unlink(missing_ok=True)


def test_who_comes_too_often_is_told_when_to_come_back(limited: Client) -> None:
    replies = [limited.get("/api/v1/categories") for _ in range(6)]
    told_left = [reply.headers["RateLimit-Remaining"] for reply in replies]

    assert told_left == ["4", "3", "2", "1", "0", "0"]
    assert replies[0].headers["RateLimit-Limit"] == "5"
    assert replies[0].headers["RateLimit-Policy"] == "5;w=60"
    refused(replies[-1], 429)
    assert replies[-1].headers["Retry-After"] == "12"
    assert replies[-1].headers["RateLimit-Reset"] == "60"
    other = limited.get("/api/v1/categories", REMOTE_ADDR="192.0.2.9")
    assert other.headers["RateLimit-Remaining"] == "4"
    with time_machine.travel(NOW + timedelta(seconds=13), tick=False):
        assert limited.get("/api/v1/categories").status_code == 200


def test_a_token_has_an_allowance_of_its_own(limited: Client) -> None:
    headers = bearer(token_for(Scope.READ))
    for _ in range(6):
        limited.get("/api/v1/categories")

    assert limited.get("/api/v1/categories", headers=headers).headers["RateLimit-Remaining"] == "7"


def test_trying_tokens_is_limited_too(limited: Client) -> None:
    replies = [limited.get("/api/v1/status", headers=bearer(f"bs_{number}")) for number in range(6)]

    assert [reply.status_code for reply in replies] == [401] * 5 + [429]


def test_no_address_is_written_down(limited: Client, settings: Any) -> None:
    limited.get("/api/v1/categories", REMOTE_ADDR="192.0.2.77")

    assert b"192.0.2.77" not in (settings.OPTIONS["DATA"] / "rates").read_bytes()


def test_scripts_of_other_sites_may_read_without_credentials(api: Client) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    before = api.options("/api/v1/papers", headers=asked)
    reply = api.get("/api/v1/papers", headers=asked)
    wrong = api.get("/api/v1/papers?limit=0", headers=asked)

    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" not in before.headers["Access-Control-Allow-Headers"]
    for one in (before, reply, wrong):
        assert one.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in one.headers
    assert "RateLimit-Remaining" in reply.headers["Access-Control-Expose-Headers"]
    assert not reply.cookies
    refused(api.options("/api/v1/nothing"), 404)


def test_head_tells_what_get_tells_but_for_the_body(api: Client) -> None:
    got, head = api.get("/api/v1/papers"), api.head("/api/v1/papers")

    assert head.status_code == 200
    assert not head.content
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.content))


def test_what_breaks_here_is_told_without_its_inside(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "names_after", None)
    found = refused(api.get("/api/v1/names"), 500)

    assert "NoneType" not in str(found)


def test_a_full_disk_limits_nobody(limited: Client, settings: Any) -> None:
    path = settings.OPTIONS["DATA"] / "rates"
    path.unlink(missing_ok=True)
    path.mkdir()
    try:
        assert limited.get("/api/v1/categories").status_code == 200
    finally:
        path.rmdir()
