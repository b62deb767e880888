"""The arguments of tools: one table that makes both the schema that clients read and what is checked here.

Clients do not all check; and what they say of a wrong value does not help a model to mend it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.deliver.named import BadArgument


@dataclass(frozen=True, slots=True)
class Text:
    name: str
    help: str
    longest: int
    default: str | None = None  # None: it must be given

    def schema(self) -> dict[str, Any]:
        length = {"minLength": 1} if self.default is None else {"default": self.default}
        return {"type": "string", "maxLength": self.longest, "description": self.help, **length}

    def read(self, value: Any) -> str:
        text = value.strip() if isinstance(value, str) else None
        if text is None or len(text) > self.longest or (self.default is None and not text):
            least = "1" if self.default is None else "0"
            raise BadArgument(self.name, value, f"a text of {least} to {self.longest} characters")
        return text


@dataclass(frozen=True, slots=True)
class Whole:
    name: str
    help: str
    least: int
    most: int
    default: int

    def schema(self) -> dict[str, Any]:
        bounds = {"minimum": self.least, "maximum": self.most, "default": self.default}
        return {"type": "integer", "description": self.help, **bounds}

    def read(self, value: Any) -> int:
        is_whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
        if not is_whole or not self.least <= value <= self.most:
            raise BadArgument(self.name, value, f"a whole number from {self.least} to {self.most}")
        return int(value)


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    help: str
    choices: Sequence[str]
    default: str

    def schema(self) -> dict[str, Any]:
        enum = {"enum": list(self.choices), "default": self.default}
        return {"type": "string", "description": self.help, **enum}

    def read(self, value: Any) -> str:
        if value not in self.choices:
            raise BadArgument(self.name, value, f"one of {', '.join(self.choices)}")
        return str(value)


Argument = Text | Whole | Choice


def schema_of(arguments: Sequence[Argument]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {one.name: one.schema() for one in arguments},
        "required": [one.name for one in arguments if one.default is None],
        "additionalProperties": False,
    }


def read(arguments: Sequence[Argument], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every argument by its name, with defaults for those not given. Raises BadArgument."""
    known = {one.name: one for one in arguments}
    for name in given:
        if name not in known:
            raise BadArgument(name, given[name], f"no such argument, but {', '.join(known)}")
    found: dict[str, Any] = {}
    for name, one in known.items():
        value = given.get(name)  # some clients send null for what was left out
        if value is None and one.default is None:
            raise BadArgument(name, None, f"a value: {one.help}")
        found[name] = one.default if value is None else one.read(value)
    return found
