"""What the documents tell of `broadsheet list` and of the client works as it stands there."""

import re
import shlex
from pathlib import Path

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from broadsheet import wiring
from broadsheet.cli.main import main
from broadsheet.jobs.indexing import catch_up
from tests.deliver.api_world import held_site, take_papers
from tests.deliver.conftest import NOW

DOCS = Path(__file__).parent.parent / "docs"
ELSEWHERE = "https://papers.example.org"


def blocks(page: str, language: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    return found


def commands() -> list[str]:
    lines = [
        line
        for page in ("operate.md", "api.md")
        for block in blocks(page, "sh")
        for line in block.splitlines()
    ]
    return [re.split(r" [|>] ", line)[0] for line in lines if line.startswith("broadsheet list ")]


@pytest.fixture
def site(transactional_db: None, live_server: LiveServer, settings: object) -> str:
    held_site(settings)
    with time_machine.travel(NOW, tick=False):
        take_papers()
        catch_up(wiring.words_index())
    return str(live_server.url)


def test_each_command_prints_what_it_promises(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(commands()) > 10
    for line in commands():
        with time_machine.travel(NOW):
            code = main(shlex.split(line.replace(ELSEWHERE, site))[1:])

        printed = capsys.readouterr()
        assert (code, printed.err) == (0, ""), line
        assert printed.out, line


def test_the_python_prints_papers(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("api.md", "python")

    with time_machine.travel(NOW):
        exec(example.replace(ELSEWHERE, site), {})

    assert "Paper 1 on retrieval" in capsys.readouterr().out
