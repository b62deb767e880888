"""broadsheet evaluate readings: scores next to annotations, as the issue's table of figures counts them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

GOLD = {
    "id": "s1",
    "kind": "method",
    "names": ["Quick-Net", "Other"],
    "results": [
        {"value": 3.3, "unit": "times", "baseline": "the Slow model", "quote": "3.3x faster"},
        {"value": 9, "unit": "pp", "dataset": "Roads"},
    ],
    "code": ["https://github.com/a/b"],
}
PAPER = {
    "id": "s1",
    "title": "Quick-net: fast",
    "abstract": "It is 3.3x faster than Slow. It is 7% new. See https://github.com/a/b.",
}


def write(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def evaluate(folder: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("evaluate", "readings", "--data", str(folder), *options, stdout=out)
    return out.getvalue()


def test_the_scores_of_annotated_papers(tmp_path: Path) -> None:
    write(tmp_path / "readings" / "gold-dev.jsonl", GOLD)
    write(tmp_path / "seeds" / "papers.jsonl", PAPER)

    told = json.loads(evaluate(tmp_path / "readings", "--json"))

    assert told["names"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert told["claims"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert told["links"]["f1"] == told["claims_context"] == told["claims_proof"] == 1.0
    assert told["papers_per_s"] > 0
    assert "claims  P 0.500" in evaluate(tmp_path / "readings")


def test_one_lines_are_measured_on_summaries_beside_it(tmp_path: Path) -> None:
    summed = {
        "title": "T",
        "source": ["A small fast model.", "More."],
        "target": ["no", "a small fast model"],
    }
    write(tmp_path / "scitldr" / "dev.jsonl", summed)

    told = json.loads(evaluate(tmp_path / "scitldr", "--json"))

    assert told == {"set": "SciTLDR", "papers": 1, "rouge1": 100.0}


@pytest.mark.parametrize(
    ("gold", "words"),
    [(None, "neither gold"), (GOLD | {"id": "s9"}, "'s9' is not in"), (GOLD | {"names": "x"}, "no list")],
)
def test_a_folder_that_does_not_fit_is_told(tmp_path: Path, gold: dict[str, Any] | None, words: str) -> None:
    folder = tmp_path / "readings"
    folder.mkdir()
    if gold:
        write(folder / "gold-dev.jsonl", gold)
        write(folder / "papers.jsonl", PAPER)

    with pytest.raises(CommandError, match=words):
        evaluate(folder)


def test_without_papers_there_is_nothing_to_read(tmp_path: Path) -> None:
    write(tmp_path / "gold-dev.jsonl", GOLD)

    with pytest.raises(CommandError, match=r"no papers\.jsonl"):
        evaluate(tmp_path)
    with pytest.raises(CommandError, match="--data DIR"):
        call_command("evaluate", "readings")


def test_errors_are_told_the_surest_first(tmp_path: Path) -> None:
    write(tmp_path / "gold-dev.jsonl", GOLD)
    write(tmp_path / "papers.jsonl", PAPER)

    told = evaluate(tmp_path, "--errors", "2")

    assert "| factor | 1 | 1 | 1 | 1.00 | 1.00 |" in told
    assert "| no cue, or a weak one | 0 | 0 | 1 |" in told
    worst = told.partition("| sure | what | which | paper |")[2].splitlines()[2:4]
    assert worst == [
        "| 1.00 | claim missed | 9 pp | s1: Quick-net: fast |",
        "| 1.00 | name missed | Other | s1: Quick-net: fast |",
    ]
