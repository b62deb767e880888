"""What an answer looks like, for the page: made of its schema, with one row, and short."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

Json = dict[str, Any]
_FIRST_FIELDS = 8  # of a row; the table beside it has all
_VALUES: Json = {
    "id": "2605.12882",
    "title": "A title",
    "authors": ["Ada Lovelace", "Grace Hopper"],
    "categories": ["cs.LG", "cs.CL"],
    "reason": "Here for 204 upvotes in two days",
    "next": "W2ZvdXJd.Kx2…",
    "slug": "2026-05-22",
    "edition": "day/2026-05-22",
    "kind": "day",
    "series": [{"kind": "upvotes", "crowd": "hugging face", "points": [{"day": "2026-05-22", "value": 204}]}],
    "signals": {"upvotes": 204, "stars": 112},
    "unit": "%",
    "subject": "GPT-4",
    "dataset": "ImageNet",
    "metric": "accuracy",
    "state": "active",
    "often": "daily",
    "zone": "Europe/Berlin",
    "address": "you@example.org",
}
_OF_AN_EDITION = {"id": "day/2026-05-22", "title": "Friday 22 May 2026"}
_VALUES_OF: dict[str, Json] = {
    "list_editions": _OF_AN_EDITION,
    "list_names": {"id": "gpt4", "name": "GPT-4"},
    "list_categories": {"id": "cs.LG"},
    "get_subscription": {"id": "subscription"},
    "change_subscription": {"id": "subscription"},
    "get_status": {"id": "site"},
}
_BY_TYPE: Json = {"integer": 1, "number": 0.87, "boolean": False, "string": "…", "null": None, "object": {}}
_BY_FORMAT = {"date": "2026-05-22", "date-time": "2026-05-22T06:00:00Z"}
_HIDDEN = ("abstract", "summary", "one_line")  # long, and said in the table


def sample(told: Json, schema: Json, operation: str, path: str) -> str:
    """As JSON, with the fields that the example at `path` chooses; "" where nothing is answered."""
    if not schema:
        return ""
    chosen = parse_qs(urlsplit(path).query).get("fields", [""])[0].split(",")
    made = _made(told, schema, _VALUES | _VALUES_OF.get(operation, {}), [name for name in chosen if name])
    return orjson.dumps(made, option=orjson.OPT_INDENT_2).decode()


def _made(told: Json, schema: Json, known: Json, chosen: list[str]) -> Any:
    schema = _followed(told, schema)
    if schema.get("type") == "array":
        return [_made(told, schema.get("items", {}), known, chosen)]
    if "properties" in schema:
        return _object(told, schema["properties"], known, chosen)
    if "anyOf" in schema:
        return _made(told, schema["anyOf"][0], known, chosen)
    if "enum" in schema:
        return schema["enum"][0]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(schema.get("type", ""), "…"))


def _object(told: Json, properties: Json, known: Json, chosen: list[str]) -> Json:
    if "items" in properties:  # a page: the fields are those of its rows
        names = [name for name in properties if name in ("items", "next", "edition", "total")]
    else:
        wanted = ["id", *chosen] if chosen else [name for name in properties if name not in _HIDDEN]
        names = [name for name in properties if name in wanted][:_FIRST_FIELDS]
    return {name: _value(told, properties[name], name, known, chosen) for name in names}


def _value(told: Json, schema: Json, name: str, known: Json, chosen: list[str]) -> Any:
    if name in known and schema.get("type") != "integer" and "$ref" not in schema:
        return known[name]
    of_it = known | _OF_AN_EDITION if name == "edition" else known
    return _made(told, schema, of_it, chosen if name == "items" else [])


def _followed(told: Json, schema: Json) -> Json:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = told["components"]["schemas"].get(name, schema) if name else schema
    return found
