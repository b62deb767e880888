"""What every source that is asked over the network has in common. No database, no settings, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from broadsheet.domain.paper import Told

Progress = dict[str, Any]  # how far a source got, as JSON; only the source reads it


@dataclass(frozen=True, slots=True)
class Batch:
    """What one reply told, and the progress to remember once (and only if) it is kept.

    The two are stored in one transaction, so that a harvest killed at any instant goes on where
    it stopped: at worst one reply is asked again.
    """

    told: list[Told]
    progress: Progress = field(default_factory=dict)


class Source(Protocol):
    @property
    def name(self) -> str: ...  # "arxiv_oai"; stays in the database

    @property
    def label(self) -> str: ...  # "arXiv OAI-PMH"; stands on pages

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """Ask for what is new since `progress`, or since a date when one is given.

        Raises lib.http.UpstreamError when the upstream cannot be reached or sends nonsense.
        """
        ...
