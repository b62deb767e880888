"""Harvests arXiv's metadata over OAI-PMH 2.0: https://info.arxiv.org/help/oa/index.html

Knows one upstream; no database, no settings. How the replies read is in oai_records.py.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from broadsheet.domain.categories import set_of
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.lib.text import shortened
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.fields import Calendar, read_day, read_moment, tomorrow
from broadsheet.sources.oai_records import NAME, BadToken, Page, read_page

TOKEN_LIFE = timedelta(hours=20)  # arXiv's expire daily; one that may die on the way is not worth a try
AGAIN = timedelta(minutes=10)
EARLIEST = date(2005, 9, 16)  # its first datestamp; a `from` before that is refused


@dataclass(frozen=True, slots=True)
class Harvest:
    """How far one set is, as kept between two replies."""

    since: str = ""  # the `from` of what is under way, or of the next; "": all there is
    token: str = ""  # where to go on; "": nothing is under way
    token_at: str = ""
    response_date: str = ""  # what the server called the day when this harvest began


@dataclass(frozen=True)
class ArxivOai:
    """Progress holds a Harvest per set; each reply moves it, so a killed harvest goes on at its token."""

    client: PoliteClient
    categories: tuple[str, ...]
    url: str = "https://oaipmh.arxiv.org/oai"
    format: str = "arXiv"  # or arXivRaw: versions with their dates, authors as one line
    first_reach: timedelta | None = None  # how far back a set's first harvest goes; None: to its beginning
    name: str = NAME
    label: str = "arXiv OAI-PMH"

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """All that changed since the last complete harvest; `first_reach` says where there was none.

        A later `since` than the last harvest's leaves no gap: it starts where that one ended.
        """
        progress = dict(progress)
        for in_set in dict.fromkeys(set_of(category) for category in self.categories):
            begins = since if in_set in progress else since or self._first_day()
            start = _start(_harvest(progress.get(in_set)), begins, in_set in progress)
            for page, harvest in self._pages(in_set, start):
                progress[in_set] = asdict(harvest)
                yield Batch(page.told, dict(progress))

    def _first_day(self) -> date | None:
        return self.client.clock.now().date() - self.first_reach if self.first_reach else None

    def _pages(self, in_set: str, harvest: Harvest) -> Iterator[tuple[Page, Harvest]]:
        if harvest.token and not self._is_fresh(harvest):
            harvest = Harvest(since=harvest.since)
        has_begun_anew = False
        while True:
            try:
                page = self._page(in_set, harvest)
            except BadToken as error:
                if has_begun_anew:
                    problem = "refuses its own resumption tokens"
                    raise UpstreamError(self.url, problem, "It is tried again later.", AGAIN) from error
                harvest, has_begun_anew = Harvest(since=harvest.since), True
                continue
            harvest = self._after(page, harvest)
            yield page, harvest
            if not harvest.token:
                return

    def _page(self, in_set: str, harvest: Harvest) -> Page:
        query = {"verb": "ListRecords"}
        if harvest.token:
            query["resumptionToken"] = harvest.token  # alone: anything beside it is an error
        else:
            query |= {"metadataPrefix": self.format, "set": in_set}
            query |= {"from": harvest.since} if harvest.since else {}
        reply = self.client.get(self.url, query)
        page = read_page(reply.body, self.url, Calendar(tomorrow(self.client.clock.now())))
        _check(page, harvest, self.url)
        return page

    def _after(self, page: Page, harvest: Harvest) -> Harvest:
        began = harvest.response_date or page.response_date
        if page.token:
            now = self.client.clock.now().isoformat(timespec="seconds")
            return Harvest(harvest.since, page.token, now, began)
        # The next harvest begins with the day on which this one began: what changed meanwhile comes again.
        return Harvest(since=began or harvest.since)

    def _is_fresh(self, harvest: Harvest) -> bool:
        taken_at = read_moment(harvest.token_at, "token_at")
        return taken_at is not None and timedelta() <= self.client.clock.now() - taken_at < TOKEN_LIFE


def _check(page: Page, harvest: Harvest, url: str) -> None:
    if page.token and not page.told:
        raise UpstreamError(url, "sent an empty page before the end", "It does so when busy.", AGAIN)
    if page.token and page.token == harvest.token:
        problem = f"goes in a circle (token {shortened(page.token, 20)!r} again)"
        raise UpstreamError(url, problem, "It is tried again later.", AGAIN)


def _harvest(stored: Any) -> Harvest:
    """What was stored, as far as it can still be used."""
    if not isinstance(stored, dict):
        return Harvest()
    values = {name: str(stored.get(name) or "") for name in asdict(Harvest())}
    try:
        read_day(values["since"], "since")
        read_day(values["response_date"], "response_date")
        read_moment(values["token_at"], "token_at")
    except ValueError:
        return Harvest()
    return Harvest(**values)


def _start(harvest: Harvest, since: date | None, has_harvested: bool) -> Harvest:
    """Where to start: what is under way or due already covers a `since` that is not earlier."""
    if since is None:
        return harvest
    asked = max(since, EARLIEST).isoformat()
    if not has_harvested or (harvest.since and asked < harvest.since):
        return Harvest(since=asked)
    return harvest
