"""What the site has learned from its own history, as bytes that only `rank` can read."""

from datetime import date, datetime

from django.db import transaction

from broadsheet.store.models import Learned

USUAL, RECORDS = "usual", "records"


def newest(*names: str) -> tuple[int | None, ...]:
    """The newest row of each name, by its id; None where nothing was learned yet."""
    rows = Learned.objects.filter(name__in=names).order_by("as_of").values_list("name", "pk")
    found: dict[str, int] = dict(rows)
    return tuple(found.get(name) for name in names)


def body(row_id: int) -> bytes:
    return bytes(Learned.objects.values_list("body", flat=True).get(pk=row_id))


def is_there(name: str, as_of: date) -> bool:
    return Learned.objects.filter(name=name, as_of=as_of).exists()


def keep(name: str, as_of: date, body: bytes, now: datetime, *, only_newest: bool = False) -> None:
    with transaction.atomic():
        Learned.objects.update_or_create(name=name, as_of=as_of, defaults={"made_at": now, "body": body})
        if only_newest:
            Learned.objects.filter(name=name, as_of__lt=as_of).delete()
