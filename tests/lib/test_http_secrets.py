"""Questions with a body, and headers that are for one server only."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.lib.http import PoliteClient, UpstreamError
from tests.fakes.clock import FakeClock
from tests.fakes.upstream import Upstream, run_upstream


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with run_upstream() as upstream:
        yield upstream


@pytest.fixture
def client(tmp_path: Path) -> PoliteClient:
    return PoliteClient(tmp_path, FakeClock())


def test_a_post_sends_json(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(b"news", x_left="7")

    reply = client.post(
        f"{upstream.url}/batch", {"ids": ["a", "ü"]}, {"fields": "n"}, {"x-api-key": "s3cret"}
    )

    [asked] = upstream.requests
    assert (asked.method, asked.path, asked.query) == ("POST", "/batch", {"fields": "n"})
    assert json.loads(asked.body) == {"ids": ["a", "ü"]}
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["x-api-key"] == "s3cret"
    assert (reply.body, reply.headers["x-left"], reply.requests) == (b"news", "7", 1)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_would_turn_a_post_into_a_get_is_an_error(
    upstream: Upstream, client: PoliteClient, status: int
) -> None:
    upstream.will_answer(status=status, location="/there")

    with pytest.raises(UpstreamError, match=f"answered status {status}"):
        client.post(upstream.url, {})

    assert len(upstream.asked) == 1


def test_a_redirected_post_is_sent_again_whole(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(status=307, location="/there")
    upstream.will_answer(b"news")

    reply = client.post(upstream.url, {"a": 1}, headers={"Authorization": "Bearer s3cret"})

    assert [asked.body for asked in upstream.requests] == [b'{"a":1}'] * 2
    assert upstream.requests[1].headers["authorization"] == "Bearer s3cret"
    assert reply.requests == 2


@pytest.mark.parametrize("is_post", [True, False])
def test_a_secret_header_is_not_sent_on_to_another_server(
    upstream: Upstream, client: PoliteClient, is_post: bool
) -> None:
    secret = {"Authorization": "Bearer s3cret", "x-api-key": "s3cret"}
    with run_upstream() as other:
        upstream.will_answer(status=307, location=f"{other.url}/there")
        other.will_answer(status=307, location=f"{upstream.url}/back")
        upstream.will_answer(b"news")

        if is_post:
            client.post(upstream.url, {"a": 1}, headers=secret)
        else:
            client.get(upstream.url, headers=secret)

    first, last = upstream.requests
    assert first.headers["x-api-key"] == "s3cret"
    assert "s3cret" not in str(other.requests[0].headers)
    assert "s3cret" not in str(last.headers)  # who was led astray once tells nothing more


def test_a_refusal_carries_what_the_server_said(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(b'{"why": "no"}', status=403, x_ratelimit_remaining="0")

    with pytest.raises(UpstreamError, match="answered status 403") as caught:
        client.get(upstream.url, headers={"Authorization": "Bearer s3cret"})

    assert (caught.value.status, caught.value.said) == (403, b'{"why": "no"}')
    assert caught.value.headers["x-ratelimit-remaining"] == "0"
    assert "s3cret" not in f"{caught.value} {caught.value.__dict__}"


def test_a_long_refusal_is_left_unread(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(b"x" * 30_000, status=403)

    with pytest.raises(UpstreamError, match="answered status 403") as caught:
        client.get(upstream.url)

    assert caught.value.said == b""


def test_a_failure_tells_how_many_requests_it_took(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(status=301, location="/there")
    upstream.will_answer(status=404)

    with pytest.raises(UpstreamError, match="answered status 404") as caught:
        client.get(upstream.url)

    assert caught.value.requests == 2
