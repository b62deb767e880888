"""Change numbers: every change of a paper gets the next one, and whoever follows the store reads by them."""

from django.db import connection
from django.db.models import F
from django.utils import timezone

from broadsheet.store.models import ChangeTime, Counter

CHANGE = "change"
MARK = "mark"
POST = "post"  # nothing is counted by it: whoever holds its row claims deliveries


def write_alone() -> None:
    """Wait, in a transaction, until no other process writes papers or editions, and keep them waiting.

    SQLite has one writer anyway. On PostgreSQL two that take in the same papers would each miss what
    the other has not committed yet, and hold rows that the other needs.
    """
    lock(CHANGE)


def lock(name: str) -> None:
    """Wait, in a transaction, until no other process holds a counter, and hold it until the end."""
    if not connection.features.has_select_for_update:
        return
    while not Counter.objects.select_for_update().filter(name=name):  # a restore may replace the row
        Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)


def take_mark() -> int:
    """A mark for windows of which no paper has changed, in a transaction: below 0, never the same."""
    return -_taken(MARK, 1)[0]


def take_numbers(count: int) -> range:
    """The next `count` change numbers, in a transaction.

    Taking them locks the counter's row until the transaction ends, so numbers become visible in
    their order: a follower that has seen number n has seen all before it.
    """
    return _taken(CHANGE, count)


def _taken(name: str, count: int) -> range:
    counters = Counter.objects.filter(name=name)
    if not counters.update(value=F("value") + count):
        Counter.objects.get_or_create(name=name, defaults={"value": 0})
        counters.update(value=F("value") + count)
    last = counters.values_list("value", flat=True).get()
    return range(last - count + 1, last + 1)


def note_time() -> None:
    """Write down, in the transaction of the newest changes and as its end, when they were made.

    By the clock and not by the run's own time: a run may take hours, and whoever asked meanwhile must not
    find changes later that are dated before. Times never go back, even if the clock does.
    """
    number, now = newest(), timezone.now().replace(microsecond=0)
    last = ChangeTime.objects.order_by("-up_to").first()
    if last is not None and last.up_to >= number:
        return
    if last is not None and last.at >= now:
        ChangeTime.objects.filter(up_to=last.up_to).update(up_to=number)
    else:
        ChangeTime.objects.create(up_to=number, at=now)


def newest() -> int:
    return Counter.objects.filter(name=CHANGE).values_list("value", flat=True).first() or 0
