"""broadsheet evaluate readings: scores next to annotations, as the issue's table of figures counts them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from broadsheet.cli.evaluate.reading import Share, address_of, value_of

GOLD = {
    "id": "s1",
    "kind": "method",
    "names": ["Quick-Net", "Other"],
    "results": [
        {"value": 3.3, "unit": "times", "baseline": "the Slow model"},
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


@pytest.mark.parametrize(("one", "other"), [("%", "pp"), ("x", "times"), ("points", "percent")])
def test_units_that_count_as_one(one: str, other: str) -> None:
    assert value_of(3, one) == value_of(3.0, other)


def test_addresses_are_compared_without_what_does_not_matter() -> None:
    assert address_of("HTTPS://www.GitHub.com/a/b/") == address_of("github.com/a/b.git")


def test_each_item_is_found_once() -> None:
    share = Share()
    share.add(["a", "a", "b"], ["a", "c"])

    assert (share.right, share.found, share.there) == (1, 3, 2)
