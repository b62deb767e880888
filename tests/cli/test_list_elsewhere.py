"""`broadsheet list --site`: another site, or what says that it is one; pipes that end, keys that stop it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from broadsheet.cli.main import main
from tests.cli.test_main import heard, wait_until
from tests.cli.test_up import free_port
from tests.fakes.upstream import Answer, Asked, Upstream, run_upstream
from tests.sites import own_site

__all__ = ["heard"]
EVIL = "A\x1b]0;owned\x07 title\x9b31m \u202eof\u2066 papers\r\nand\ttabs\U000e0041 \ud800"
PROBLEM = {"Content-Type": "application/problem+json"}


@pytest.fixture
def site() -> Iterator[Upstream]:
    with run_upstream() as upstream:
        upstream.routes["/api/v1"] = evil
        upstream.routes["/paper"] = lambda asked: Answer(EVIL.encode("utf-8", "surrogatepass"))
        yield upstream


def evil(asked: Asked) -> Answer:
    """Rows whose every text would turn the terminal round, and some whose shape is none."""
    row = {
        name: EVIL for name in ("id", "title", "reason", "rank", "date", "slug", "name", "subject", "quote")
    }
    odd = {
        "id": 1.5,
        "title": [EVIL, {EVIL: EVIL}],
        "authors": EVIL,
        "rank": {},
        "categories": None,
        "series": [7],
    }
    told = {"items": [row | {"authors": [EVIL] * 5, EVIL: [row]}, odd], "next": None, "notes": [EVIL]}
    return Answer(json.dumps(told | {"mended": EVIL, "edition": {"title": EVIL}, "id": EVIL}).encode())


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


LISTS = [
    "papers",
    "trending",
    "search a",
    "editions",
    "claims",
    "names",
    "categories",
    "paper a",
    "signals a",
]


@pytest.mark.parametrize("words", LISTS)
@pytest.mark.parametrize("form", ["", "--json", "--fields id,title,authors"])
def test_no_text_of_another_site_reaches_the_terminal_as_an_order(
    site: Upstream, monkeypatch: pytest.MonkeyPatch, words: str, form: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out, err = Terminal(), StringIO()

    call_command("list", *words.split(), "--site", site.url, *form.split(), stdout=out, stderr=err)

    told = out.getvalue() + err.getvalue()
    assert "title31m" in told.replace("\\u009b", "") or words == "signals a"
    assert all(sign in {"\n", "\t"} or sign.isprintable() for sign in told)
    if form == "--json":
        assert all(json.loads(line) for line in out.getvalue().splitlines())


def test_a_file_is_kept_as_it_is_and_shown_without_orders(site: Upstream) -> None:
    kept, shown = StringIO(), Terminal()

    for out in (kept, shown):
        call_command("list", "paper", "a", "--form", "md", "--site", site.url, stdout=out)

    assert "\x1b]0;owned" in kept.getvalue()
    assert shown.getvalue().startswith("A]0;owned title31m of papers\n")


def test_more_papers_than_a_file_takes_are_said(site: Upstream, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [[{"id": f"{page}.{number}"} for number in range(100)] for page in range(6)]
    site.queue += [
        Answer(json.dumps({"items": rows, "next": f"n{place}"}).encode()) for place, rows in enumerate(pages)
    ]

    assert main(["list", "papers", "--all", "--form", "bib", "--site", site.url]) == 2

    assert capsys.readouterr().err == "broadsheet: --form: too many papers for one file; --most 500 fit\n"


LIMIT = b'{"code": "too_many_requests", "detail": "The next one is answered in 900 s.", "errors": []}'
REFUSALS = [
    (
        Answer(b"<h1>Welcome to nginx!</h1>", headers={"Content-Type": "text/html"}),
        "with text/html, not with",
    ),
    (Answer(b"<h1>Not Found</h1>", 404), "404 unknown: 127.0.0.1"),
    (Answer(LIMIT, 429, PROBLEM | {"Retry-After": "900"}), "broadsheet: The next one is answered in 900 s."),
    (
        Answer(b'{"code": "unauthorized", "detail": "No\\u001b[2J.\\n", "errors": []}', 401, PROBLEM),
        "broadsheet: No[2J. One is sent with --token-file.",
    ),
    (Answer(b"", 302, {"Location": "https://elsewhere.example.org/"}), "sends on to https://elsewhere"),
    (Answer(b"", 500), "500 unknown"),
]


@pytest.mark.parametrize(("answer", "said"), REFUSALS)
def test_what_cannot_be_had_is_one_line(
    site: Upstream, capsys: pytest.CaptureFixture[str], tmp_path: Path, answer: Answer, said: str
) -> None:
    (tmp_path / "token").write_text("bs_secret\n")
    site.will(answer)

    assert main(["list", "papers", "--site", site.url, "--token-file", str(tmp_path / "token")]) == 1

    printed = capsys.readouterr()
    assert said in printed.err
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "bs_secret" not in printed.err
    assert site.requests[0].headers["Authorization"] == "Bearer bs_secret"


def test_a_site_that_is_down_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "papers", "--site", f"http://127.0.0.1:{free_port()}"]) == 1

    printed = capsys.readouterr()
    assert "cannot be reached" in printed.err
    assert printed.err.count("\n") == 1


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "broadsheet.cli.main", "list", *words]


def test_another_site_is_asked_without_settings_and_without_a_data_folder(
    site: Upstream, tmp_path: Path
) -> None:
    with own_site(tmp_path) as env:
        done = subprocess.run(
            command("papers", "--site", site.url, "--json"),
            env=env | {"BROADSHEET_NONSENSE": "1", "BROADSHEET_DATABASE_URL": "nonsense"},
            capture_output=True,
            timeout=60,
            check=True,
        )

    assert len(done.stdout.splitlines()) == 2
    assert done.stderr.count(b"\n") == 2  # the note, and what was mended
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("most", ["1", "5000"])
def test_a_reader_that_leaves_ends_it_quietly(site: Upstream, tmp_path: Path, most: str) -> None:
    rows = json.dumps({"items": [{"id": "a" * 5_000}] * 100, "next": None}).encode()
    site.routes["/api/v1"] = lambda asked: Answer(
        rows if most == "1" else rows.replace(b"null", f'"n{len(site.asked)}"'.encode())
    )
    with own_site(tmp_path) as env:
        piped = " ".join(command("papers", "--site", site.url, "--json", "--most", most))
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"{piped} | true"],
            env=env,
            capture_output=True,
            timeout=60,
            check=False,
        )

    assert (done.returncode, done.stderr) == (0, b"")


def test_the_keyboard_stops_it_with_one_word(site: Upstream, tmp_path: Path, heard: None) -> None:
    site.routes["/api/v1"] = lambda asked: Answer(b" " * 10_000, drip_s=0.1)
    with own_site(tmp_path) as env:
        process = subprocess.Popen(
            command("papers", "--site", site.url),
            env=env,
            start_new_session=True,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: bool(site.asked))
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1]

    assert (process.returncode, said) == (130, "broadsheet: stopped\n")
