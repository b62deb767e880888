"""Makes what one result of a search shows: passage, reason, marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.deliver.web.passages import passage
from broadsheet.rank.hits import Words, hits
from broadsheet.rank.search import By, Found
from broadsheet.rank.why import why
from broadsheet.store import pages
from broadsheet.store.page_values import Facts


@dataclass(frozen=True, slots=True)
class Result:
    rank: int
    paper: Facts
    passage: str
    why: str  # without a full stop; "" where it would say the same of every result
    score: float


def results_of(found: Sequence[Found], words: Words, *, first: int) -> list[Result]:
    """In their order; a paper that has gone since it was indexed is left out."""
    papers = pages.papers_by_ids([one.paper_id for one in found])
    by_id = {one.paper_id: one for one in found}
    return [
        _result(rank, paper, by_id[paper.paper_id], words) for rank, paper in enumerate(papers, start=first)
    ]


def _result(rank: int, paper: Facts, found: Found, words: Words) -> Result:
    text = _most_telling((paper.abstract, paper.summary, paper.own_line), words)
    places = {
        "in the title": paper.title,
        "among the authors": " · ".join(paper.authors),
        "in the abstract": paper.abstract,
        "in the summary": f"{paper.summary} {paper.own_line}",
    }
    reason = "" if found.by is By.FILTERS else why(found.by, words, places)
    return Result(rank, paper, passage(text, words), reason, found.score)


def _most_telling(texts: Iterable[str], words: Words) -> str:
    """The first text that there is, unless a later one holds words and it holds none."""
    told = [text for text in texts if text] or [""]
    return next((text for text in told if hits(text, words)), told[0])
