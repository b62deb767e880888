from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from broadsheet.domain.paper import BadRecord, Told
from broadsheet.domain.tally import RepositoryDue, RepositoryState, RepositoryTold
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.github import GitHub
from tests.fakes.clock import FakeClock
from tests.fakes.signals import FakeGitHub, json_of, repository
from tests.fakes.upstream import Answer, Upstream

TODAY = date(2026, 5, 22)
CREATED = date(2026, 5, 1)
HOUR = "2026-05-22T12"
THERE = RepositoryState.THERE


def url_of(name: str) -> str:
    return f"https://github.com/{name}"


def due(*names: str, etag: str = "") -> list[RepositoryDue]:
    return [RepositoryDue(url_of(name), name, etag) for name in names]


def source(client: PoliteClient, upstream: Upstream, dues: list[RepositoryDue], token: str = "") -> GitHub:
    return GitHub(client, lambda limit: dues[:limit], token, upstream.url)


def told_of(batches: list[Batch]) -> list[Told]:
    return [told for batch in batches for told in batch.told]


def ask(client: PoliteClient, upstream: Upstream, *names: str, token: str = "", etag: str = "") -> list[Told]:
    return told_of(list(source(client, upstream, due(*names, etag=etag), token).ask({}, None)))


def test_a_repository_tells_its_stars_and_its_name(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will(Answer(json_of(repository("Owner/Name", 42)), headers={"ETag": 'W/"one"'}))

    assert ask(client, upstream, "owner/name") == [
        RepositoryTold("github", url_of("owner/name"), TODAY, THERE, 42, "Owner/Name", 'W/"one"', CREATED)
    ]
    assert upstream.requests[0].headers["authorization"] is None


def test_what_has_not_changed_is_not_sent_again(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will_answer(status=304)

    assert ask(client, upstream, "a/b", etag='W/"one"') == [
        RepositoryTold("github", url_of("a/b"), TODAY, THERE, etag='W/"one"')
    ]
    assert upstream.requests[0].headers["if-none-match"] == 'W/"one"'


@pytest.mark.parametrize("token", ["", "s3cret"])
def test_a_renamed_repository_is_followed_to_its_new_name(
    client: PoliteClient, upstream: Upstream, token: str
) -> None:
    upstream.routes[""] = upstream.routes["/repos"] = upstream.routes["/graphql"] = FakeGitHub(
        {"new/name": 9}, moved={"old/name": "new/name"}
    )

    [told] = ask(client, upstream, "old/name", token=token)

    assert isinstance(told, RepositoryTold)
    assert (told.url, told.full_name, told.stars) == (url_of("old/name"), "new/name", 9)


def test_redirects_are_paid_for(client: PoliteClient, upstream: Upstream) -> None:
    upstream.routes["/repos"] = FakeGitHub({"new/name": 9}, moved={"old/name": "new/name"})

    *_, last = source(client, upstream, due("old/name")).ask({}, None)

    assert last.progress == {"hour": HOUR, "used": 2}


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (404, b"{}", RepositoryState.GONE),
        (410, b"{}", RepositoryState.GONE),
        (451, b'{"message": "DMCA"}', RepositoryState.BLOCKED),
        (
            403,
            b'{"message": "Repository access blocked", "block": {"reason": "tos"}}',
            RepositoryState.BLOCKED,
        ),
    ],
)
def test_a_repository_that_is_gone_does_not_stop_the_others(
    client: PoliteClient, upstream: Upstream, status: int, body: bytes, state: RepositoryState
) -> None:
    upstream.will_answer(body, status=status)
    upstream.will_answer(json_of(repository("c/d")))

    gone, there = ask(client, upstream, "a/b", "c/d")

    assert gone == RepositoryTold("github", url_of("a/b"), TODAY, state)
    assert isinstance(there, RepositoryTold)
    assert there.stars == 7


