"""Asks arXiv's daily feeds what was announced, RSS or Atom: https://info.arxiv.org/help/rss.html

Knows one upstream; no database, no settings. A feed holds one day and is rebuilt at midnight US Eastern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

import feedparser

from broadsheet.domain.code_links import links_in
from broadsheet.domain.ids import arxiv_key
from broadsheet.domain.paper import BadRecord, Listing, ListingKind, PaperRecord, Told, unique
from broadsheet.domain.withdrawal import is_withdrawn
from broadsheet.lib.http import PoliteClient, Reply, UpstreamError, Validators
from broadsheet.lib.safe_url import web_address
from broadsheet.lib.tex import without_accent_commands
from broadsheet.lib.text import plain_line, shortened
from broadsheet.sources.arxiv_snapshot import bare_doi
from broadsheet.sources.authors import author_names
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.fields import Calendar, Fields, note, read_day, text, tomorrow
from broadsheet.sources.xml_signs import without_forbidden_signs

NAME = "arxiv_feed"
AGAIN = timedelta(minutes=30)
_HEAD = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*(?P<kind>[a-z-]+)\s*(?:Abstract:)?\s*")
_VERSION = re.compile(r"v(\d{1,4})$")
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_ENDS = (b"</feed>", b"</rss>", b"</rdf:RDF>")


@dataclass(frozen=True)
class ArxivFeed:
    """One request per category. Progress holds what each feed said of its version, by address."""

    client: PoliteClient
    categories: tuple[str, ...]
    url: str = "https://rss.arxiv.org/atom"  # or …/rss
    name: str = NAME
    label: str = "arXiv's daily feeds"

    def ask(self, progress: Progress, since: date | None) -> Iterator[Batch]:
        """A feed tells of its own day only, so `since` just means: tell it all again."""
        progress = dict(progress)
        failed: UpstreamError | None = None
        for category in self.categories:
            try:
                yield self._ask_one(f"{self.url}/{category}", progress, is_anew=since is not None)
            except UpstreamError as error:
                if error.retry_after is not None:
                    raise  # arXiv is down or busy: it will be for the other categories too
                failed = failed or error
        if failed is not None:
            raise failed

    def _ask_one(self, url: str, progress: Progress, *, is_anew: bool) -> Batch:
        known = None if is_anew else _known(progress.get(url))
        reply = self.client.get(url, known=known)
        if reply.is_unchanged:
            return Batch([], dict(progress))
        told = read_feed(reply, Calendar(tomorrow(self.client.clock.now())))
        progress[url] = {"etag": reply.validators.etag, "last_modified": reply.validators.last_modified}
        return Batch(told, dict(progress))


def _known(stored: Any) -> Validators | None:
    if not isinstance(stored, dict):
        return None
    known = Validators(str(stored.get("etag", "")), str(stored.get("last_modified", "")))
    return known if known.headers else None


def read_feed(reply: Reply, calendar: Calendar) -> list[Told]:
    """Raises UpstreamError when the reply is no feed. One without entries is: nothing was announced."""
    feed = _parsed(reply.body)
    if not feed.get("version"):
        problem = "sent no feed (it shows a web page when it is down)"
        raise UpstreamError(reply.url, problem, "It is tried again later.", AGAIN)
    if not reply.body.rstrip().endswith(_ENDS):
        raise UpstreamError(reply.url, "sent a feed that breaks off", "It is tried again later.", AGAIN)
    if "feed error" in str(feed.feed.get("title", "")).lower():
        remedy = "Check BROADSHEET_CATEGORIES; names are like cs.LG or hep-th."
        raise UpstreamError(reply.url, "answers that there is no such category", remedy, None)
    return [_told(entry, calendar) for entry in feed.entries]


def _parsed(body: bytes) -> Any:
    # A file object, since feedparser would take plain bytes for a file name. Nothing is sanitised here: a
    # title with <script> in it is a title, and the pages escape it.
    file = BytesIO(without_forbidden_signs(_in_utf8(body)))
    try:
        return feedparser.parse(file, sanitize_html=False, resolve_relative_uris=False)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        return feedparser.FeedParserDict(version="", bozo=True, entries=[], feed={})  # stumbled: no feed


def _in_utf8(body: bytes) -> bytes:
    """arXiv's feeds are UTF-8. What a broken declaration claims instead has crashed the parser."""
    return _DECLARATION.sub(b"", body.decode("utf-8-sig", "replace").encode(), count=1)


def _told(entry: Fields, calendar: Calendar) -> Told:
    where = shortened(str(entry.get("id") or entry.get("link") or "an entry without an id"), 80)
    try:
        record = _record(entry)
        calendar.check(record)
        return record
    except ValueError as error:
        return BadRecord(NAME, where, str(error))


def _record(entry: Fields) -> PaperRecord:
    told_id = text(entry, "id") or text(entry, "link")
    summary = text(entry, "summary")
    kind = _kind(entry, summary)
    day = _day(text(entry, "published"))
    abstract = _HEAD.sub("", summary, count=1)
    version = _VERSION.search(told_id)
    return PaperRecord(
        source=NAME,
        key=arxiv_key(told_id),
        title=without_accent_commands(text(entry, "title")),
        abstract=abstract,
        authors=_authors(entry),
        categories=unique(plain_line(str(tag.get("term") or "")) for tag in entry.get("tags", [])),
        announced_on=day if kind is ListingKind.NEW else None,
        # One feed calls a paper new and another a cross-list, on the same day: both must say the same.
        updated_on=day,
        told_on=day,
        version=int(version[1]) if version else None,
        journal_ref=note(entry, "arxiv_journal_reference"),
        doi=bare_doi(text(entry, "arxiv_doi")),
        licence=web_address(text(entry, "rights")) or "",
        is_withdrawn=is_withdrawn(abstract, ""),
        links=links_in(abstract),
        listings=(Listing("arxiv", day, kind),),
    )


def _kind(entry: Fields, summary: str) -> ListingKind:
    head = _HEAD.match(summary)
    told = text(entry, "arxiv_announce_type") or (head["kind"] if head else "")
    try:
        return ListingKind(told)
    except ValueError:
        expected = "new, cross, replace or replace-cross"
        raise ValueError(f"announce type {shortened(told, 40)!r}; expected {expected}") from None


def _day(published: str) -> date:
    """The day as arXiv writes it, in its own time zone: midnight there is another day nowhere else."""
    if not published:
        raise ValueError("no date of announcement")
    if published[:1].isdigit():
        return read_day(published, "published") or date.min
    try:
        return parsedate_to_datetime(published).date()
    except (ValueError, OverflowError):
        raise ValueError(f"published {shortened(published, 40)!r} is no date") from None


def _authors(entry: Fields) -> tuple[str, ...]:
    lines = [str(author.get("name") or "") for author in entry.get("authors", [])]
    return unique(name for line in lines for name in author_names(line))
