"""The few facts of papers that an answer to a query shows, in the order asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.signal import SignalKind
from broadsheet.store.models import Paper, Signal
from broadsheet.store.paper_page import other_name


@dataclass(frozen=True, slots=True)
class Answer:
    paper_id: int
    key: str
    title: str
    year: int | None
    categories: list[str]
    abstract: str
    summary: str  # with the one-line one
    places: dict[str, str]  # all that was indexed of it, by where a reader finds that
    is_named: bool  # the query is a name of it


def answers(paper_ids: Sequence[int], key: PaperKey | None = None) -> list[Answer]:
    """The papers in the order of their ids, after the one that `key` names, if there is one.

    An id that is in the index but no longer in the store is left out.
    """
    named = _named(key) if key else None
    rows = Paper.objects.filter(pk__in=[*paper_ids, *([named] if named else [])])
    found = {row.pk: row for row in rows}
    places = {paper_id: place for place, paper_id in enumerate(paper_ids)} | {named: -1}
    in_order = sorted(found, key=lambda pk: places[pk])
    return [_answer(found[pk], is_named=pk == named) for pk in in_order]


def _answer(paper: Paper, *, is_named: bool) -> Answer:
    summary = f"{paper.summary} {paper.one_line}".strip()
    return Answer(
        paper_id=paper.pk,
        key=paper.key,
        title=paper.title,
        year=paper.dated_on.year if paper.dated_on else None,
        categories=paper.categories.split(),
        abstract=paper.abstract,
        summary=summary,
        places={
            "in the title": paper.title,
            "among the authors": " · ".join(paper.authors),
            "in the abstract": paper.abstract,
            "in the summary": summary,
            "among its topics": " · ".join((*paper.names, *paper.keywords)),
        },
        is_named=is_named,
    )


def upvotes(paper_ids: Sequence[int]) -> dict[int, float]:
    """The newest total of each paper that a source told one of."""
    rows = Signal.objects.filter(paper_id__in=paper_ids, kind=SignalKind.UPVOTES).order_by("day")
    return {paper_id: float(value) for paper_id, value in rows.values_list("paper_id", "value")}


def _named(key: PaperKey) -> int | None:
    """The paper of this key; asked by itself, because no index serves it together with a list of ids."""
    ids = Paper.objects.values_list("pk", flat=True)
    return ids.filter(key=key).first() or ids.filter(key=other_name(key) or "").first()
