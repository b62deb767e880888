"""One word for how things stand in the store: who has an answer of that word need not read it again."""

from django.db.models import Count, Subquery, Value

from broadsheet.store import changes, identity
from broadsheet.store.models import Counter, Fact, StaleWindow


def store_mark() -> str:
    """Another one whenever a paper, a signal, a reading or an edition has changed. One query."""
    # Editions are made anew when the number of windows that wait for it falls.
    waiting = StaleWindow.objects.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")
    database = Fact.objects.filter(name=identity.NAME).values("value")  # a restored one counts from elsewhere
    counters = Counter.objects.filter(name__in=(changes.CHANGE, changes.MARK)).order_by("name")
    return str(list(counters.values_list("value", Subquery(waiting), Subquery(database))))
