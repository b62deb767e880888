"""broadsheet evaluate trending: the back-test of a folder, and what it says of broken ones."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


def listed(number: int, day: str = "2026-06-01", **more: Any) -> dict[str, Any]:
    return {
        "arxiv_id": f"2605.{number:05}",
        "title": f"Paper {number}",
        "authors": [f"Author {number % 4}"],
        "listed_on": day,
        "published_at": "2026-05-30T12:00:00.000Z",
        "final_upvotes": number * 3,
        "github_stars": [{"day": day, "stars": number}],
        **more,
    }


def folder_of(path: Path, rows: list[Any], name: str = "series.jsonl") -> Path:
    path.mkdir(exist_ok=True)
    body = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (path / name).write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
    return path


def run(folder: Path, *more: str) -> str:
    out = io.StringIO()
    call_command("evaluate", "trending", "--data", str(folder), *more, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["series.jsonl", "series.jsonl.gz"])
def test_ours_stands_beside_every_formula(tmp_path: Path, name: str) -> None:
    rows = [listed(number, f"2026-06-0{1 + number % 3}") for number in range(1, 19)]

    told = run(folder_of(tmp_path / "daily", [*rows, {"arxiv_id": "2605.99999", "listed_on": None}], name))

    assert "daily, all papers: 18 papers of 3 days, 2026-06-01 to 2026-06-03" in told
    for formula in ("trending-2", "upvotes so far*", "stars so far", "Hacker News", "Lobsters", "random"):
        assert formula in told
    assert "* no early upvotes in this data" in told


def test_as_json_with_intervals_and_early_upvotes(tmp_path: Path) -> None:
    rows = [listed(n, upvotes=[{"day": "2026-06-02", "upvotes": n}]) for n in range(1, 7)]
    rows += [listed(n, github_stars=[]) for n in range(7, 9)]

    both = [json.loads(line) for line in run(folder_of(tmp_path / "d", rows), "--json").splitlines()]

    assert [found["papers"] for found in both] == [8, 6]
    assert both[0]["has_upvotes_so_far"]
    upvotes = next(score for score in both[1]["scores"] if score["name"] == "upvotes so far")
    assert upvotes["tau"] == [1.0, 1.0, 1.0]
    assert both[1]["scores"][0]["name"] == "trending-2"


def test_days_before_a_date_serve_as_history_only(tmp_path: Path) -> None:
    rows = [listed(n, f"2026-0{5 + n % 2}-20") for n in range(1, 9)]

    assert "4 papers of 1 days, 2026-06-20" in run(folder_of(tmp_path / "d", rows), "--since", "2026-06-01")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([], "holds no listed papers with final upvotes"),
        ([{"listed_on": "2026-06-01"}], "holds no listed papers with final upvotes"),
        ([[1]], "series.jsonl line 1: the line is JSON but no object"),
        ([listed(1), listed(2, final_upvotes=-1)], "line 2: final_upvotes is -1; expected a count"),
        ([listed(1, github_stars=[{"day": "soon", "stars": 1}])], "line 1: day 'soon' is no date"),
        ([listed(1, github_stars=[{"stars": 1}])], "line 1: github_stars has an entry without day or stars"),
        ([listed(1)], "holds no day with two listed papers or more"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, rows: list[Any], problem: str) -> None:
    with pytest.raises(CommandError) as raised:
        run(folder_of(tmp_path / "d", rows))

    assert problem in str(raised.value)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="missing: No such file or directory"):
        run(tmp_path / "missing")
    with pytest.raises(CommandError, match="give the folder"):
        call_command("evaluate", "trending")
