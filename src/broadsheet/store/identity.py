"""Who this database is: an id that an index keeps, so that it is never read beside another store."""

import secrets

from django.utils import timezone

from broadsheet.store.models import Edition, Fact

NAME = "database_id"


def database_id() -> str:
    """The id of this database, made at the first call."""
    value = Fact.objects.filter(name=NAME).values_list("value", flat=True).first()
    if value is not None:
        return value
    Fact.objects.bulk_create([Fact(name=NAME, value=secrets.token_hex(8))], ignore_conflicts=True)
    return Fact.objects.values_list("value", flat=True).get(name=NAME)


def become_another() -> None:
    """After other data came in by another way than intake: every index of it must be built anew, and no
    program may take it for what it has read before."""
    Fact.objects.update_or_create(name=NAME, defaults={"value": secrets.token_hex(8)})
    Edition.objects.update(readings_no=secrets.randbelow(10**9), shown_at=timezone.now())
