"""One word for how things stand in the store: who has an answer of that word need not read it again."""

from django.db.models import Count, Subquery, Value

from broadsheet.store import changes
from broadsheet.store.models import Correction, Counter, Fact, StaleWindow
from broadsheet.store.unread import HOW_FAR


def store_mark() -> str:
    """Another one whenever a paper, a signal, a reading or an edition has changed. One query."""
    waiting = StaleWindow.objects.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")
    corrected = Correction.objects.order_by("-pk").values("pk")[:1]
    read = Fact.objects.filter(name=HOW_FAR).values("value")
    more = (Subquery(waiting), Subquery(corrected), Subquery(read))  # editions are made as the first falls
    counters = Counter.objects.filter(name__in=(changes.CHANGE, changes.MARK)).order_by("name")
    return str(list(counters.values_list("value", *more)))
