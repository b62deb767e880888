"""Which mails are still of somebody: their deliveries and subscriptions may have been deleted since."""

from collections.abc import Collection

from django.db.models import Model

from broadsheet.store.models import Delivery, Subscription

AT_ONCE = 500


def deliveries_here(pks: Collection[int]) -> set[int]:
    return _here(Delivery, pks)


def subscriptions_here(pks: Collection[int]) -> set[int]:
    return _here(Subscription, pks)


def _here(kind: type[Model], pks: Collection[int]) -> set[int]:
    wanted = sorted(pks)
    found: set[int] = set()
    for first in range(0, len(wanted), AT_ONCE):
        some = kind._default_manager.filter(pk__in=wanted[first : first + AT_ONCE])
        found.update(some.values_list("pk", flat=True))
    return found
