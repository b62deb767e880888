"""A paper in memory while a batch of records is merged into it; knows what has changed."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from broadsheet.domain.code_links import official, repository_url
from broadsheet.domain.ids import title_hash
from broadsheet.domain.paper import Link, LinkKind, Listing, ListingKind, PaperRecord, Removal
from broadsheet.domain.signal import SignalKind
from broadsheet.store.merge import FIELDS, ONE_ENTRY_A_DAY, Teller, said

_STRONGER = {ListingKind.NEW: 4, ListingKind.DAILY: 4, ListingKind.CROSS: 3, ListingKind.REPLACE: 2}
UNSEEN = {"origins", "title_hash"}  # columns that no list shows
IN_EDITION = (ListingKind.NEW, ListingKind.DAILY)


@dataclass(slots=True)
class PaperRow:
    """The columns of models.Paper as plain values: building a model per paper took a fifth of an import."""

    key: str
    title: str
    title_hash: int
    first_seen_at: datetime
    pk: int | None = None  # None until it is stored
    abstract: str = ""
    summary: str = ""
    one_line: str = ""
    authors: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    categories: str = ""
    submitted_at: datetime | None = None
    announced_on: date | None = None
    updated_on: date | None = None
    dated_on: date | None = None
    version: int | None = None
    comments: str = ""
    journal_ref: str = ""
    doi: str = ""
    licence: str = ""
    is_withdrawn: bool = False
    origins: dict[str, str] = field(default_factory=dict)
    change_no: int = 0


COLUMNS = tuple(column.name for column in fields(PaperRow) if column.name != "pk")


def _empty(name: str) -> Any:
    blank = PaperRow("", "", 0, datetime.min)  # noqa: DTZ901  (stands for no moment)
    return getattr(blank, name)


@dataclass(slots=True)
class Draft:
    """One paper, its tellers and its attachments, as stored plus what this batch adds."""

    paper: PaperRow
    tellers: dict[str, Teller] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    listings: dict[tuple[str, date], ListingKind] = field(default_factory=dict)
    signals: dict[tuple[SignalKind, date], int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)  # columns of the paper
    new_tellers: set[str] = field(default_factory=set)
    new_links: dict[str, str] = field(default_factory=dict)  # url: source
    new_listings: set[tuple[str, date]] = field(default_factory=set)
    new_signals: set[tuple[SignalKind, date]] = field(default_factory=set)
    former_keys: set[str] = field(default_factory=set)  # that now lead to this paper
    gone_ids: list[int] = field(default_factory=list)  # rows that were merged into this one
    replaced: dict[tuple[SignalKind, date], int | None] = field(default_factory=dict)  # by new_signals
    days_before: frozenset[date] = frozenset()  # the editions it stood in when the batch began

    @property
    def pk(self) -> int:
        """Only once it is stored."""
        if self.paper.pk is None:
            raise ValueError(f"{self.paper.key} is not stored yet")
        return self.paper.pk

    @property
    def is_new(self) -> bool:
        return self.paper.pk is None

    @property
    def has_changed(self) -> bool:
        return bool(
            self.changed or self.former_keys or self.new_links or self.new_listings or self.new_signals
        )

    @property
    def is_shown_otherwise(self) -> bool:
        """Whether editions show other things of it; their signals are those that they were made from."""
        return not self.is_new and bool(self.changed - UNSEEN or self.former_keys or self.new_links)

    def merge(self, record: PaperRecord, digest: str) -> None:
        """Take in what one record says. The same record again changes nothing."""
        teller = Teller(record.source, record.told_on)
        before = self.tellers.get(record.source)
        if before is None or self._is_news(teller, before, digest):
            self._merge_fields(record, teller)
            if before != teller or self.digests.get(record.source) != digest:
                self.tellers[record.source] = teller
                self.digests[record.source] = digest
                self.new_tellers.add(record.source)
        self._merge_attachments(record)
        self._merge_days(record)

    def _is_news(self, teller: Teller, before: Teller, digest: str) -> bool:
        """A file may hold a paper twice, told on the same day: then the fuller entry stands, in any order."""
        if teller.source in ONE_ENTRY_A_DAY and teller.told_on == before.told_on:
            return digest >= self.digests.get(teller.source, "")
        return not teller.is_older_than(before)

    def remove(self, removal: Removal) -> None:
        """The upstream no longer holds the paper: it is kept here, marked as withdrawn."""
        teller = Teller(removal.source, removal.told_on)
        before = self.tellers.get(removal.source)
        if before is not None and teller.is_older_than(before):
            return
        self.merge_field("is_withdrawn", True, teller)
        if before != teller:
            self.tellers[removal.source] = teller
            self.digests[removal.source] = ""
            self.new_tellers.add(removal.source)

    def edition_days(self) -> set[date]:
        """The days in whose editions the paper stands."""
        days = {day for (_, day), kind in self.listings.items() if kind in IN_EDITION}
        return days | ({self.paper.announced_on} if self.paper.announced_on else set())

    def _merge_fields(self, record: PaperRecord, teller: Teller) -> None:
        spoken = said(record)
        if not self.paper.origins:  # the first to tell: nothing to weigh
            for name, value in spoken.items():
                setattr(self.paper, name, value)
            self.paper.origins = dict.fromkeys(spoken, record.source)
            return
        for name, value in spoken.items():
            self.merge_field(name, value, teller)
        if (
            record.source in self.tellers
        ):  # a field that this source told before and tells no longer is emptied
            for name in FIELDS:
                if name not in spoken and self.paper.origins.get(name) == record.source:
                    self._set(name, _empty(name))

    def merge_field(self, name: str, value: object, teller: Teller) -> None:
        origin = self.paper.origins.get(name)
        if origin is not None:
            holder = self.tellers.get(origin, Teller(origin, None))
            if not teller.beats(holder):
                return
        self._set(name, value)
        if origin != teller.source:
            self.paper.origins[name] = teller.source
            self.changed.add("origins")

    def _set(self, name: str, value: Any) -> None:
        if getattr(self.paper, name) != value:
            setattr(self.paper, name, value)
            self.changed.add(name)
            if name == "title":
                self._set("title_hash", title_hash(value))

    def _merge_days(self, record: PaperRecord) -> None:
        told = record.announced_on
        if told and (self.paper.announced_on is None or told < self.paper.announced_on):
            self._set("announced_on", told)
        paper = self.paper
        submitted_on = paper.submitted_at.date() if paper.submitted_at else None
        listed = min((day for _, day in self.listings), default=None)
        self._set("dated_on", submitted_on or paper.announced_on or paper.updated_on or listed)

    def _merge_attachments(self, record: PaperRecord) -> None:
        for link in record.links:
            self.add_link(link, record.source)
        for listing in record.listings:
            self.add_listing(listing)
        for reading in record.signals:
            self.add_signal(reading.kind, reading.day, reading.value)

    def add_link(self, link: Link, source: str) -> None:
        if link.url not in self.links:
            self.links[link.url] = link
            self.new_links[link.url] = source

    def add_listing(self, listing: Listing) -> None:
        at = (listing.list_name, listing.day)
        before = self.listings.get(at)
        if before is None or _STRONGER.get(listing.kind, 1) > _STRONGER.get(before, 1):
            self.listings[at] = listing.kind
            self.new_listings.add(at)

    def add_signal(self, kind: SignalKind, day: date, value: int) -> None:
        before = self.signals.get((kind, day))
        if before != value:
            self.replaced.setdefault((kind, day), before)
            self.signals[kind, day] = value
            self.new_signals.add((kind, day))

    def count_anew(self, kind: SignalKind, day: date, value: int) -> None:
        """Put a better count in the place of one that this batch told."""
        at = (kind, day)
        if at in self.new_signals:
            self.signals[at] = value
            if self.replaced[at] == value:
                self.new_signals.discard(at)

    def own_repository(self) -> str | None:
        """The authors' own repository, where it is on GitHub; as store.models.Repository.url."""
        code = [link.url for link in self.links.values() if link.kind is LinkKind.CODE]
        return repository_url(official(code, self.paper.title, self.paper.names) or "")
