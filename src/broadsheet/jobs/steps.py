"""The steps that jobs and commands share: ask a source and keep what it tells, load the sample."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from broadsheet.domain.paper import IntakeReport
from broadsheet.index.base import WordsIndex
from broadsheet.jobs import reading
from broadsheet.jobs.meaning import Meaning
from broadsheet.jobs.upkeep import follow
from broadsheet.lib.clock import Clock
from broadsheet.lib.http import UpstreamError
from broadsheet.sources.base import Batch, Source
from broadsheet.sources.sample import sample_edition
from broadsheet.store import source_state
from broadsheet.store.intake import take_in
from broadsheet.store.models import Paper

FOLLOW_EVERY_S = 60.0  # so that a harvest of hours shows its papers while it runs


class StepFailed(Exception):
    """A step could not be done; the message says why and what happens next."""

    def __init__(self, problem: str, retry_after: timedelta | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class Stopped(Exception):
    """The step was asked to stop; what it had is kept, and it goes on from there next time."""


def go_on(_: IntakeReport) -> bool:
    """Nobody watches and nothing stops the run."""
    return True


@dataclass
class Fetch:
    """One run of one source, to its end or to the first fault; every batch is kept on its own.

    `watch` is called after each batch with what came so far; when it returns False the run stops.
    """

    source: Source
    index: WordsIndex
    clock: Clock
    vectors: Meaning | None = None
    watch: Callable[[IntakeReport], bool] = go_on
    report: IntakeReport = field(default_factory=IntakeReport)

    def run(self, since: date | None = None) -> IntakeReport:
        """Raises UpstreamError, StepFailed when too much could not be read, Stopped."""
        name = self.source.name
        source_state.asked(name, self.clock.now())
        try:
            self._ask(since)
            if self.report.has_too_many_bad:
                raise StepFailed(_too_many_bad(self.source.label, self.report))
        except (UpstreamError, StepFailed) as error:
            source_state.failed(name, str(error), self.clock.now(), error.retry_after)
            self._follow()
            raise
        source_state.answered(name, str(self.report), self.clock.now())
        self._follow()
        return self.report

    def _ask(self, since: date | None) -> None:
        followed_at = time.monotonic()
        for batch in self.source.ask(source_state.progress_of(self.source.name), since):
            self._keep(batch)
            if not self.watch(self.report):
                raise Stopped(f"{self.source.label}: stopped after {self.report}")
            if time.monotonic() - followed_at > FOLLOW_EVERY_S:
                self._follow()
                followed_at = time.monotonic()

    def _follow(self) -> None:
        follow(self.index, self.vectors, now=self.clock.now())

    def _keep(self, batch: Batch) -> None:
        name = self.source.name
        self.report.add(
            take_in(
                batch.told,
                now=self.clock.now(),
                alongside=lambda: source_state.save_progress(name, batch.progress),
            )
        )


def fetch(
    source: Source,
    index: WordsIndex,
    vectors: Meaning | None = None,
    *,
    clock: Clock,
    since: date | None = None,
    watch: Callable[[IntakeReport], bool] = go_on,
) -> IntakeReport:
    """Ask a source for what is new, keep it, and bring editions and index up to date."""
    return Fetch(source, index, clock, vectors, watch).run(since)


def load_sample(index: WordsIndex, vectors: Meaning | None = None, *, clock: Clock) -> IntakeReport | None:
    """Fill an empty store with the sample edition; None when it already holds papers."""
    if Paper.objects.exists():
        return None
    report = take_in(sample_edition(), now=clock.now())
    reading.catch_up()
    follow(index, vectors, now=clock.now())
    return report


def _too_many_bad(label: str, report: IntakeReport) -> str:
    first = f" The first: {report.bad[0]}" if report.bad else ""
    return (
        f"{label}: {report.bad_count:,} of {report.total:,} entries could not be read; the format may have"
        f" changed. The others were kept.{first}"
    )