NONSENSE: list[Any] = [
    (repository("a/b", None), "no stars"),
    ({"full_name": "a/b", "stars": 5}, "no stars"),
    (repository("a/b", "5"), "expected a count"),
    (repository("a/b", -1), "expected a count"),
    (repository("a/b", True), "expected a count"),
    (repository("a/b", 1.5), "expected a count"),
    (repository("a/b", 10**12), "expected at most"),
    (repository("../../evil"), "is not one of a repository"),
    (repository("a/b\r\nX-Evil: 1"), "is not one of a repository"),
    (repository('a/b"}){x'), "is not one of a repository"),
    (repository(["a/b"]), "expected text"),  # type: ignore[arg-type]
    ({"full_name": "a/b", "stargazers_count": 5, "created_at": "soon"}, "no date"),
]


@pytest.mark.parametrize(("found", "reason"), NONSENSE)
def test_an_answer_that_cannot_be_read_stops_nothing(
    client: PoliteClient, upstream: Upstream, found: Any, reason: str
) -> None:
    upstream.will_answer(json_of(found))
    upstream.will_answer(json_of(repository("c/d")))

    bad, passed, good = ask(client, upstream, "a/b", "c/d")

    assert isinstance(bad, BadRecord)
    assert reason in bad.reason
    assert passed == RepositoryTold("github", url_of("a/b"), TODAY, THERE)  # others have their turn first
    assert isinstance(good, RepositoryTold)


@pytest.mark.parametrize("body", ["<html>down</html>", "", '{"full_name": "a/', "[]", '"a/b"', "null"])
def test_what_is_no_object_is_an_error(client: PoliteClient, upstream: Upstream, body: str) -> None:
    upstream.will_answer(json_of(repository("a/b")))
    upstream.will_answer(body)
    batches: list[Batch] = []

    with pytest.raises(UpstreamError, match="sent no") as caught:
        batches.extend(source(client, upstream, due("a/b", "c/d", "e/f")).ask({}, None))

    assert caught.value.retry_after == timedelta(minutes=30)
    assert len(upstream.asked) == 2


def run_to_the_fault(source: GitHub, progress: Progress) -> tuple[list[Batch], UpstreamError]:
    """What was told before the error, and the error."""
    batches: list[Batch] = []
    try:
        for batch in source.ask(progress, None):
            batches.append(batch)
    except UpstreamError as error:
        return batches, error
    pytest.fail("it met no fault")


def test_what_came_before_a_fault_is_told_and_the_stumbling_block_moves_on(
    client: PoliteClient, upstream: Upstream
) -> None:
    upstream.will_answer(json_of(repository("a/b")))
    upstream.will_answer(status=500)

    batches, error = run_to_the_fault(source(client, upstream, due("a/b", "c/d", "e/f")), {})

    first, second = told_of(batches)
    assert isinstance(first, RepositoryTold)
    assert first.stars == 7
    assert second == RepositoryTold("github", url_of("c/d"), TODAY, THERE)
    assert batches[-1].progress == {"hour": HOUR, "used": 2}
    assert "is in trouble (status 500)" in str(error)


RESET = int(datetime(2026, 5, 22, 12, 40, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("token", ["", "s3cret"])
@pytest.mark.parametrize(
    ("refusal", "minutes"),
    [
        (Answer(b"", 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(RESET)}), 40),
        (Answer(b"", 429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(RESET)}), 40),
        (Answer(b"", 403, {"retry-after": "120"}), 2),
        (Answer(b"", 429, {"retry-after": "120"}), 2),
        (Answer(b"", 429), 5),
        (Answer(b'{"message": "You have exceeded a secondary rate limit."}', 403), 5),
        (Answer(b"", 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}), 5),
        (Answer(b"", 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 40}), 24 * 60),
    ],
)
def test_a_limit_that_is_used_up_means_to_wait(
    client: PoliteClient, upstream: Upstream, clock: FakeClock, token: str, refusal: Answer, minutes: int
) -> None:
    upstream.will(refusal)
    github = source(client, upstream, due("a/b", "c/d"), token)

    batches, error = run_to_the_fault(github, {})
    _, again = run_to_the_fault(github, batches[-1].progress)
    clock.at += timedelta(minutes=minutes, seconds=1)
    upstream.routes["/repos"] = upstream.routes["/graphql"] = FakeGitHub({"a/b": 1, "c/d": 2})
    recovered = list(github.ask(batches[-1].progress, None))

    assert told_of(batches) == []
    assert "has asked us to wait until" in str(error)
    assert error.retry_after == timedelta(minutes=minutes)
    assert "has asked us to wait until" in str(again)
    assert len(told_of(recovered)) == 2
    assert "wait_until" not in recovered[-1].progress


