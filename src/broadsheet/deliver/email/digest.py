"""What a digest holds, as plain values: the templates and the text are made from these and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from broadsheet.deliver.latex import without_maths
from broadsheet.domain.addresses import paper_url
from broadsheet.domain.edition import Window, WindowKind, day_in_words
from broadsheet.domain.ids import paper_ref
from broadsheet.domain.signal import SignalKind
from broadsheet.lib.text import plain_line
from broadsheet.store.page_values import Facts, Placed

AUTHORS_SHOWN = 3
LONGEST_TITLE = 200  # characters; a mail shows no more of anything that somebody wrote
LONGEST_TEXT = 900
LONGEST_LINE = 280
LONGEST_OPENING = 200  # of a text that stands for a summary in one line
LONGEST_SUBJECT = 150
LONGEST_PREHEADER = 200
LONGEST_URL = 500  # a longer one is left out: the page of the paper has it
WRITTEN = " (machine-written)"
_FIGURES = (
    (SignalKind.UPVOTES, "upvote"),
    (SignalKind.STARS, "star"),
    (SignalKind.COMMENTS, "comment"),
    (SignalKind.POINTS, "point"),
    (SignalKind.CITATIONS, "citation"),
)


@dataclass(frozen=True, slots=True)
class Story:
    """One paper of a digest, all of it plain text, whatever its place."""

    title: str
    authors: str
    one_line: str
    is_written: bool  # the line, by a language model
    text: str  # the summary, or the beginning of the abstract
    reason: str
    figures: str
    url: str
    ref: str  # as it stands in addresses
    code: str

    @property
    def line(self) -> str:
        """What it is about, where there is room for a line only."""
        return self.one_line or _cut(self.text, LONGEST_OPENING)

    @property
    def mark(self) -> str:
        """What stands behind the line."""
        return WRITTEN if self.is_written else ""


@dataclass(frozen=True, slots=True)
class Digest:
    window: Window
    paper_count: int  # of the edition
    stories: tuple[Story, ...]
    url: str  # of the edition
    site_url: str
    next_on: date
    chosen_count: int = 0  # papers of the edition that were chosen for the reader, shown or not
    chosen_for: str = ""  # by what; "": everything
    notes: tuple[str, ...] = ()  # one sentence each
    empty_headline: str = ""  # why there are no papers; "" when there are some
    empty_words: str = ""

    @property
    def subject(self) -> str:
        """The date, and the paper that leads."""
        day = f"{self.window.start:%a} {self.window.start.day} {self.window.start:%b}"
        if self.window.kind is WindowKind.WEEK:
            day = self.window.title
        lead = self.stories[0].title if self.stories else self.empty_headline
        return _cut(f"{day}: {lead}", LONGEST_SUBJECT)

    @property
    def preheader(self) -> str:
        """What mail programs show beside the subject."""
        if not self.stories:
            return _cut(self.empty_words, LONGEST_PREHEADER)
        lead = self.stories[0]
        told = lead.reason if lead.is_written else lead.line or lead.reason  # there is no room to mark it
        return _cut(f"{len(self.stories)} of {self._papers}. {told}", LONGEST_PREHEADER)

    @property
    def head(self) -> str:
        """How many papers of how many, and chosen by what."""
        shown, papers = len(self.stories), self._papers
        if not self.chosen_for:
            return f"{papers}; here are the first {shown}." if self.paper_count > shown else f"{papers}."
        ours = f"{shown} of {papers}, chosen for: {self.chosen_for}."
        behind = self.chosen_count - shown
        return f"{ours} {behind:,} more {'matches' if behind == 1 else 'match'}." if behind > 0 else ours

    @property
    def _papers(self) -> str:
        return f"{self.paper_count:,} paper{'' if self.paper_count == 1 else 's'}"

    @property
    def next_in_words(self) -> str:
        return day_in_words(self.next_on)


def story_of(place: Placed, site_url: str) -> Story:
    paper = place.paper
    return Story(
        title=_cut(without_maths(paper.title), LONGEST_TITLE),
        authors=_authors(paper.authors),
        one_line=_cut(without_maths(paper.one_line), LONGEST_LINE),
        is_written=bool(paper.written_by),
        text=_cut(without_maths(paper.summary or paper.abstract), LONGEST_TEXT),
        reason=_cut(place.reason, LONGEST_LINE),
        figures=_figures(paper),
        url=paper_url(site_url, paper.key),
        ref=quote(paper_ref(paper.key)),
        code=paper.code if len(paper.code) <= LONGEST_URL else "",
    )


def _authors(names: Sequence[str]) -> str:
    shown = ", ".join(_cut(without_maths(name), 80) for name in names[:AUTHORS_SHOWN])
    more = len(names) - AUTHORS_SHOWN
    return f"{shown} +\N{NO-BREAK SPACE}{more}" if more > 0 else shown


def _figures(paper: Facts) -> str:
    known = ((paper.latest(kind), word) for kind, word in _FIGURES)
    return " · ".join(
        f"{value:,} {word}{'' if value == 1 else 's'}" for value, word in known if value is not None
    )


def _cut(text: str, most: int) -> str:
    """Whole words, and a sign that there was more."""
    line = plain_line(text)  # nothing that turns or hides what stands beside it, wherever it came from
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
