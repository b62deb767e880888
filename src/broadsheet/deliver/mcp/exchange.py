"""One request and its answer between a server of WSGI and an application of ASGI, in whole bodies."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import anyio

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    headers: list[tuple[bytes, bytes]]  # names in lower case
    body: bytes


@dataclass(slots=True)
class Reply:
    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


async def ask(application: Application, asked: Asked) -> Reply:
    reply, bodies = Reply(), [asked.body]

    async def receive() -> Message:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        await anyio.sleep_forever()  # whoever waits for the client to go is ended with the answer
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = [
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]
            ]
        else:
            reply.body += message.get("body", b"")

    await application(_scope(asked), receive, send)
    return reply


def _scope(asked: Asked) -> Message:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": asked.headers,
        "client": None,
        "server": None,
        "state": {},
    }
