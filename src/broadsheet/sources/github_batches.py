"""Asks GitHub for a hundred repositories in one question, and reads the answers. Opens no socket.

https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from broadsheet.domain.paper import Told
from broadsheet.domain.tally import RepositoryDue, RepositoryState, RepositoryTold
from broadsheet.lib.http import LONGEST_WAIT, Reply, UpstreamError
from broadsheet.sources import fields as read
from broadsheet.sources import github_answers as answers
from broadsheet.sources.base import Progress
from broadsheet.sources.json_reply import decoded_object, nonsense

AT_ONCE = 100
FEWEST_LEFT = 100  # points; the owner's token may serve other programs, too
_STATES = {"NOT_FOUND": RepositoryState.GONE, "FORBIDDEN": RepositoryState.BLOCKED}


def question(dues: Sequence[RepositoryDue]) -> dict[str, object]:
    """The names are variables: whatever one holds, it never becomes part of the query."""
    heads = ", ".join(f"$o{number}: String!, $n{number}: String!" for number in range(len(dues)))
    asked = " ".join(
        f"r{number}: repository(owner: $o{number}, name: $n{number})"
        " { nameWithOwner stargazerCount createdAt }"
        for number in range(len(dues))
    )
    variables: dict[str, str] = {}
    for number, due in enumerate(dues):
        variables[f"o{number}"], _, variables[f"n{number}"] = due.full_name.partition("/")
    return {
        "query": f"query({heads}) {{ rateLimit {{ remaining resetAt }} {asked} }}",
        "variables": variables,
    }


def read_many(
    dues: Sequence[RepositoryDue], today: date, reply: Reply, now: datetime
) -> tuple[list[Told], Progress]:
    """What each repository answered, and until when to rest. Raises UpstreamError without any answer."""
    body = decoded_object(reply)
    errors = [error for error in _list(body.get("errors")) if isinstance(error, dict)]
    data = body.get("data")
    if any(error.get("type") == "RATE_LIMITED" for error in errors):
        raise _limited(reply)
    if not isinstance(data, dict):
        raise nonsense(reply, "sent no data")
    kinds = {str(path[0]): error.get("type") for error in errors if (path := _list(error.get("path")))}
    told: list[Told] = []
    for number, due in enumerate(dues):
        told += _read(due, today, data.get(f"r{number}"), kinds.get(f"r{number}"))
    return told, _rest(data.get("rateLimit"), now)


def _read(due: RepositoryDue, today: date, found: Any, problem: Any) -> list[Told]:
    if isinstance(found, dict):
        names = {"name": "nameWithOwner", "stars": "stargazerCount", "created": "createdAt"}
        return answers.read_counts(due, today, {name: found.get(field) for name, field in names.items()})
    state = _STATES.get(problem) if isinstance(problem, str) else None
    if state is None:
        return answers.unreadable(due, today, f"no answer ({str(problem)[:40]})")
    return [RepositoryTold(answers.NAME, due.url, today, state)]


def _limited(reply: Reply) -> UpstreamError:
    """As GitHub's other interface says it, so that both are understood in one place."""
    error = UpstreamError(reply.url, "has no request left for us", "It is asked again later.", None)
    error.status, error.requests, error.said = 403, reply.requests, b"rate limit"
    error.headers = {**reply.headers, "x-ratelimit-remaining": "0"}
    return error


def _rest(limit: Any, now: datetime) -> Progress:
    """No rest when the limit cannot be read: the refusal would tell."""
    if not isinstance(limit, dict) or type(limit.get("remaining")) is not int:
        return {}
    if limit["remaining"] >= FEWEST_LEFT:
        return {}
    try:
        until = read.moment(limit, "resetAt") or now
    except ValueError:
        until = now + timedelta(hours=1)
    return {answers.REST: min(until, now + LONGEST_WAIT).isoformat()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
