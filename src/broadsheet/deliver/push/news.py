"""What a push tells, as plain values: every form is made from these and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from broadsheet.deliver.latex import without_maths
from broadsheet.domain.addresses import paper_url
from broadsheet.domain.edition import Window
from broadsheet.domain.ids import paper_ref
from broadsheet.lib.text import plain_line, shortened
from broadsheet.store.page_values import Placed

LONGEST_TITLE = 250  # characters; nothing that somebody wrote is told at any length
LONGEST_LINE = 300
LONGEST_TEXT = 2_000
LONGEST_NAME = 80
LONGEST_URL = 500
LONGEST_DECK = 180
LONGEST_QUERY = 1_000  # of a query search reads no more
LONGEST_ASKED = 1_500  # as it stands in an address, of which Discord takes 2,048
MOST_AUTHORS = 10


class Kind(StrEnum):
    PRINTED = "edition.printed"  # an edition, or what it has for somebody's choices
    ADDED = "edition.added"  # what came in while it was still set anew
    MATCHED = "search.matched"  # what a saved search finds that is new
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Told:
    """A paper, all of it plain text, without formulas' commands and without signs that hide or turn text."""

    rank: int | None  # in the edition, where it has a place there
    id: str
    title: str
    authors: tuple[str, ...]
    author_count: int
    categories: tuple[str, ...]
    one_line: str
    is_written: bool  # the line, by a language model
    text: str
    reason: str
    url: str
    code: str

    @property
    def by(self) -> str:
        first = self.authors[0] if self.authors else ""
        return f"{first} et al." if self.author_count > 1 else first

    @property
    def about(self) -> str:
        """Why it is told, and where nothing ranked it what it is."""
        return self.reason or self.one_line


@dataclass(frozen=True, slots=True)
class News:
    kind: Kind
    at: datetime
    site_url: str
    matching: int  # papers that were chosen, told or not
    chosen_for: str  # by what; "": everything
    papers: tuple[Told, ...]
    window: Window | None = None  # of the edition; None: matches
    paper_count: int = 0  # of the edition
    query: str = ""  # of matches: what finds them on the site
    before: int = 0  # of those matching: told in messages just before this one

    @property
    def url(self) -> str:
        """Of the edition, or of the search, the newest first; where one searches if that is too long."""
        if self.window is None:
            asked = quote(self.query, safe="")
            is_long = len(self.query) > LONGEST_QUERY or len(asked) > LONGEST_ASKED
            return f"{self.site_url}/search" + ("" if is_long else f"?q={asked}&sort=new")
        return f"{self.site_url}/{self.window.kind}/{self.window.slug}"

    @property
    def headline(self) -> str:
        """Our own words: what a webhook's owner chose by is not among them."""
        if self.window is None:
            papers = f"{self.matching:,} new paper{'' if self.matching == 1 else 's'}"
            return f"{papers}, from number {self.before + 1:,} on" if self.before else papers
        added = f"{self.window.title}: {self.matching:,} more"
        return {Kind.TEST: f"Test: {self.window.title}", Kind.ADDED: added}.get(self.kind, self.window.title)

    @property
    def deck(self) -> str:
        """One line below it, which may hold what a webhook's owner typed."""
        if self.window is None:
            return f"For {shortened(self.chosen_for, LONGEST_DECK)}"
        papers = f"{self.paper_count:,} paper{'' if self.paper_count == 1 else 's'}"
        if self.kind is Kind.ADDED:
            return f"Came in late; {papers} in all"
        return f"{self.matching:,} of {papers}" if self.chosen_for else papers

    @property
    def is_numbered(self) -> bool:
        """Whether its order says more than which is newer."""
        return self.kind in (Kind.PRINTED, Kind.TEST)

    def mark(self, place: int) -> str:
        """What stands before the paper at a place, from 1 on: the same in all chats."""
        return f"{place}." if self.is_numbered else "\N{BULLET}"


def told(places: Sequence[Placed], site_url: str) -> tuple[Told, ...]:
    return tuple(_told(place, site_url) for place in places)


def _told(place: Placed, site_url: str) -> Told:
    paper = place.paper
    return Told(
        rank=place.rank or None,
        id=paper_ref(paper.key),
        title=_cut(paper.title, LONGEST_TITLE),
        authors=tuple(_cut(name, LONGEST_NAME) for name in paper.authors[:MOST_AUTHORS]),
        author_count=len(paper.authors),
        categories=paper.categories[:MOST_AUTHORS],
        one_line=_cut(paper.one_line, LONGEST_LINE),
        is_written=bool(paper.written_by),
        text=_cut(paper.summary or paper.abstract, LONGEST_TEXT),
        reason=shortened(plain_line(place.reason), LONGEST_LINE),
        url=paper_url(site_url, paper.key),
        code=paper.code if len(paper.code) <= LONGEST_URL else "",
    )


def _cut(text: str, most: int) -> str:
    return shortened(plain_line(without_maths(text)), most)
