"""Asks Hugging Face's daily list: which papers stand on it, and how often they were upvoted since.

Knows one upstream; no database, no settings. https://huggingface.co/.well-known/openapi.json
The summaries it makes are not ours and are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import orjson

from broadsheet.domain.code_links import link_to, links_in
from broadsheet.domain.ids import arxiv_key
from broadsheet.domain.paper import BadRecord, Link, LinkKind, Listing, ListingKind, PaperRecord, Told, unique
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.withdrawal import is_withdrawn
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.lib.text import shortened
from broadsheet.sources import fields as read
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.fields import Calendar, Fields

NAME = "huggingface"
PAGE = 100
MOST_PAGES = 20
DAYS = 14  # upvotes of older lists hardly change
FRESH_DAYS = 3  # these are asked each time, older ones once a day
AGAIN = timedelta(minutes=30)


@dataclass(frozen=True)
class HuggingFace:
    """Progress: on which day each list was asked last, {"asked": {"2026-05-18": "2026-05-22"}}."""

    client: PoliteClient
    url: str = "https://huggingface.co"
    name: str = NAME
    label: str = "Hugging Face daily papers"
    days: int = DAYS

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """One batch a list, newest first, so that the day's papers come before the old counts."""
        today = self.client.clock.now().date()
        asked = _asked(progress, today - timedelta(days=self.days))
        for day in _days(today, since or today - timedelta(days=self.days)):
            is_fresh = (today - day).days <= FRESH_DAYS
            if is_fresh or since is not None or asked.get(day.isoformat()) != today.isoformat():
                told = [_told(row, day, today) for row in self._list_of(day, today)]
                asked[day.isoformat()] = today.isoformat()
                yield Batch(told, {"asked": dict(asked)})

    def _list_of(self, day: date, today: date) -> list[object]:
        try:
            return list(self._rows(day))
        except UpstreamError as error:
            if error.status == 400 and day == today:
                return []  # its day has not begun yet: our clock is ahead of it
            raise

    def _rows(self, day: date) -> Iterator[object]:
        url = f"{self.url}/api/daily_papers"
        before: list[object] = []
        for page in range(MOST_PAGES):
            query = {"date": day.isoformat(), "limit": str(PAGE), "p": str(page)}
            rows = _list(self.client.get(url, query).body, url)
            if rows == before:  # it has been seen to ignore p, and then sends the first page for ever
                return
            yield from rows
            if len(rows) < PAGE:
                return
            before = rows


def _asked(progress: Progress, oldest: date) -> dict[str, str]:
    stored = progress.get("asked")
    if not isinstance(stored, dict):
        return {}
    return {day: str(on) for day, on in stored.items() if day >= oldest.isoformat()}


def _days(today: date, oldest: date) -> Iterator[date]:
    for back in range((today - oldest).days + 1):
        yield today - timedelta(days=back)


def _list(body: bytes, url: str) -> list[object]:
    try:
        rows = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        problem = "sent no JSON (it shows a web page when it is down)"
        raise UpstreamError(url, problem, "It is tried again later.", AGAIN) from error
    if not isinstance(rows, list):
        raise UpstreamError(url, "sent no list of papers", "The service may have changed.", AGAIN)
    return rows


def _told(row: object, day: date, today: date) -> Told:
    where = f"the list of {day}"
    try:
        if not isinstance(row, dict) or not isinstance(row.get("paper"), dict):
            raise ValueError("an entry that holds no paper")
        paper = row["paper"]
        where = shortened(f"{where}, {paper.get('id')}", 80)
        record = _record(row, paper, day, today)
        Calendar(today + timedelta(days=1)).check(record)
        return record
    except ValueError as error:
        return BadRecord(NAME, where, str(error))


def _record(row: Fields, paper: Fields, day: date, today: date) -> PaperRecord:
    """The inner object is right where the two differ: the outer publishedAt is moved by some hours."""
    abstract = read.text(paper, "summary")
    return PaperRecord(
        source=NAME,
        key=arxiv_key(read.text(paper, "id")),
        title=read.text(paper, "title") or read.text(row, "title"),
        abstract=abstract,
        authors=_authors(paper),
        submitted_at=read.moment(paper, "publishedAt"),
        told_on=today,
        is_withdrawn=is_withdrawn(abstract, ""),
        links=_links(paper, abstract),
        # A true time until early 2026, midnight of the list's day since: either way its date is the list's.
        listings=(Listing(NAME, read.day(paper, "submittedOnDailyAt") or day, ListingKind.DAILY),),
        signals=_signals(row, paper, today),
    )


def _authors(paper: Fields) -> tuple[str, ...]:
    shown = (author for author in read.rows(paper, "authors") if not author.get("hidden"))
    return unique(read.text(author, "name") for author in shown)


def _links(paper: Fields, abstract: str) -> tuple[Link, ...]:
    code = link_to(read.text(paper, "githubRepo"), LinkKind.CODE)
    project = link_to(read.text(paper, "projectPage"), LinkKind.PROJECT)
    return tuple(dict.fromkeys([*code, *project, *links_in(abstract)]))


def _signals(row: Fields, paper: Fields, today: date) -> tuple[SignalReading, ...]:
    counts = {
        SignalKind.UPVOTES: read.count(paper, "upvotes"),
        SignalKind.COMMENTS: read.count(row, "numComments"),
        SignalKind.STARS: read.count(paper, "githubStars"),
    }
    return tuple(one for kind, value in counts.items() for one in read.readings(kind, today, value))