@pytest.mark.parametrize("token", ["", "s3cret"])
@pytest.mark.parametrize("status", [400, 401, 403])
def test_another_refusal_is_told_as_it_is(
    client: PoliteClient, upstream: Upstream, token: str, status: int
) -> None:
    upstream.will_answer(b'{"message": "Bad credentials"}', status=status)

    _, error = run_to_the_fault(source(client, upstream, due("a/b"), token), {})

    assert f"answered status {status}" in str(error)
    assert "s3cret" not in str(error)


def test_it_rests_when_the_last_request_is_used(
    client: PoliteClient, upstream: Upstream, clock: FakeClock
) -> None:
    upstream.will(
        Answer(
            json_of(repository("a/b")),
            headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(RESET)},
        )
    )
    github = source(client, upstream, due("a/b", "c/d"))

    batches = list(github.ask({}, None))
    resting = list(github.ask(batches[-1].progress, None))

    assert len(told_of(batches)) == 1
    assert resting == []
    assert len(upstream.asked) == 1


def test_no_more_than_the_budget_of_an_hour_is_asked(
    client: PoliteClient, upstream: Upstream, clock: FakeClock
) -> None:
    names = [f"o/r{number}" for number in range(200)]
    upstream.routes["/repos"] = FakeGitHub(dict.fromkeys(names, 1))
    github = source(client, upstream, due(*names))

    *_, last = github.ask({"hour": HOUR, "used": 30}, None)
    first_hour = len(upstream.asked)
    again = list(github.ask(last.progress, None))
    clock.at += timedelta(hours=1)
    *_, next_hour = github.ask(last.progress, None)

    assert (first_hour, last.progress) == (20, {"hour": HOUR, "used": 50})
    assert again == []
    assert len(upstream.asked) == 70
    assert next_hour.progress == {"hour": "2026-05-22T13", "used": 50}


def test_requests_are_written_down_before_they_are_made(client: PoliteClient, upstream: Upstream) -> None:
    upstream.routes["/repos"] = FakeGitHub({"a/b": 1})

    run = source(client, upstream, due("a/b", "c/d")).ask({}, None)

    assert next(run) == Batch([], {"hour": HOUR, "used": 2})
    assert upstream.asked == []


@pytest.mark.parametrize("used", ["many", -3, None, [1]])
def test_a_damaged_memory_does_not_overspend(client: PoliteClient, upstream: Upstream, used: object) -> None:
    assert list(source(client, upstream, due("a/b")).ask({"hour": HOUR, "used": used}, None)) == []


HOSTILE = [
    "a/b/../../user",
    "../../../etc",
    "a/b?x=1",
    'a/b") { id } evil: repository(owner: "x',
    "a/ü",
    "a",
    "/",
]


@pytest.mark.parametrize("token", ["", "s3cret"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_never_asked_for(
    client: PoliteClient, upstream: Upstream, token: str, name: str
) -> None:
    bad, passed = ask(client, upstream, name, token=token)

    assert isinstance(bad, BadRecord)
    assert passed == RepositoryTold("github", url_of(name), TODAY, THERE)
    assert upstream.asked == []
