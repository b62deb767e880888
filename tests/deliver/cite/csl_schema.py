"""What CSL-JSON may hold, of the fields that we use: https://citeproc-js.readthedocs.io/en/latest/csl-json

The constraints of the CSL project's own schema (csl-data.json, version 1.0.2), in words of ours.
"""

from typing import Any

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
NAME: dict[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys(("family", "given", "suffix", "non-dropping-particle", "literal"), TEXT),
    "additionalProperties": False,
    "oneOf": [{"required": ["literal"], "maxProperties": 1}, {"required": ["family", "given"]}],
}
DATE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
            "minItems": 1,
            "maxItems": 2,
        }
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}
_TEXTS: tuple[str, ...] = (
    "title",
    "container-title",
    "abstract",
    "keyword",
    "DOI",
    "URL",
    "number",
    "archive",
    "archive_location",
)
_TEXTS += ("publisher", "version", "id")
SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            **dict.fromkeys(_TEXTS, TEXT),
            "type": {"enum": ["article", "article-journal", "paper-conference"]},
            "author": {"type": "array", "items": NAME, "minItems": 1},
            "issued": DATE,
            "categories": {"type": "array", "items": TEXT, "minItems": 1},
        },
        "required": ["id", "type", "title", "issued"],
        "additionalProperties": False,
    },
}
