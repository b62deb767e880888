"""Asks OpenAlex how often papers are cited, one by one. Needs the owner's key.

Knows one upstream; no database, no settings. https://docs.openalex.org/api-entities/works/get-a-single-work
It has no arXiv ids, and of many papers it holds another copy than arXiv's: what it does not know under
arXiv's DOI is unknown, not uncited.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import BadRecord, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.tally import Tally
from broadsheet.lib.http import PoliteClient, Reply, UpstreamError
from broadsheet.sources import fields as read
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.budget import Budget, Span
from broadsheet.sources.json_reply import decoded_object

NAME = "openalex"
AT_ONCE = 10  # so many answers are kept together


@dataclass(frozen=True)
class OpenAlex:
    """Progress: {"day": "2026-05-22", "used": 7}, the requests of that day (UTC)."""

    client: PoliteClient
    due: Callable[[int], Sequence[PaperKey]]  # at most so many, in the order of their turn
    key: str
    daily: int  # requests
    url: str = "https://api.openalex.org"
    name: str = NAME
    label: str = "OpenAlex"

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """Whose turn it is was decided by `due`; `since` changes nothing."""
        budget = Budget.resumed(Span.DAY, self.daily, self.client.clock, progress)
        waiting = deque(self.due(self.daily))
        while waiting and budget.reserve(min(AT_ONCE, len(waiting))):
            yield Batch([], budget.progress)
            told: list[Told] = []
            while waiting and budget.may_ask:
                key = waiting.popleft()
                try:
                    told.append(self._ask(key, budget))
                except UpstreamError as error:
                    budget.give_back()
                    yield Batch([*told, *_passed_over(key, error)], budget.progress)
                    raise
            budget.give_back()
            yield Batch(told, budget.progress)

    def _ask(self, key: PaperKey, budget: Budget) -> Told:
        url = f"{self.url}/works/doi:{quote(_doi_of(key), safe='/')}"
        try:
            reply = self.client.get(url, {"select": "cited_by_count", "api_key": self.key})
        except UpstreamError as error:
            budget.spend(error.requests)
            if error.status == 404:
                return Tally(NAME, key, ())
            raise
        budget.spend(reply.requests)
        if reply.headers.get("x-ratelimit-remaining") == "0":
            budget.exhaust()  # the key may serve other programs, too
        return _told(key, reply, self.client.clock.now().date())


def _passed_over(key: PaperKey, error: UpstreamError) -> list[Told]:
    """A paper over which OpenAlex stumbles goes to the end of the row, so that it cannot block the others."""
    return [Tally(NAME, key, ())] if error.status in (200, 500, 502, 504) else []


def _doi_of(key: PaperKey) -> str:
    """
    >>> _doi_of(PaperKey("arxiv:2401.01234")), _doi_of(PaperKey("doi:10.1000/xyz"))
    ('10.48550/arxiv.2401.01234', '10.1000/xyz')
    """
    kind, _, number = key.partition(":")
    return number if kind == "doi" else f"10.48550/arxiv.{number}"


def _told(key: PaperKey, reply: Reply, today: date) -> Told:
    found = decoded_object(reply)
    try:
        count = read.needed_count(found, "cited_by_count")
    except ValueError as error:
        return BadRecord(NAME, key, str(error))
    return Tally(NAME, key, (SignalReading(SignalKind.CITATIONS, today, count),))
