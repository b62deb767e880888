"""`broadsheet mcp` and /mcp as real processes, asked by the SDK's own client."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from mcp import StdioServerParameters, stdio_client

from tests.cli.test_up import Site, running
from tests.deliver.asking_tools import call, framed_in
from tests.sites import ROOT, own_site

pytestmark = pytest.mark.slow
WORDS = ["-m", "broadsheet.cli.main", "mcp"]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with own_site(tmp_path_factory.mktemp("mcp")) as env:
        yield env


@pytest.fixture(scope="module")
def site(env: dict[str, str]) -> Iterator[Site]:
    with running(env) as site:
        site.line_with("The front page is at")
        yield site


def test_both_ways_give_the_same_answers(env: dict[str, str], site: Site) -> None:
    program = StdioServerParameters(command=sys.executable, args=WORDS, env=env, cwd=ROOT)
    for mode in ("auto", "legacy"):
        told = [
            [
                call(target(), tool, mode, **arguments)
                for tool, arguments in (
                    ("search", {"query": "agents", "limit": 5}),
                    ("edition", {"kind": "day", "when": "2026-05-22"}),
                    ("similar", {"id": "2605.18747", "limit": 3}),
                )
            ]
            for target in (lambda: f"{site.url}/mcp", lambda: stdio_client(program))
        ]

        for over_http, over_stdio in zip(*told, strict=True):
            assert over_http.papers
            assert over_http.ids == over_stdio.ids
            assert framed_in(over_http.text)["papers"] == over_http.papers


def test_nothing_but_the_protocol_comes_out(env: dict[str, str], site: Site) -> None:
    ping = '{"jsonrpc": "2.0", "id": 1, "method": "ping"}'
    lines = "\n".join([ping, "nonsense", ping.replace("ping", "no").replace("1", "2"), ""])
    done = subprocess.run(
        [sys.executable, *WORDS],
        input=lines, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    assert all(line.startswith('{"jsonrpc":"2.0"') for line in done.stdout.splitlines())
    assert '"id":1' in done.stdout
    assert done.stderr == ""
