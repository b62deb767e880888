"""With a token: a hundred repositories in one question."""

import json
from datetime import timedelta
from typing import Any

import pytest

from broadsheet.domain.paper import BadRecord
from broadsheet.domain.tally import RepositoryState, RepositoryTold
from broadsheet.lib.http import PoliteClient
from tests.fakes.signals import FakeGitHub, json_of, node
from tests.fakes.upstream import Answer, Upstream
from tests.sources.test_github import (
    CREATED,
    HOUR,
    RESET,
    THERE,
    TODAY,
    ask,
    due,
    run_to_the_fault,
    source,
    told_of,
    url_of,
)


def test_with_a_token_a_hundred_are_asked_at_once(client: PoliteClient, upstream: Upstream) -> None:
    names = [f"o/r{number}" for number in range(250)]
    upstream.routes["/graphql"] = FakeGitHub({name: 5 for name in names if name != "o/r77"})

    batches = list(source(client, upstream, due(*names), "s3cret").ask({}, None))

    told = told_of(batches)
    assert len(told) == 250
    assert told[77] == RepositoryTold("github", url_of("o/r77"), TODAY, RepositoryState.GONE)
    assert told[78] == RepositoryTold("github", url_of("o/r78"), TODAY, THERE, 5, "o/r78", "", CREATED)
    assert batches[-1].progress == {"hour": HOUR, "used": 3}
    assert {asked.headers["authorization"] for asked in upstream.requests} == {"Bearer s3cret"}


def test_names_are_variables_and_never_part_of_the_question(client: PoliteClient, upstream: Upstream) -> None:
    upstream.routes["/graphql"] = FakeGitHub({"owner/name.js": 5})

    ask(client, upstream, "owner/name.js", token="s3cret")

    asked = json.loads(upstream.requests[0].body)
    assert "owner/" not in asked["query"]
    assert "name.js" not in asked["query"]
    assert asked["variables"] == {"o0": "owner", "n0": "name.js"}


def many(**data: Any) -> bytes:
    return json_of({"data": {"rateLimit": {"remaining": 4999, "resetAt": "2026-05-22T13:00:00Z"}, **data}})


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"nameWithOwner": "a/b", "stars": 5}, "no stars"),
        (node("a/b", "5"), "expected a count"),
        (node("a/b", -1), "expected a count"),
        (node("a/b", 10**12), "expected at most"),
        (node("../evil"), "is not one of a repository"),
        ([], "no answer"),
        (None, "no answer"),
    ],
)
def test_one_answer_of_many_that_cannot_be_read_stops_nothing(
    client: PoliteClient, upstream: Upstream, found: Any, reason: str
) -> None:
    upstream.will_answer(many(r0=found, r1=node("c/d")))

    bad, passed, good = ask(client, upstream, "a/b", "c/d", token="s3cret")

    assert isinstance(bad, BadRecord)
    assert reason in bad.reason
    assert isinstance(passed, RepositoryTold)
    assert isinstance(good, RepositoryTold)
    assert good.stars == 7


def test_a_partial_error_is_of_its_repository_alone(client: PoliteClient, upstream: Upstream) -> None:
    errors = [
        {"type": "FORBIDDEN", "path": ["r0"]},
        {"type": "SERVICE_UNAVAILABLE", "path": ["r1"]},
        {"type": ["odd"], "path": ["r2"]},
        "odd",
        {"path": "r2"},
        {"path": [None]},
    ]
    body = {"data": {"r0": None, "r1": None, "r2": None, "r3": node("g/h")}, "errors": errors}
    upstream.will_answer(json_of(body))

    told = ask(client, upstream, "a/b", "c/d", "e/f", "g/h", token="s3cret")

    assert told[0] == RepositoryTold("github", url_of("a/b"), TODAY, RepositoryState.BLOCKED)
    assert [type(one) for one in told[1:]] == [
        BadRecord,
        RepositoryTold,
        BadRecord,
        RepositoryTold,
        RepositoryTold,
    ]


@pytest.mark.parametrize(
    "body",
    ['{"errors": [{"message": "bad query"}]}', '{"data": null}', '{"data": []}', "[]", "{", "<html>", ""],
)
def test_an_answer_without_data_is_an_error(client: PoliteClient, upstream: Upstream, body: str) -> None:
    upstream.will_answer(body)

    batches, error = run_to_the_fault(source(client, upstream, due("a/b"), "s3cret"), {})

    assert "sent no" in str(error)
    assert batches[-1].progress == {"hour": HOUR, "used": 1}


def test_the_limit_of_questions_means_to_wait(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will(
        Answer(b'{"errors": [{"type": "RATE_LIMITED"}]}', headers={"x-ratelimit-reset": str(RESET)})
    )

    _, error = run_to_the_fault(source(client, upstream, due("a/b"), "s3cret"), {})

    assert error.retry_after == timedelta(minutes=40)
    assert "has asked us to wait until 2026-05-22T12:40:00" in str(error)


@pytest.mark.parametrize("reset", ["2026-05-22T12:40:00Z", "soon", None, 5])
def test_it_leaves_points_of_the_token_for_others(
    client: PoliteClient, upstream: Upstream, reset: object
) -> None:
    limit = {"remaining": 99, "resetAt": reset}
    upstream.will_answer(json_of({"data": {"rateLimit": limit, "r0": node("o/r0")}}))
    names = [f"o/r{number}" for number in range(150)]

    batches = list(source(client, upstream, due(*names), "s3cret").ask({}, None))

    assert len(upstream.asked) == 1
    assert "rest_until" in batches[-1].progress
