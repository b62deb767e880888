"""Places in lists, as opaque signed words: nobody can make one up, or use one of another list or database."""

from collections.abc import Sequence
from urllib.parse import urlencode

import orjson
from django.core import signing
from django.http import HttpRequest

from broadsheet.deliver.api.problems import bad
from broadsheet.store.identity import database_id

LONGEST = 300
_FORMAT = "broadsheet.api.cursor.1"
_NO_PART_OF_THE_LIST = ("cursor", "limit", "fields")
EXPECTED = "the word that `next` of this very list has told, with the same parameters"

Place = list[int | str | None]


def place_in(request: HttpRequest, cursor: str) -> Place | None:
    """Behind what the page begins; None for the first page. Raises Problem."""
    if not cursor:
        return None
    try:
        packed = _signer(request).unsign(cursor)
        place: Place = orjson.loads(signing.b64_decode(packed.encode()))
    except (signing.BadSignature, ValueError) as error:
        raise bad("cursor", cursor, EXPECTED) from error
    return place


def cursor_at(request: HttpRequest, place: Sequence[int | str | None]) -> str:
    return _signer(request).sign(signing.b64_encode(orjson.dumps(list(place))).decode())


def address_at(request: HttpRequest, cursor: str) -> str:
    """Of the page behind it, with all that was asked for."""
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return f"{request.path}?{asked.urlencode()}"


def _signer(request: HttpRequest) -> signing.Signer:
    """Its salt is the name of the list: the address, every parameter that makes it another list, and the
    database, whose numbers mean other rows once another one has been put in its place."""
    asked = sorted((name, value) for name, value in request.GET.items() if name not in _NO_PART_OF_THE_LIST)
    name = f"{request.path_info}?{urlencode(asked)}"
    return signing.Signer(sep=".", salt=f"{_FORMAT} {database_id()} {name}")
