"""Whatever goes wrong, a command says it in one line, with exit code 1, or 2 when it was asked wrongly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broadsheet.cli.main import main
from tests.sites import own_site


def test_every_command_has_help_and_shows_only_its_own_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["search", "--help"])

    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert "--queries" in shown
    assert "--pythonpath" not in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "there is no command 'nonsense'"),
        (["import"], "required: FILE"),
        (["import", "--format", "x", "file"], "invalid choice: 'x'"),
        (["fetch", "nowhere"], "invalid choice: 'nowhere'"),
        (["fetch", "huggingface", "--since", "2026-13-01"], "'2026-13-01' is no date"),
        (["reindex", "more"], "unrecognized arguments: more"),
        (["up", "--port", "x"], "invalid int value: 'x'"),
    ],
)
def test_a_wrong_question_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2

    printed = capsys.readouterr()
    assert said in printed.err
    assert (printed.err.count("\n"), printed.out) == (1, "")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["search word", "doctor", "up", "import file"])
def test_a_data_folder_that_cannot_be_made_is_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with own_site(tmp_path) as env:
        done = subprocess.run(
            [sys.executable, "-m", "broadsheet.cli.main", *command.split()],
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "data") in done.stderr


@pytest.mark.slow
def test_an_import_that_is_stopped_by_the_keyboard_says_only_that(tmp_path: Path, heard: None) -> None:
    lines = (f'{{"id": "2605.{number:05}", "title": "Paper number {number}"}}' for number in range(90_000))
    (tmp_path / "papers.jsonl").write_text("\n".join(lines))
    with own_site(tmp_path) as env:
        process = subprocess.Popen(
            [sys.executable, "-m", "broadsheet.cli.main", "import", str(tmp_path / "papers.jsonl")],
            env=env,
            start_new_session=True,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: any((tmp_path / "data" / "index").glob("words/g-*/*.store")))
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1]

    assert (process.returncode, said) == (130, "broadsheet: stopped\n")


@pytest.fixture
def heard() -> Iterator[None]:
    """What a script starts in the background is born deaf to Ctrl-C, and so would be what we start."""
    was = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, was)


def wait_until(holds: Callable[[], bool]) -> None:
    give_up_s = time.monotonic() + 30
    while not holds() and time.monotonic() < give_up_s:
        time.sleep(0.05)
