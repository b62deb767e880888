"""Which printed editions a hub has been told of."""

import orjson

from broadsheet.domain.edition import CALENDAR, View
from broadsheet.store.models import Edition, Fact

NAME = "websub_told"
Printed = dict[str, str]  # by kind of window: which edition was printed last


def newest_printed() -> Printed:
    found: Printed = {}
    for kind in CALENDAR:
        rows = Edition.objects.filter(kind=kind, view=View.PRINTED).order_by("-start")
        newest = rows.values_list("start", "made_at").first()
        if newest:
            found[str(kind)] = f"{newest[0]} {newest[1].isoformat()}"
    return found


def told() -> Printed:
    value = Fact.objects.filter(name=NAME).values_list("value", flat=True).first()
    return dict(orjson.loads(value)) if value else {}


def keep_told(printed: Printed) -> None:
    Fact.objects.update_or_create(name=NAME, defaults={"value": orjson.dumps(printed).decode()})
