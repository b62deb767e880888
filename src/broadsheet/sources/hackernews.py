"""Asks Hacker News, through Algolia's index of it, which papers its stories link to.

Knows one upstream; no database, no settings. https://hn.algolia.com/api
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from broadsheet.domain.ids import PaperKey, find_key
from broadsheet.domain.paper import BadRecord, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.tally import Tally
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.lib.text import shortened
from broadsheet.sources import fields as read
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.fields import Fields, midnight
from broadsheet.sources.json_reply import AGAIN, decoded_object, nonsense

NAME = "hackernews"
# Under what papers are linked; one question each. Algolia looks for the words of an address.
ASKED_FOR = ("arxiv.org", "huggingface.co/papers", "alphaxiv.org", "ar5iv", "doi.org")
DAYS = 14  # stories are hardly voted on after a few days
PAGE = 1_000
MOST_PAGES = 5
LONGEST_TEXT = 20_000  # characters of a text post that are looked through
FEWEST_TO_JUDGE = 20  # stories; so many without any address mean that the format has changed
_ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]]{4,300}")


@dataclass(frozen=True)
class HackerNews:
    """Progress: none. Each run reads the stories of the last days as they stand now."""

    client: PoliteClient
    url: str = "https://hn.algolia.com"
    name: str = NAME
    label: str = "Hacker News"
    days: int = DAYS

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """One batch with all papers, so that of several stories of one paper the best counts."""
        now = self.client.clock.now()
        begin = midnight(since) or now - timedelta(days=self.days)
        found = _Found(now.date())
        for words in ASKED_FOR:
            for hit in self._stories(words, begin):
                found.add(hit)
        if found.looks_changed:
            problem = f"told no address with any of {found.stories:,} stories"
            raise UpstreamError(self.url, problem, "The format may have changed.", AGAIN)
        yield Batch(found.told(), {})

    def _stories(self, words: str, begin: datetime) -> Iterator[object]:
        query = {
            "query": words,
            "tags": "story",
            "numericFilters": f"created_at_i>{int(begin.timestamp())}",
            "hitsPerPage": str(PAGE),
        }
        for page in range(MOST_PAGES):
            reply = self.client.get(f"{self.url}/api/v1/search_by_date", {**query, "page": str(page)})
            body = decoded_object(reply)
            hits = body.get("hits")
            if not isinstance(hits, list):
                raise nonsense(reply, "sent no list of stories")
            yield from hits
            pages = body.get("nbPages")
            if type(pages) is not int or page + 1 >= pages:
                return


@dataclass
class _Found:
    """The papers of all stories so far, each with its best story."""

    today: date
    best: dict[PaperKey, dict[SignalKind, int]] = field(default_factory=dict)
    bad: dict[str, BadRecord] = field(default_factory=dict)  # by story: one may answer two questions
    stories: int = 0
    with_address: int = 0

    @property
    def looks_changed(self) -> bool:
        return self.stories >= FEWEST_TO_JUDGE and not self.with_address

    def add(self, hit: object) -> None:
        self.stories += 1
        story = shortened(str(hit.get("objectID")) if isinstance(hit, dict) else repr(hit), 40)
        try:
            self._add(hit)
        except ValueError as error:
            self.bad[story] = BadRecord(NAME, f"story {story}", str(error))

    def _add(self, hit: object) -> None:
        if not isinstance(hit, dict):
            raise ValueError("no story")
        self.with_address += any(hit.get(name) for name in ("url", "story_text"))
        key = paper_of(hit)
        if key is None:
            return
        counts = _counts(hit)
        best = self.best.setdefault(key, {})
        for kind, value in counts.items():
            best[kind] = max(value, best.get(kind, 0))

    def told(self) -> list[Told]:
        tallies = [
            Tally(NAME, key, tuple(SignalReading(kind, self.today, value) for kind, value in best.items()))
            for key, best in self.best.items()
        ]
        return [*tallies, *self.bad.values()]


def paper_of(hit: Fields) -> PaperKey | None:
    """The paper that a story links to, or the only one that its text names.

    A text that names several is about none of them in particular.
    """
    linked = find_key(read.text(hit, "url")) if hit.get("url") else None
    if linked is not None:
        return linked
    text = html.unescape(read.text(hit, "story_text")[:LONGEST_TEXT])
    named = {key for address in _ADDRESS.findall(text) if (key := find_key(address)) is not None}
    return named.pop() if len(named) == 1 else None


def _counts(hit: Fields) -> dict[SignalKind, int]:
    """Points and comments. A new story may have null comments; a field that is not there has been renamed."""
    found: dict[SignalKind, Any] = {}
    for kind, name in ((SignalKind.POINTS, "points"), (SignalKind.REPLIES, "num_comments")):
        if name not in hit:
            raise ValueError(f"no {name}")
        if hit[name] is not None:
            found[kind] = read.needed_count(hit, name)
    return found
