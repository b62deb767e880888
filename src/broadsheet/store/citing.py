"""Whose turn it is to have its citations counted. That a paper was asked for is kept like any telling."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from broadsheet.domain.ids import PaperKey
from broadsheet.store.models import Paper, PaperSource

# They are asked for one paper after the other, so that also "I do not know it" is an answer to remember.
COUNTERS = ("semantic_scholar", "openalex")
YOUNG = timedelta(days=60)
YOUNG_AGAIN = timedelta(days=3)
AGAIN = timedelta(days=7)
OTHERS_SHARE = 5  # one turn in five goes to older papers


def due(source: str, limit: int, today: date) -> list[PaperKey]:
    """At most so many: never asked first, newest before old, then the longest ago. Four queries.

    Papers without any id are left out: a title alone does not tell which work is meant.
    """
    is_young = Q(dated_on__gte=today - YOUNG)
    young = _in_turn(source, limit, is_young, today - YOUNG_AGAIN)
    others = _in_turn(source, limit, ~is_young | Q(dated_on=None), today - AGAIN)
    for_others = min(len(others), max(limit // OTHERS_SHARE, limit - len(young)))
    return young[: limit - for_others] + others[:for_others]


def _in_turn(source: str, limit: int, wanted: Q, asked_by: date) -> list[PaperKey]:
    told = PaperSource.objects.filter(source=source)
    papers = Paper.objects.filter(wanted).filter(Q(key__startswith="arxiv:") | Q(key__startswith="doi:"))
    never: QuerySet[Any] = papers.exclude(Exists(told.filter(paper=OuterRef("pk"))))
    keys = list(never.order_by("-dated_on", "-id").values_list("key", flat=True)[:limit])
    again = told.filter(told_on__lte=asked_by, paper__in=papers).order_by("told_on", "id")
    if len(keys) < limit:
        keys += again.values_list("paper__key", flat=True)[: limit - len(keys)]
    return [PaperKey(key) for key in keys]
