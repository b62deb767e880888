"""What a digest holds, as plain values: the templates and the text are made from these and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from broadsheet.deliver.latex import without_maths
from broadsheet.domain.edition import Window, day_in_words
from broadsheet.domain.ids import paper_ref
from broadsheet.domain.signal import SignalKind
from broadsheet.store.page_values import Facts, Placed

AUTHORS_SHOWN = 3
LONGEST_TITLE = 200  # characters; a mail shows no more of anything that somebody wrote
LONGEST_TEXT = 900
LONGEST_LINE = 280
_FIGURES = (
    (SignalKind.UPVOTES, "upvote"),
    (SignalKind.STARS, "star"),
    (SignalKind.COMMENTS, "comment"),
    (SignalKind.POINTS, "point"),
    (SignalKind.CITATIONS, "citation"),
)


@dataclass(frozen=True, slots=True)
class Story:
    """One paper of a digest, all of it plain text."""

    rank: int
    title: str
    authors: str
    one_line: str
    text: str  # the summary, or the beginning of the abstract
    reason: str
    figures: str
    url: str
    code: str


@dataclass(frozen=True, slots=True)
class Digest:
    window: Window
    paper_count: int
    stories: tuple[Story, ...]
    url: str  # of the edition
    site_url: str
    empty_headline: str  # why there are no papers; "" when there are some
    empty_words: str
    next_on: date

    @property
    def subject(self) -> str:
        """The date, and the paper that leads."""
        day = f"{self.window.start:%a} {self.window.start.day} {self.window.start:%b}"
        lead = self.stories[0].title if self.stories else self.empty_headline
        return _cut(f"{day}: {lead}", 150)

    @property
    def preheader(self) -> str:
        """What mail programs show beside the subject."""
        if not self.stories:
            return self.empty_words
        lead = self.stories[0]
        return _cut(f"{self.paper_count:,} papers. {lead.one_line or lead.reason}", 140)

    @property
    def next_in_words(self) -> str:
        return day_in_words(self.next_on)


def without_lines(digest: Digest, kept: int) -> Digest:
    """The same with one-line summaries for the first papers only, where a mail would be too large."""
    stories = (
        replace(story, one_line="") if at >= kept else story for at, story in enumerate(digest.stories)
    )
    return replace(digest, stories=tuple(stories))


def story_of(place: Placed, site_url: str) -> Story:
    paper = place.paper
    return Story(
        rank=place.rank,
        title=_cut(without_maths(paper.title), LONGEST_TITLE),
        authors=_authors(paper.authors),
        one_line=_cut(without_maths(paper.one_line), LONGEST_LINE),
        text=_cut(without_maths(paper.summary or paper.abstract), LONGEST_TEXT),
        reason=_cut(place.reason, LONGEST_LINE),
        figures=_figures(paper),
        url=f"{site_url}/paper/{paper_ref(paper.key)}",
        code=paper.code,
    )


def _authors(names: Sequence[str]) -> str:
    shown = ", ".join(_cut(without_maths(name), 80) for name in names[:AUTHORS_SHOWN])
    more = len(names) - AUTHORS_SHOWN
    return f"{shown} + {more}" if more > 0 else shown


def _figures(paper: Facts) -> str:
    known = ((paper.latest(kind), word) for kind, word in _FIGURES)
    return " · ".join(
        f"{value:,} {word}{'' if value == 1 else 's'}" for value, word in known if value is not None
    )


def _cut(text: str, most: int) -> str:
    """Whole words, and a sign that there was more."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
