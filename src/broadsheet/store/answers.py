"""The few facts of papers that an answer to a query shows, in the order asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.signal import SignalKind
from broadsheet.store.models import Paper


@dataclass(frozen=True, slots=True)
class Answer:
    paper_id: int
    key: str
    title: str
    text: str
    authors: list[str]
    upvotes: int


def answers(paper_ids: Sequence[int], key: PaperKey | None = None) -> list[Answer]:
    """The papers in the order of their ids, after the one with `key`, if there is one. One query.

    An id that is in the index but no longer in the store is left out.
    """
    named = Q(key=key) | Q(former_keys__key=key) if key else Q(pk__in=[])
    upvotes = Max("signals__value", filter=Q(signals__kind=SignalKind.UPVOTES), default=0)
    rows = Paper.objects.filter(Q(pk__in=paper_ids) | named).annotate(upvotes=upvotes).distinct()
    found = {row.pk: row for row in rows}
    places = {paper_id: place for place, paper_id in enumerate(paper_ids)}
    in_order = sorted(found, key=lambda pk: places.get(pk, -1))
    return [
        Answer(pk, found[pk].key, found[pk].title, _text(found[pk]), found[pk].authors, found[pk].upvotes)
        for pk in in_order
    ]


def _text(paper: Paper) -> str:
    return "\n".join((paper.abstract, paper.summary, paper.one_line, *paper.names, *paper.keywords))
