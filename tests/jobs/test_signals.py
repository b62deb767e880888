"""The sources of signals through the whole step: what fails is remembered, what was kept stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import Link, LinkKind
from broadsheet.domain.signal import SignalKind
from broadsheet.domain.tally import RepositoryDue
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.jobs.steps import StepFailed, fetch
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.base import Source
from broadsheet.sources.github import GitHub
from broadsheet.sources.hackernews import HackerNews
from broadsheet.sources.openalex import OpenAlex
from broadsheet.sources.semantic_scholar import SemanticScholar
from broadsheet.store import citing, repositories
from broadsheet.store.intake import take_in
from broadsheet.store.models import Repository, Signal, SourceState
from tests.fakes.clock import FakeClock
from tests.fakes.signals import (
    FakeGitHub,
    FakeHackerNews,
    FakeOpenAlex,
    FakeSemanticScholar,
    json_of,
    node,
    repository,
    story,
)
from tests.fakes.upstream import Answer, Route, Upstream, run_upstream
from tests.makers import arxiv

pytestmark = pytest.mark.django_db
NAMES = ["github", "github_token", "hackernews", "semantic_scholar", "openalex"]


@dataclass
class Site:
    """One paper with code, and the four upstreams; a fake clock, so that days pass at once."""

    upstream: Upstream
    clock: FakeClock
    index: EmbeddedIndex
    client: PoliteClient

    def source(self, name: str) -> Source:
        client, url = self.client, self.upstream.url
        if name.startswith("github"):
            token = "s3cret" if name == "github_token" else ""
            return GitHub(client, self._due_repositories, token, url)
        if name == "hackernews":
            return HackerNews(client, url)
        if name == "openalex":
            return OpenAlex(client, partial(self._due_papers, name), "s3cret", 9, url)
        return SemanticScholar(client, partial(self._due_papers, name), "s3cret", 9, url)

    def _due_papers(self, name: str, limit: int) -> list[PaperKey]:
        return citing.due(name, limit, self.clock.now().date())

    def _due_repositories(self, limit: int) -> list[RepositoryDue]:
        repositories.follow_links()
        return repositories.due(limit, self.clock.now().date())

    def run(self, name: str) -> None:
        fetch(self.source(name), self.index, clock=self.clock)

    def play(self, count: int) -> None:
        """All upstreams tell this count."""
        self.upstream.routes = {
            "/repos": FakeGitHub({"me/code": count}),
            "/graphql": FakeGitHub({"me/code": count}),
            "/api": FakeHackerNews([story(points=count)]),
            "/graph": FakeSemanticScholar({"ARXIV:2605.00001": count}),
            "/works": FakeOpenAlex({"10.48550/arxiv.2605.00001": count}),
        }

    def answer(self, answer: Answer) -> None:
        route: Route = lambda _: answer  # noqa: E731  (each upstream the same)
        self.upstream.routes = dict.fromkeys(self.upstream.routes, route)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    clock = FakeClock(datetime(2026, 5, 22, 12, tzinfo=UTC))
    with run_upstream() as upstream:
        client = PoliteClient(tmp_path / "pace", clock, patience=timedelta(seconds=1))
        site = Site(upstream, clock, EmbeddedIndex(tmp_path / "index", "test"), client)
        code = (Link(LinkKind.CODE, "https://github.com/me/code"),)
        # Without a day it stands in no edition, so that nothing but signals is at work here.
        take_in([arxiv(links=code, submitted_at=clock.now())], now=clock.now())
        site.play(100)
        yield site


def kind_of(name: str) -> SignalKind:
    return {
        "github": SignalKind.STARS,
        "github_token": SignalKind.STARS,
        "hackernews": SignalKind.POINTS,
    }.get(name, SignalKind.CITATIONS)


def series(name: str) -> list[tuple[date, int]]:
    return list(Signal.objects.filter(kind=kind_of(name)).order_by("day").values_list("day", "value"))


def state(name: str) -> SourceState:
    return SourceState.objects.get(name=name.removesuffix("_token"))


def renamed(name: str, value: Any) -> bytes:
    """A whole reply with a count that is none; a value of ... leaves the field out."""
    count = {} if value is ... else {"count": value}
    if name == "github":
        return json_of(_with(repository("me/code"), "stargazers_count", count))
    if name == "github_token":
        return json_of({"data": {"r0": _with(node("me/code"), "stargazerCount", count)}})
    if name == "hackernews":
        return json_of({"hits": [_with(story(), "points", count)], "nbPages": 1})
    if name == "semantic_scholar":
        return json_of([_with({}, "citationCount", count)])
    return json_of(_with({}, "cited_by_count", count))


def _with(entry: dict[str, Any], field: str, count: dict[str, Any]) -> dict[str, Any]:
    others = {key: value for key, value in entry.items() if key != field}
    return others | ({field: count["count"]} if count else {f"{field}_new": 5})


FAULTS = {
    "time-out": Answer(b"{" * 500, drip_s=0.01),
    "403": Answer(status=403),
    "429": Answer(status=429),
    "429, wait": Answer(status=429, headers={"Retry-After": "600"}),
    "500": Answer(status=500),
    "half": Answer(b'{"full_name": "me/co'),
    "broken off": Answer(b'{"full_name": "me/code"}', cut_at=9),
    "text": Answer(b'"sorry"'),
    "a number": Answer(b"7"),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_remembered_and_what_was_kept_stays(site: Site, name: str, fault: str) -> None:
    site.run(name)
    before = series(name)
    site.clock.at += timedelta(days=8)  # so that all is due again
    site.answer(FAULTS[fault])

    with pytest.raises(UpstreamError):
        site.run(name)
    failed = state(name)
    unchanged = series(name)
    site.clock.at += timedelta(days=8)
    site.play(120)
    site.run(name)

    assert before == unchanged == [(date(2026, 5, 22), 100)]  # old, and seen to be old; never a zero
    assert failed.failing_since is not None
    assert failed.failing_since.date() == date(2026, 5, 30)
    assert failed.answered_at is not None
    assert failed.answered_at.date() == date(2026, 5, 22)
    assert "s3cret" not in failed.last_error
    assert series(name) == [*before, (date(2026, 6, 7), 120)]
    assert state(name).failing_since is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [..., -5, "120", 10**13], ids=repr)
def test_a_count_that_is_none_leaves_the_old_one(site: Site, name: str, value: Any) -> None:
    site.run(name)
    before = series(name)
    site.clock.at += timedelta(days=8)
    site.answer(Answer(renamed(name, value)))

    with pytest.raises(StepFailed, match="could not be read; the format may have changed"):
        site.run(name)
    failed, unchanged = state(name), series(name)
    site.clock.at += timedelta(days=8)
    site.play(120)
    site.run(name)

    assert before == unchanged == [(date(2026, 5, 22), 100)]
    assert failed.failing_since is not None
    assert series(name) == [*before, (date(2026, 6, 7), 120)]
    assert state(name).failing_since is None


@pytest.mark.parametrize("name", ["github", "openalex", "semantic_scholar"])
def test_an_upstream_that_asked_us_to_wait_is_left_alone(site: Site, name: str) -> None:
    site.answer(Answer(status=429, headers={"Retry-After": "3000"}))
    with pytest.raises(UpstreamError):
        site.run(name)
    asked = len(site.upstream.asked)

    with pytest.raises(UpstreamError, match="has asked us to wait until 2026-05-22T12:50"):
        site.run(name)

    wait_until = state(name).wait_until
    assert wait_until is not None
    assert wait_until - datetime(2026, 5, 22, 12, 50, tzinfo=UTC) < timedelta(seconds=5)
    assert len(site.upstream.asked) == asked


@pytest.mark.parametrize(("status", "state_kept"), [(404, "gone"), (451, "blocked")])
def test_a_repository_that_is_gone_keeps_its_stars(site: Site, status: int, state_kept: str) -> None:
    site.run("github")
    site.clock.at += timedelta(days=1)
    site.answer(Answer(b"{}", status=status))

    site.run("github")

    assert series("github") == [(date(2026, 5, 22), 100)]
    assert Repository.objects.get().state == state_kept
    assert state("github").failing_since is None
