"""Papers near to a paper in meaning, each with what the two share."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.rank.search import Engines, Found
from broadsheet.rank.shared import Text, why_similar
from broadsheet.rank.similar import similar
from broadsheet.store import pages
from broadsheet.store.page_values import Brief, Facts

GLANCE = 400  # characters of an abstract: where it says what it is about


@dataclass(frozen=True, slots=True)
class Similar:
    rank: int
    paper: Facts
    why: str  # without a full stop
    score: float  # the cosine: 1 would be the same meaning


@dataclass(frozen=True, slots=True)
class Neighbour:
    key: str
    title: str
    why: str


def briefly_similar(engines: Engines, paper: Facts, *, limit: int) -> list[Neighbour]:
    """As `similar_to`, with one query and a glance at the texts: for beside the paper itself."""
    found = similar(engines.vectors, paper.paper_id, limit=limit) if engines.vectors else []
    own = _glance(paper)
    near = pages.briefs([one.paper_id for one in found])
    return [Neighbour(other.key, other.title, why_similar(own, _glance(other))) for other in near]


def similar_to(engines: Engines, paper: Facts, *, limit: int) -> list[Similar]:
    """The nearest first; none while there are no vectors. Three queries when there are."""
    found = similar(engines.vectors, paper.paper_id, limit=limit) if engines.vectors else []
    return _described(found, paper) if found else []


def _described(found: Sequence[Found], paper: Facts) -> list[Similar]:
    scores = {one.paper_id: one.score for one in found}
    papers = pages.papers_by_ids(list(scores))
    return [
        Similar(rank, other, why_similar(_text(paper), _text(other)), scores[other.paper_id])
        for rank, other in enumerate(papers, start=1)
    ]


def _text(paper: Facts) -> Text:
    return Text(paper.title, paper.abstract or f"{paper.summary} {paper.own_line}")


def _glance(paper: Facts | Brief) -> Text:
    return Text(paper.title, (paper.abstract or paper.summary)[:GLANCE])
