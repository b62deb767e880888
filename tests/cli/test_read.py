"""broadsheet read: one line for each paper, whatever the others are like, and nothing is stored."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

PAPER = {"id": "a1", "title": "QuickNet: fast", "abstract": "It is 3.3x faster than Slow. It is new."}


def run(path: Path, *options: str) -> tuple[str, str]:
    """What it printed, and what it complained of; it may have failed."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("read", "--input", str(path), *options, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"failed with {error.returncode}: {error}")
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "papers.jsonl"


def told(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_each_paper_becomes_one_line_as_the_contract_says(file: Path) -> None:
    file.write_text(json.dumps(PAPER) + "\n\n" + json.dumps(PAPER | {"id": 7, "abstract": None}) + "\n")

    first, second = told(run(file, "--json")[0])

    assert set(first) == {"id", "kind", "names", "claims", "sizes", "links", "one_line", "keywords"}
    (claim,) = first["claims"]
    assert set(claim) == {
        *("metric", "value", "value_max", "unit", "subject", "dataset", "baseline", "bound", "direction"),
        *("quote", "start", "end"),
    }
    assert (first["id"], claim["value"], claim["unit"], claim["value_max"]) == ("a1", 3.3, "x", None)
    assert PAPER["abstract"][claim["start"] : claim["end"]] == claim["quote"]
    assert first["one_line"] == {"text": "It is 3.3x faster than Slow.", "start": 0, "end": 28}
    assert (second["id"], second["claims"], second["one_line"]) == (7, [], None)


def test_it_needs_no_database(file: Path) -> None:
    file.write_text(json.dumps(PAPER))  # this test may not touch one

    assert len(told(run(file, "--json")[0])) == 1


def test_packed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PAPER).encode()))

    assert told(run(path, "--json")[0])[0]["id"] == "a1"


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(json.dumps(PAPER).encode())

    monkeypatch.setattr("sys.stdin", Piped())

    assert told(run(Path("-"), "--json")[0])[0]["id"] == "a1"


@pytest.mark.parametrize(
    "bad", ["{", "[]", '{"id": "x"}', '{"title": "x"}', '{"id": "x", "title": "y", "abstract": 3}', "\udcff"]
)
def test_a_bad_line_is_told_with_its_number_and_the_others_go_on(file: Path, bad: str) -> None:
    good = json.dumps(PAPER)
    file.write_bytes(f"{good}\n{bad}\n{good}\n".encode(errors="surrogateescape"))

    out, err = run(file, "--json")

    assert len(told(out)) == 2
    assert "line 2: " in err
    assert "failed with 1: 1 line could not be read" in err


def test_a_file_that_is_not_there_is_told_on_one_line(tmp_path: Path) -> None:
    assert "No such file" in run(tmp_path / "none")[1]


def test_for_people_it_prints_what_was_read_and_no_orders_to_the_terminal(file: Path) -> None:
    file.write_text(json.dumps(PAPER | {"title": "Quick\x1b[31m: fast"}))

    out, _ = run(file)

    assert "3.3×" in out
    assert "one line" in out
    assert "\x1b" not in out
