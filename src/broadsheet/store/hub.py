"""Which editions a hub has been told of."""

from collections.abc import Iterable

import orjson

from broadsheet.store.models import Edition, Fact

NAME = "websub_told"
States = dict[str, str]  # of the newest edition of each kind of window


def states(kinds: Iterable[str]) -> States:
    """Another one when there is a newer edition, when it is printed, and at most once an hour when it is
    made anew or shows something else of its papers."""
    found: States = {}
    for kind in kinds:
        rows = Edition.objects.filter(kind=kind).order_by("-start", "-view")  # "printed" before "latest"
        newest = rows.values_list("start", "view", "made_at", "shown_at").first()
        if newest:
            start, view, made_at, shown_at = newest
            hour = max(made_at, shown_at or made_at).replace(minute=0, second=0, microsecond=0)
            found[str(kind)] = f"{start} {view} {hour}"
    return found


def told() -> States:
    value = Fact.objects.filter(name=NAME).values_list("value", flat=True).first()
    return dict(orjson.loads(value)) if value else {}


def keep_told(now: States) -> None:
    Fact.objects.update_or_create(name=NAME, defaults={"value": orjson.dumps(now).decode()})
