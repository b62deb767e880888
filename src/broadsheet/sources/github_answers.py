"""What GitHub's answers mean: a count, a repository that is gone, or that we are to come back later.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from broadsheet.domain.code_links import is_github_name
from broadsheet.domain.paper import BadRecord, Told
from broadsheet.domain.tally import RepositoryDue, RepositoryState, RepositoryTold
from broadsheet.lib.http import LONGEST_WAIT, SHORTEST_WAIT, SOON, Reply, UpstreamError, wait_asked_for
from broadsheet.lib.text import shortened
from broadsheet.sources import fields as read
from broadsheet.sources.base import Progress
from broadsheet.sources.fields import Fields
from broadsheet.sources.json_reply import decoded_object

NAME = "github"
WAIT = "wait_until"  # GitHub has refused us until then
REST = "rest_until"  # we have used up what we may ask, and leave it at that
LONGEST_ETAG = 200
STATES = {404: RepositoryState.GONE, 410: RepositoryState.GONE, 451: RepositoryState.BLOCKED}


def read_one(due: RepositoryDue, today: date, reply: Reply) -> list[Told]:
    """The answer about one repository. Raises UpstreamError for what is no JSON object."""
    if reply.is_unchanged:
        return [RepositoryTold(NAME, due.url, today, RepositoryState.THERE, etag=due.etag)]
    found = decoded_object(reply)
    etag = reply.validators.etag if len(reply.validators.etag) <= LONGEST_ETAG else ""
    return read_counts(
        due,
        today,
        {
            "name": found.get("full_name"),
            "stars": found.get("stargazers_count"),
            "created": found.get("created_at"),
        },
        etag,
    )


def read_counts(due: RepositoryDue, today: date, found: Fields, etag: str = "") -> list[Told]:
    """The count, or why it cannot be read; then the old one stands and the next repository has its turn."""
    try:
        full_name = read.text(found, "name")
        if not is_github_name(full_name):
            raise ValueError(f"name {shortened(full_name, 40)!r} is not one of a repository")
        stars, created_on = read.needed_count(found, "stars"), read.day(found, "created")
    except ValueError as error:
        return unreadable(due, today, str(error))
    state = RepositoryState.THERE
    return [RepositoryTold(NAME, due.url, today, state, stars, full_name, etag, created_on)]


def unreadable(due: RepositoryDue, today: date, reason: str) -> list[Told]:
    return [BadRecord(NAME, shortened(due.full_name, 80), reason), passed_over(due, today)]


def passed_over(due: RepositoryDue, today: date) -> RepositoryTold:
    """It was asked and told nothing: others come first now, so that it cannot block them."""
    return RepositoryTold(NAME, due.url, today, RepositoryState.THERE)


def refused(due: RepositoryDue, today: date, error: UpstreamError) -> RepositoryTold | None:
    """What a refusal says of this repository; None when it is about us, or about GitHub itself."""
    state = STATES.get(error.status or 0)
    if error.status == 403 and _is_blocked(error.said):
        state = RepositoryState.BLOCKED
    return None if state is None else RepositoryTold(NAME, due.url, today, state)


def _is_blocked(said: bytes) -> bool:
    """As GitHub says it: {"message": "Repository access blocked", "block": {"reason": "tos", …}}."""
    try:
        found: Any = orjson.loads(said)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and ("block" in found or "access blocked" in str(found.get("message")))


def wait_of(error: UpstreamError, now: datetime) -> timedelta | None:
    """How long GitHub asks us to stay away, by a status that elsewhere means something else."""
    if error.status not in (403, 429):
        return None
    waits = [wait for wait in (_until_reset(error.headers, now), error.retry_after) if wait]
    if "retry-after" in error.headers:
        waits.append(wait_asked_for(error.headers["retry-after"], now))
    if not waits and b"rate limit" in error.said.lower():
        waits.append(SOON)  # a second limit, on asking too fast, which names no time
    return max(waits, default=None)


def _until_reset(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    if headers.get("x-ratelimit-remaining") != "0":
        return None
    return _held(headers.get("x-ratelimit-reset", ""), now)


def _held(reset: str, now: datetime) -> timedelta:
    """The time to a moment in Unix seconds, held between a second and a day."""
    if not (reset.isascii() and reset.isdigit()):
        return SOON
    wait_s = int(reset[:12]) - now.timestamp()
    return timedelta(seconds=min(max(wait_s, SHORTEST_WAIT.total_seconds()), LONGEST_WAIT.total_seconds()))


def as_wait(error: UpstreamError, now: datetime) -> UpstreamError:
    """The error as it is to be told: that we are to wait, when that is what GitHub meant."""
    wait = wait_of(error, now)
    if wait is None:
        return error
    return _waiting(error.url, now + wait, now)


def _waiting(url: str, until: datetime, now: datetime) -> UpstreamError:
    problem = f"has asked us to wait until {until.isoformat(timespec='seconds')}"
    remedy = "It is asked again then; with BROADSHEET_GITHUB_TOKEN it can be asked more often."
    return UpstreamError(url, problem, remedy, until - now)


def raise_if_waiting(progress: Progress, url: str, now: datetime) -> None:
    until = _moment(progress, WAIT)
    if until is not None and now < until <= now + LONGEST_WAIT:
        raise _waiting(url, until, now)


def is_resting(progress: Progress, now: datetime) -> bool:
    until = _moment(progress, REST)
    return until is not None and now < until <= now + LONGEST_WAIT


def rest_after(headers: Mapping[str, str], now: datetime) -> Progress:
    """Until when to ask no more, after the last request that we may make; {} while there are others."""
    wait = _until_reset(headers, now)
    return {} if wait is None else {REST: (now + wait).isoformat()}


def _moment(progress: Progress, name: str) -> datetime | None:
    try:
        return read.moment(progress, name)
    except ValueError:
        return None
