"""Asks GitHub how many stars the repositories of papers have, once a day each.

Without a token one by one, within the 60 requests an hour that GitHub gives an address; with one, a
hundred at a time. Knows one upstream; no database, no settings. https://docs.github.com/en/rest/repos/repos
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from broadsheet.domain.code_links import is_github_name
from broadsheet.domain.paper import Told
from broadsheet.domain.tally import RepositoryDue
from broadsheet.lib.http import PoliteClient, Reply, UpstreamError, Validators
from broadsheet.sources import github_answers as answers
from broadsheet.sources import github_batches as batches
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.budget import Budget, Span

HOURLY = 50  # of the 60 without a token: others at this address may ask, too
AT_ONCE = 10  # so many answers are kept together
HOURLY_WITH_TOKEN = 500  # of 5,000; each asks for a hundred repositories
MOST_A_RUN = 10_000  # repositories, with a token
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


@dataclass(frozen=True)
class GitHub:
    """Progress: {"hour": "2026-05-22T12", "used": 7}, and until when to leave GitHub alone."""

    client: PoliteClient
    due: Callable[[int], Sequence[RepositoryDue]]  # at most so many, in the order of their turn
    token: str = ""
    url: str = "https://api.github.com"
    name: str = answers.NAME
    label: str = "GitHub"

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """Whose turn it is was decided by `due`; `since` changes nothing."""
        now = self.client.clock.now()
        answers.raise_if_waiting(progress, self.url, now)
        if answers.is_resting(progress, now):
            return
        most = HOURLY_WITH_TOKEN if self.token else HOURLY
        budget = Budget.resumed(Span.HOUR, most, self.client.clock, progress)
        yield from self._by_hundreds(budget) if self.token else self._one_by_one(budget)

    def _one_by_one(self, budget: Budget) -> Iterator[Batch]:
        waiting = deque(self.due(HOURLY))
        rest: Progress = {}
        while waiting and not rest and budget.reserve(min(AT_ONCE, len(waiting))):
            yield Batch([], budget.progress)
            told: list[Told] = []
            while waiting and not rest and budget.may_ask:
                due = waiting.popleft()
                try:
                    found, rest = self._ask_one(due, budget)
                except UpstreamError as error:
                    yield self._failed(error, [due], told, budget)
                    raise answers.as_wait(error, self._now) from error
                told += found
            budget.give_back()
            yield Batch(told, {**budget.progress, **rest})

    def _ask_one(self, due: RepositoryDue, budget: Budget) -> tuple[list[Told], Progress]:
        """What one repository answered, and until when to rest."""
        if not is_github_name(due.full_name):
            return answers.unreadable(due, self._today, "not the name of a repository"), {}
        try:
            reply = self._get(due)
        except UpstreamError as error:
            budget.spend(error.requests)
            refused = answers.refused(due, self._today, error)
            if refused is None:
                raise
            return [refused], answers.rest_after(error.headers, self._now)
        budget.spend(reply.requests)
        return answers.read_one(due, self._today, reply), answers.rest_after(reply.headers, self._now)

    def _get(self, due: RepositoryDue) -> Reply:
        path = "/".join(quote(part, safe="") for part in due.full_name.split("/"))
        known = Validators(etag=due.etag) if due.etag else None
        return self.client.get(f"{self.url}/repos/{path}", known=known, headers=HEADERS)

    def _failed(
        self, error: UpstreamError, asked: Sequence[RepositoryDue], told: list[Told], budget: Budget
    ) -> Batch:
        """What came before the fault. One that made GitHub stumble goes to the end of the row, too."""
        budget.give_back()
        wait = answers.wait_of(error, self._now)
        stumbled = error.status is not None and wait is None
        passed = [answers.passed_over(due, self._today) for due in asked] if stumbled else []
        until = {} if wait is None else {answers.WAIT: (self._now + wait).isoformat()}
        return Batch([*told, *passed], {**budget.progress, **until})

    def _by_hundreds(self, budget: Budget) -> Iterator[Batch]:
        waiting = self.due(MOST_A_RUN)
        for start in range(0, len(waiting), batches.AT_ONCE):
            dues = waiting[start : start + batches.AT_ONCE]
            if not budget.reserve(1):
                return
            yield Batch([], budget.progress)
            try:
                told, rest = self._ask_many(dues, budget)
            except UpstreamError as error:
                yield self._failed(error, (), [], budget)
                raise answers.as_wait(error, self._now) from error
            yield Batch(told, {**budget.progress, **rest})
            if rest:
                return

    def _ask_many(self, dues: Sequence[RepositoryDue], budget: Budget) -> tuple[list[Told], Progress]:
        named = [due for due in dues if is_github_name(due.full_name)]
        told: list[Told] = []
        for due in dues:
            if due not in named:
                told += answers.unreadable(due, self._today, "not the name of a repository")
        if not named:
            return told, {}
        headers = {**HEADERS, "Authorization": f"Bearer {self.token}"}
        try:
            reply = self.client.post(f"{self.url}/graphql", batches.question(named), headers=headers)
        except UpstreamError as error:
            budget.spend(error.requests)
            raise
        budget.spend(reply.requests)
        found, rest = batches.read_many(named, self._today, reply, self._now)
        return told + found, rest

    @property
    def _now(self) -> datetime:
        return self.client.clock.now()

    @property
    def _today(self) -> date:
        return self._now.date()
