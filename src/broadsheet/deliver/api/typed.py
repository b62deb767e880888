"""Writes the types of the client out of the OpenAPI document: python -m broadsheet.deliver.api.typed."""

import os
from collections.abc import Iterator
from typing import Any

HEAD = '''"""What the API answers. Written out of its document by `make docs`; a test compares the two.

With `fields` only those that were asked for are there, and the id.
"""

from typing import TypedDict'''
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_OF_REQUESTS = ("Change", "MailForm", "Often", "SubscriptionState", "ProblemTold", "Fault")

Json = dict[str, Any]


def source(document: Json) -> str:
    told = document["components"]["schemas"]
    parts = [
        HEAD,
        *("\n".join(_class(name, told[name])) for name in sorted(told) if name not in _OF_REQUESTS),
    ]
    return "\n\n\n".join(parts) + "\n"


def _class(name: str, schema: Json) -> Iterator[str]:
    properties = schema["properties"]
    is_chosen = set(schema.get("required", [])) != set(properties)
    yield f"class {name}(TypedDict{', total=False' if is_chosen else ''}):"
    for field, one in properties.items():
        yield f"    {field}: {_type(one)}"


def _type(schema: Json) -> str:
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return f'"{schema["$ref"].rpartition("/")[2]}"'
    if schema.get("type") == "array":
        return f"list[{_type(schema['items'])}]"
    if "additionalProperties" in schema:
        return f"dict[str, {_type(schema['additionalProperties'])}]"
    return _PLAIN[schema["type"]]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    import django  # noqa: PLC0415  (the document is made of routes, which need settings)

    django.setup()
    from broadsheet.deliver.api.document import document  # noqa: PLC0415
    from broadsheet.deliver.api.examples import Here  # noqa: PLC0415

    print(source(document("", Here())), end="")  # noqa: T201


if __name__ == "__main__":
    main()
