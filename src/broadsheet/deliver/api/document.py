"""The OpenAPI document: what the routes declare, and what holds for all of them.

https://spec.openapis.org/oas/v3.1.0
"""

import re
from copy import deepcopy
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from broadsheet.deliver.api import schemas
from broadsheet.deliver.api.examples import Here, examples
from broadsheet.deliver.api.samples import sample
from broadsheet.deliver.api.service import api

Json = dict[str, Any]
_PROBLEM = "#/components/schemas/ProblemTold"
_TICKED = re.compile(r"`([^`]+)`")
_SCHEMA = re.compile(r"#/components/schemas/(\w+)")
_WHY = {
    "304": "You have it already: the ETag is that of If-None-Match.",
    "400": "The request cannot be read.",
    "401": "The token stands for nothing here, or one is needed.",
    "403": "The token may not do this.",
    "404": "There is no such thing here.",
    "405": "The address does not take this method.",
    "408": "The request has not come whole within 30 seconds; the web server itself says so.",
    "409": "It cannot be done as things are.",
    "411": "A body needs a length.",
    "413": "The body is too large.",
    "414": "The address is longer than 8,190 bytes; the web server itself says so.",
    "415": "The body is not JSON.",
    "422": "A parameter makes no sense; errors names it, what was sent, and what is expected.",
    "429": "Too many requests; Retry-After says when the next one is answered.",
    "431": "The head of the request is longer than 65,536 bytes; the web server itself says so.",
    "500": "Something broke here.",
    "503": "The index is being built anew; Retry-After says when to ask again.",
}
_OF_SERVER = {"408": "text/plain", "414": "text/html", "431": "text/plain"}
_RATE_HEADERS = {
    "RateLimit-Limit": "Requests that may come at once, and again in the period.",
    "RateLimit-Remaining": "Requests that may still come at once.",
    "RateLimit-Reset": "Seconds until the whole allowance is there again.",
}
_DESCRIPTION = (
    "Papers, editions, rankings with their reasons, signals and claims of this site. Reading needs no token."
    " Everything that is refused is told as problem details (RFC 9457)."
)


@lru_cache(maxsize=4)
def document(site_url: str, held: Here) -> Json:
    """Made once of what a site holds; not to be changed."""
    told: Json = deepcopy(dict(api.get_openapi_schema(path_prefix="/api/v1/")))
    told["info"]["description"] = _DESCRIPTION
    told["servers"] = [{"url": site_url}]
    components = told["components"]
    problem = schemas.ProblemTold.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs", {}) | {"ProblemTold": problem}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    components["responses"] = {f"Problem{status}": _problem(status) for status in _WHY}
    for methods in told["paths"].values():
        for method, operation in methods.items():
            _finish(operation, method)
            _show(operation, held)
    components["schemas"] = _needed(told)
    return told


def _needed(told: Json) -> Json:
    """Without the classes of parameters, which the parameters have told one by one."""
    schemas_told, needed = told["components"]["schemas"], set[str]()
    found = set(_SCHEMA.findall(str(told["paths"]) + str(told["components"]["responses"])))
    while found - needed:
        needed |= found
        found = {name for one in needed for name in _SCHEMA.findall(str(schemas_told[one]))}
    return {name: schemas_told[name] for name in sorted(needed)}


def _problem(status: str) -> Json:
    told: Json = {"description": _WHY[status]}
    if status in _OF_SERVER:
        told["content"] = {_OF_SERVER[status]: {"schema": {"type": "string"}}}
    elif status != "304":
        told["content"] = {"application/problem+json": {"schema": {"$ref": _PROBLEM}}}
    return told


def _finish(operation: Json, method: str) -> None:
    operation["operationId"] = operation["operationId"].rpartition("routes_")[2].partition("_")[2]
    for status, response in operation["responses"].items():
        if int(status) < 300:
            response["headers"] = {
                name: {"description": words, "schema": {"type": "integer"}}
                for name, words in _RATE_HEADERS.items()
            }
    statuses = [status for status in _WHY if status != "304" or method == "get"]
    operation["responses"] = {str(status): told for status, told in operation["responses"].items()} | {
        status: {"$ref": f"#/components/responses/Problem{status}"} for status in statuses
    }
    if "security" in operation:
        operation["security"] = [{"token": []}]
    else:
        operation["security"] = [{}, {"token": []}]  # a token raises the limit


def _show(operation: Json, held: Here) -> None:
    """Examples: of parameters in the path for programs, whole requests for people."""
    values = {"ref": held.paper, "kind": "day", "slug": held.day, "id": held.claim}
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["example"] = values[parameter["name"]]
    operation["x-examples"] = [asdict(one) for one in examples(held).get(operation["operationId"], [])]


def groups(told: Json) -> list[Json]:
    """For the page: operations by what they are about, with fields and parameters in words."""
    found: dict[str, list[Json]] = {}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_entry(told, path, method, operation))
    return [{"name": name, "operations": entries} for name, entries in found.items()]


def _entry(told: Json, path: str, method: str, operation: Json) -> Json:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    reply = (
        operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    )
    examples_told = operation.get("x-examples", [])
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "words": _marked(" ".join(operation.get("description", "").split())),
        "parameters": [_parameter(told, one) for one in operation["parameters"]],
        "body": _fields(told, body),
        "reply": _fields(told, reply),
        "rows": _fields(told, _rows(told, reply)),
        "needs_token": {} not in operation["security"],
        "examples": examples_told,
        "sample": sample(
            told, reply, operation["operationId"], examples_told[0]["path"] if examples_told else ""
        ),
    }


def _marked(words: str) -> SafeString:
    """What stands between backticks is code."""
    return mark_safe(_TICKED.sub(r"<code>\1</code>", escape(words)))  # noqa: S308  (escaped, and our own)


def _parameter(told: Json, one: Json) -> Json:
    return {
        "name": one["name"],
        "is_required": one["required"],
        "type": _type(told, one["schema"]),
        "words": _marked(one.get("description", "")),
    }


def _followed(told: Json, schema: Json) -> Json:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = told["components"]["schemas"].get(name, schema) if name else schema
    return found


def _fields(told: Json, schema: Json) -> list[Json]:
    whole = _followed(told, schema)
    return [
        {"name": name, "type": _type(told, one), "words": _marked(one.get("description", ""))}
        for name, one in whole.get("properties", {}).items()
    ]


def _rows(told: Json, schema: Json) -> Json:
    items: Json = _followed(told, schema).get("properties", {}).get("items", {}).get("items", {})
    return items


def _type(told: Json, schema: Json) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(told, one) for one in schema["anyOf"])
    if "$ref" in schema:
        return _type(told, _followed(told, schema))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_type(told, schema.get('items', {}))}"
    if schema.get("type") == "object":
        return str(schema.get("title", "object")).lower()
    limits = [f"{schema[name]}" for name in ("minimum", "maximum") if name in schema]
    kind = str(schema.get("format", schema.get("type", "any")))
    return f"{kind}, {' to '.join(limits)}" if len(limits) == 2 else kind


def problem_fields(told: Json) -> list[Json]:
    return _fields(told, {"$ref": _PROBLEM})
