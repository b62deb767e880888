"""A server on loopback that plays the upstreams, faults included. Also a script:

    python -m tests.fakes.upstream --oai-papers 2000 --port 0

prints its address and serves /oai, /atom/<category>, /rss/<category> and /api/daily_papers until stopped.
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes = b""  # of a POST
    method: str = "GET"


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None  # close the connection after so many bytes of the body
    drip_s: float = 0.0  # seconds between two bytes
    is_endless: bool = False  # send the body over and over, without a stated length


Route = Callable[[Asked], Answer]


@dataclass
class Upstream:
    """What will be answered: first the queue, then the longest route that fits, else 404."""

    url: str = ""  # http://127.0.0.1:port, without a slash at the end
    queue: list[Answer] = field(default_factory=list)
    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # path and query of each request
    requests: list[Asked] = field(default_factory=list)

    def will_answer(self, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """Queue one reply; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.will(Answer(body.encode() if isinstance(body, str) else body, status, named))

    def will(self, answer: Answer) -> None:
        self.queue.append(answer)

    def answer(self, asked: Asked) -> Answer:
        if self.queue:
            return self.queue.pop(0)
        fitting = [path for path in self.routes if asked.path == path or asked.path.startswith(path + "/")]
        return self.routes[max(fitting, key=len)](asked) if fitting else Answer(status=404)


class _Handler(BaseHTTPRequestHandler):
    upstream: Upstream

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])))

    do_PUT = do_POST

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        asked = Asked(unquote(parts.path), dict(parse_qsl(parts.query)), self.headers, body, self.command)
        self.upstream.asked.append(unquote(self.path))
        self.upstream.requests.append(asked)
        with suppress(ConnectionError):  # the client may hang up on purpose
            self._send(self.upstream.answer(asked))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {"Content-Length": str(len(answer.body))} if not answer.is_endless else {}
        for name, value in (
            headers | {name.title(): value for name, value in answer.headers.items()}
        ).items():
            self.send_header(name, value)
        self.end_headers()
        while answer.is_endless:
            self.wfile.write(answer.body)
        body = answer.body[: answer.cut_at]
        if not answer.drip_s:
            self.wfile.write(body)
            return
        for place in range(len(body)):
            self.wfile.write(body[place : place + 1])
            time.sleep(answer.drip_s)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def run_upstream(port: int = 0) -> Iterator[Upstream]:
    upstream = Upstream()
    handler = type("Handler", (_Handler,), {"upstream": upstream})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False  # a dripping reply must not hold up the end of a test
        upstream.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield upstream
        server.shutdown()


def main() -> None:
    from tests.fakes.papers import play_all  # noqa: PLC0415 - the papers are made of this module's answers

    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--oai-papers", type=int, default=200, help="how many papers the OAI server holds")
    parser.add_argument("--page", type=int, default=100, help="how many records stand on one OAI page")
    parser.add_argument("--port", type=int, default=0)
    args = parser.parse_args()
    with run_upstream(args.port) as upstream:
        play_all(upstream, args.oai_papers, args.page)
        sys.stdout.write(upstream.url + "\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)


if __name__ == "__main__":
    main()
