"""Asking a source: what it told is kept and shown, what went wrong is remembered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from broadsheet.domain.paper import BadRecord, IntakeReport, Told
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.jobs.steps import StepFailed, Stopped, fetch, load_sample
from broadsheet.lib.http import UpstreamError
from broadsheet.sources.base import Batch, Progress
from broadsheet.store import source_state
from broadsheet.store.models import Edition, Paper, SourceState
from tests.fakes.clock import FakeClock
from tests.makers import arxiv, daily

pytestmark = pytest.mark.django_db
AWAY = UpstreamError("https://example.org/list", "cannot be reached", "Wait.", timedelta(minutes=10))


@dataclass
class Scripted:
    """A source that tells what the test says, one batch after the other."""

    batches: list[list[Told]]
    fault: UpstreamError | None = None
    name: str = "arxiv_oai"
    label: str = "arXiv OAI-PMH"
    asked_from: list[Progress] = field(default_factory=list)

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        self.asked_from.append(progress)
        for number, told in enumerate(self.batches, start=1):
            yield Batch(told, {"batch": number})
        if self.fault:
            raise self.fault


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    return EmbeddedIndex(tmp_path, "test")


def two_batches() -> list[list[Told]]:
    return [[arxiv("2605.00001", listings=daily())], [arxiv("2605.00002", listings=daily())]]


def test_what_a_source_told_can_be_found_and_stands_in_an_edition(index: EmbeddedIndex) -> None:
    report = fetch(Scripted(two_batches()), index, clock=FakeClock())

    assert report.added == 2
    assert index.count() == 2
    assert Edition.objects.get(kind="day").paper_count == 2
    assert SourceState.objects.get().last_report == "2 added, 0 changed, 0 unchanged, 0 bad"


def test_a_source_is_asked_from_where_it_stopped(index: EmbeddedIndex) -> None:
    source = Scripted(two_batches())

    fetch(source, index, clock=FakeClock())
    fetch(source, index, clock=FakeClock())

    assert source.asked_from == [{}, {"batch": 2}]


def test_what_came_before_a_fault_is_kept(index: EmbeddedIndex) -> None:
    clock = FakeClock()

    with pytest.raises(UpstreamError):
        fetch(Scripted(two_batches(), AWAY), index, clock=clock)

    state = SourceState.objects.get()
    assert index.count() == 2
    assert state.progress == {"batch": 2}
    assert state.failing_since == clock.now()
    assert state.wait_until == clock.now() + timedelta(minutes=10)


def test_more_than_a_twentieth_bad_is_an_error_though_the_good_is_kept(index: EmbeddedIndex) -> None:
    bad = BadRecord("arxiv_oai", "2605.00009", "no title")

    with pytest.raises(StepFailed, match="1 of 3 entries could not be read"):
        fetch(Scripted([*two_batches(), [bad]]), index, clock=FakeClock())

    assert Paper.objects.count() == 2
    assert SourceState.objects.get().failing_since is not None


def test_a_stopped_run_goes_on_from_its_last_batch(index: EmbeddedIndex) -> None:
    def stop_after_one(report: IntakeReport) -> bool:
        return report.total < 1

    with pytest.raises(Stopped):
        fetch(Scripted(two_batches()), index, clock=FakeClock(), watch=stop_after_one)

    assert Paper.objects.count() == 1
    assert source_state.progress_of("arxiv_oai") == {"batch": 1}


def test_an_empty_store_gets_the_sample_edition_once(index: EmbeddedIndex) -> None:
    report = load_sample(index, clock=FakeClock())

    assert report is not None
    assert report.added >= 30
    assert index.count() == Paper.objects.count() == report.added
    assert load_sample(index, clock=FakeClock()) is None
