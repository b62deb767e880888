"""What a push tells, as plain values: every form is made from these and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
MOST_AUTHORS = 10


class Kind(StrEnum):
    PRINTED = "edition.printed"  # all of an edition
    MATCHED = "search.matched"  # what an edition has for somebody's choices
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Told:
    """A paper, all of it plain text, without formulas' commands and without signs that hide or turn text."""

    rank: int  # in the edition
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


@dataclass(frozen=True, slots=True)
class News:
    kind: Kind
    at: datetime
    window: Window
    site_url: str
    paper_count: int  # of the edition
    matching: int  # papers that were chosen, told or not
    chosen_for: str  # by what; "": everything
    papers: tuple[Told, ...]

    @property
    def url(self) -> str:
        """Of the edition."""
        return f"{self.site_url}/{self.window.kind}/{self.window.slug}"

    @property
    def headline(self) -> str:
        """Our own words: what a webhook's owner chose by is not among them."""
        return f"Test: {self.window.title}" if self.kind is Kind.TEST else self.window.title

    @property
    def count(self) -> str:
        papers = f"{self.paper_count:,} paper{'' if self.paper_count == 1 else 's'}"
        return f"{self.matching:,} of {papers}" if self.kind is Kind.MATCHED else papers


def told(places: Sequence[Placed], site_url: str) -> tuple[Told, ...]:
    return tuple(_told(place, site_url) for place in places)


def _told(place: Placed, site_url: str) -> Told:
    paper = place.paper
    return Told(
        rank=place.rank,
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
