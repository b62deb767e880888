"""Asks Semantic Scholar how often papers are cited, five hundred at a time. Needs the owner's key.

Knows one upstream; no database, no settings. https://api.semanticscholar.org/api-docs/graph
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import BadRecord, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.tally import Tally
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources import fields as read
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.budget import Budget, Span
from broadsheet.sources.json_reply import decoded_list

NAME = "semantic_scholar"
AT_ONCE = 500


@dataclass(frozen=True)
class SemanticScholar:
    """Progress: {"day": "2026-05-22", "used": 7}, the requests of that day (UTC)."""

    client: PoliteClient
    due: Callable[[int], Sequence[PaperKey]]  # at most so many, in the order of their turn
    key: str
    daily: int  # requests
    url: str = "https://api.semanticscholar.org"
    name: str = NAME
    label: str = "Semantic Scholar"

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """Whose turn it is was decided by `due`; `since` changes nothing."""
        budget = Budget.resumed(Span.DAY, self.daily, self.client.clock, progress)
        keys = self.due(AT_ONCE * self.daily)
        for start in range(0, len(keys), AT_ONCE):
            if not budget.reserve(1):
                return
            yield Batch([], budget.progress)
            yield Batch(self._ask(keys[start : start + AT_ONCE], budget), budget.progress)

    def _ask(self, keys: Sequence[PaperKey], budget: Budget) -> list[Told]:
        today = self.client.clock.now().date()
        answers = self._answers(keys, budget)
        return [_told(key, answer, today) for key, answer in zip(keys, answers, strict=True)]

    def _answers(self, keys: Sequence[PaperKey], budget: Budget) -> Sequence[object]:
        """One for each paper, in their order; None for a paper that it does not know."""
        url = f"{self.url}/graph/v1/paper/batch"
        ids = {"ids": [_id_of(key) for key in keys]}
        try:
            reply = self.client.post(url, ids, {"fields": "citationCount"}, {"x-api-key": self.key})
        except UpstreamError as error:
            budget.spend(error.requests)
            if error.status == 400 and b"no valid paper ids" in error.said.lower():
                return [None] * len(keys)  # its way to say that it knows none of them
            raise
        budget.spend(reply.requests)
        return decoded_list(reply, len(keys))


def _id_of(key: PaperKey) -> str:
    """
    >>> _id_of(PaperKey("arxiv:2401.01234")), _id_of(PaperKey("doi:10.1000/xyz"))
    ('ARXIV:2401.01234', 'DOI:10.1000/xyz')
    """
    kind, _, number = key.partition(":")
    return f"{kind.upper()}:{number}"


def _told(key: PaperKey, answer: object, today: date) -> Told:
    if answer is None:
        return Tally(NAME, key, ())
    try:
        if not isinstance(answer, dict):
            raise ValueError("an answer that is no object")
        count = read.needed_count(answer, "citationCount")
    except ValueError as error:
        return BadRecord(NAME, key, str(error))
    return Tally(NAME, key, (SignalReading(SignalKind.CITATIONS, today, count),))
