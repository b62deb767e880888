"""The worker's loop: lease a job, run it, note how it ended. It catches every error."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import DatabaseError, connection

from broadsheet.jobs.steps import StepFailed, Stopped
from broadsheet.jobs.stopping import Interrupted, Stop
from broadsheet.lib.clock import Clock
from broadsheet.lib.http import UpstreamError
from broadsheet.lib.text import shortened
from broadsheet.store import jobs
from broadsheet.store.jobs import Leased

log = logging.getLogger(__name__)

NAP_S = 2.0  # how soon a job made due by another process is seen
NAP_AFTER_FAULT_S = 10.0
LONGEST_ERROR = 1_000  # characters kept

PATIENCE_S = 3.0  # how long a step may go on after it was asked to stop

GoesOn = Callable[[], bool]
Step = Callable[[GoesOn], str]  # does the work, asks now and then whether to go on, says how it went


@dataclass
class Worker:
    steps: Mapping[str, Step]  # of all jobs, also of those that are left to other workers
    next_run: Callable[[str, datetime], datetime]
    clock: Clock
    only: Collection[str] | None = None  # None: all jobs
    stop: Stop = field(default_factory=Stop)
    beat_s: float = jobs.BEAT.total_seconds()
    is_ready: bool = False

    def run(self) -> None:
        """Until told to stop. A fault outside all jobs, such as a database that is away, is waited out."""
        while not self.stop.is_set:
            try:
                self._make_ready()
                if not self.run_one():
                    self.stop.wait(NAP_S)
            except Interrupted:
                return
            except Exception as error:  # noqa: BLE001  (here, below, and for one digest in jobs.mailing)
                log.error("The worker cannot reach its jobs, and tries again: %s", _in_words(error))
                connection.close()  # a broken one stays broken; the next use opens another
                self.stop.wait(NAP_AFTER_FAULT_S)

    def run_with(self, slow: Collection[str]) -> None:
        """As `run`, with each slow job in a thread of its own: nothing waits for them.

        At the end they have no more time than the others. What is cut off then comes due by its lease.
        """
        beside = [threading.Thread(target=replace(self, only=(one,)).run, daemon=True) for one in slow]
        for thread in beside:
            thread.start()
        self.run()
        until_s = time.monotonic() + PATIENCE_S
        with suppress(Interrupted):
            for thread in beside:
                thread.join(max(0.0, until_s - time.monotonic()))

    def run_one(self) -> bool:
        """Run the job that has been due longest; False when none is due."""
        job = jobs.claim_next(self.clock.now(), self.only)
        if job is None:
            return False
        try:
            with self._heartbeat(job) as is_ours:
                result = self.steps[job.name](lambda: is_ours() and not self.stop.is_set)
        except (Stopped, Interrupted):
            jobs.give_back(job, self.clock.now())
        except Exception as error:  # noqa: BLE001  (whatever a step raises, the other jobs go on)
            self._put_off(job, error)
        else:
            now = self.clock.now()
            jobs.done(job, result, now=now, next_run_at=self.next_run(job.name, now))
        return True

    def _make_ready(self) -> None:
        if not self.is_ready:
            jobs.ensure(list(self.steps), self.clock.now())
            self.is_ready = True

    def _put_off(self, job: Leased, error: Exception) -> None:
        is_expected = isinstance(error, UpstreamError | StepFailed)
        text = shortened(_in_words(error), LONGEST_ERROR)
        log.warning("%s failed: %s", job.name, text, exc_info=None if is_expected else error)
        retry_after = error.retry_after if isinstance(error, UpstreamError | StepFailed) else None
        jobs.put_off(job, text, now=self.clock.now(), retry_after=retry_after)

    @contextmanager
    def _heartbeat(self, job: Leased) -> Iterator[Callable[[], bool]]:
        """Renew the lease beside a long step; yields a function that tells whether it is still ours."""
        lost, finished = threading.Event(), threading.Event()
        thread = threading.Thread(target=self._beat, args=(job, lost, finished), daemon=True)
        thread.start()
        try:
            yield lambda: not lost.is_set()
        finally:
            finished.set()
            thread.join(timeout=5)

    def _beat(self, job: Leased, lost: threading.Event, finished: threading.Event) -> None:
        try:
            while not finished.wait(self.beat_s):
                try:
                    if not jobs.keep(job, self.clock.now()):
                        lost.set()
                        return
                except DatabaseError as error:
                    log.warning(
                        "The lease of %s could not be renewed, and is tried again: %s", job.name, error
                    )
        finally:
            connection.close()  # each thread has its own


def _in_words(error: Exception) -> str:
    if isinstance(error, UpstreamError | StepFailed):
        return str(error)
    return f"{type(error).__name__}: {error}"
