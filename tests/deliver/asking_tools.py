"""Asks our MCP server through the SDK's own client, over HTTP or stdio, from tests that are not async."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio
from mcp import Client, MCPError

T = TypeVar("T")
_FRAME = re.compile(r"^<untrusted-([0-9a-f]{16})>\n(?P<inside>.*)\n</untrusted-\1>\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    text: str
    is_error: bool
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def papers(self) -> list[dict[str, Any]]:
        return list(self.values["untrusted"]["papers"])

    @property
    def ids(self) -> list[str]:
        return [paper["id"] for paper in self.papers]


def with_client(target: Any, ask: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    """Raises MCPError by itself, not within the group of what ran beside it."""

    async def run() -> T | MCPError:
        async with Client(target, mode=mode) as client:
            try:
                return await ask(client)
            except MCPError as error:
                return error

    found = anyio.run(run)
    if isinstance(found, MCPError):
        raise found
    return found


def call(target: Any, tool: str, mode: str = "auto", **arguments: Any) -> Told:
    async def ask(client: Client) -> Told:
        result = await client.call_tool(tool, arguments)
        (content,) = result.content
        assert content.type == "text"
        return Told(content.text, result.is_error, result.structured_content or {})

    return with_client(target, ask, mode)


def framed_in(text: str) -> Any:
    """What stands between the marks, which must be one line of JSON and the end of the text."""
    found = _FRAME.search(text)
    assert found is not None, text
    assert text.count(f"untrusted-{found[1]}") == 2
    return json.loads(found["inside"])
