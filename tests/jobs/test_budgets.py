"""A week of jobs in seconds: no hour and no day costs more than it may, and everybody has a turn."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import Link, LinkKind
from broadsheet.domain.tally import RepositoryDue
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.jobs.schedule import next_run
from broadsheet.jobs.steps import fetch
from broadsheet.lib.http import PoliteClient
from broadsheet.sources.base import Source
from broadsheet.sources.github import GitHub
from broadsheet.sources.openalex import OpenAlex
from broadsheet.sources.semantic_scholar import SemanticScholar
from broadsheet.store import citing, repositories
from broadsheet.store.intake import take_in
from broadsheet.store.models import Repository, Signal
from tests.fakes.clock import FakeClock
from tests.fakes.signals import FakeGitHub, FakeOpenAlex, FakeSemanticScholar
from tests.fakes.upstream import Answer, Asked, Route, Upstream, run_upstream
from tests.makers import arxiv

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 5, 22, 0, 1, tzinfo=UTC)
ALLOWED = 60  # what GitHub allows an address in an hour


class Killed(Exception):
    """Stands for SIGKILL: nothing after it is done, and nothing is written."""


@dataclass
class KillingClock(FakeClock):
    """Kills, now and then, whoever waits for the next request."""

    chance: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.dice.random() < self.chance:
            raise Killed


@dataclass
class World:
    clock: KillingClock
    upstream: Upstream
    index: EmbeddedIndex
    client: PoliteClient
    asked_at: list[tuple[datetime, str]] = field(default_factory=list)

    def play(self, path: str, route: Route) -> None:
        def noted(asked: Asked) -> Answer:
            self.asked_at.append((self.clock.now(), asked.path))
            return route(asked)

        self.upstream.routes[path] = noted

    def run(self, source: Source) -> None:
        try:
            fetch(source, self.index, clock=self.clock)
        except Killed:
            self.clock.at += timedelta(minutes=3)  # until the lease runs out

    def run_as_planned(self, source: Source, *, days: int, again: int = 0) -> None:
        """By schedule, and after each planned run so many more: somebody asks by hand."""
        end = self.clock.at + timedelta(days=days)
        while (due := next_run(source.name, self.clock.at)) < end:
            self.clock.at = due
            for _ in range(1 + again):
                self.run(source)

    def per_hour(self) -> Counter[str]:
        return Counter(f"{at:%Y-%m-%d %H}" for at, _ in self.asked_at)

    def per_day(self) -> Counter[str]:
        return Counter(f"{at:%Y-%m-%d}" for at, _ in self.asked_at)

    def github(self) -> GitHub:
        def due(limit: int) -> list[RepositoryDue]:
            repositories.follow_links()
            return repositories.due(limit, self.clock.now().date())

        return GitHub(self.client, due, "", self.upstream.url)

    def counter(self, name: str, daily: int) -> Source:
        def due(limit: int) -> list[PaperKey]:
            return citing.due(name, limit, self.clock.now().date())

        made = OpenAlex if name == "openalex" else SemanticScholar
        return made(self.client, due, "s3cret", daily, self.upstream.url)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = KillingClock(BEGIN)
    with run_upstream() as upstream:
        client = PoliteClient(tmp_path / "pace", clock)
        yield World(clock, upstream, EmbeddedIndex(tmp_path / "index", "test"), client)


def hold_papers(count: int, repositories_each: int) -> dict[str, int]:
    """Papers of the last two months, each with so many repositories; the stars of all."""
    names = [f"owner{paper}/code{number}" for paper in range(count) for number in range(repositories_each)]
    take_in(
        [
            arxiv(
                f"2605.{paper + 1:05}",
                submitted_at=BEGIN - timedelta(days=paper % 60),
                links=tuple(
                    Link(LinkKind.CODE, f"https://github.com/{name}")
                    for name in names[paper * repositories_each : (paper + 1) * repositories_each]
                ),
            )
            for paper in range(count)
        ],
        now=BEGIN,
    )
    return {name: number for number, name in enumerate(names)}


@pytest.mark.parametrize(
    ("days", "papers"), [(1, 30), pytest.param(7, 500, marks=pytest.mark.slow)], ids=["a day", "a week"]
)
def test_github_is_asked_within_its_limit_and_every_repository_has_its_turn(
    world: World, days: int, papers: int
) -> None:
    stars = hold_papers(papers, repositories_each=6)
    world.play("/repos", FakeGitHub(stars))

    world.run_as_planned(world.github(), days=days)

    a_day = Counter((at.date(), path) for at, path in world.asked_at)
    assert max(world.per_hour().values()) <= ALLOWED
    assert max(a_day.values()) == 1
    assert {path.removeprefix("/repos/") for _, path in world.asked_at} == set(stars)
    assert not Repository.objects.filter(counted_on=None).exists()
    assert Signal.objects.filter(kind="stars").values("paper").distinct().count() == papers


@pytest.mark.slow
def test_runs_that_are_killed_half_way_do_not_ask_more(world: World) -> None:
    world.play("/repos", FakeGitHub(hold_papers(60, repositories_each=6)))
    world.clock.chance = 0.05

    world.run_as_planned(world.github(), days=1, again=3)

    assert len(world.asked_at) > 300
    assert max(world.per_hour().values()) <= ALLOWED


@pytest.mark.slow
def test_redirects_count(world: World) -> None:
    stars = hold_papers(20, repositories_each=6)
    moved = {f"{name}-moved": count for name, count in stars.items()}
    world.play("/repos", FakeGitHub(moved, moved={name: f"{name}-moved" for name in stars}))

    world.run_as_planned(world.github(), days=1)

    assert max(world.per_hour().values()) <= ALLOWED
    assert set(Repository.objects.values_list("full_name", flat=True)) == set(moved)


@pytest.mark.parametrize(("name", "daily"), [("openalex", 20), ("semantic_scholar", 2)])
@pytest.mark.parametrize("chance", [0.0, pytest.param(0.05, marks=pytest.mark.slow)])
def test_citations_never_cost_more_than_the_budget_of_a_day(
    world: World, name: str, daily: int, chance: float
) -> None:
    hold_papers(500, repositories_each=0)
    world.play("/works", FakeOpenAlex({}))
    world.play("/graph", FakeSemanticScholar({}))
    world.clock.chance = chance

    world.run_as_planned(world.counter(name, daily), days=7, again=3)

    assert len(world.per_day()) >= 2
    assert max(world.per_day().values()) <= daily
    papers = Counter(path for _, path in world.asked_at if path.startswith("/works"))
    assert name != "openalex" or chance or max(papers.values()) == 1  # 140 requests, 500 papers
