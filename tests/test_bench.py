"""The bench makes papers that a real import would take for real ones."""

import gzip
import json
from pathlib import Path

from bench.records import made_file, records
from broadsheet.domain.ids import arxiv_key

PAPER = {
    "id": "2605.12345",
    "title": "On Cats",
    "abstract": "They sleep.",
    "announced": "2026-05-22",
    "doi": "10.1/x",
}


def _snapshot(folder: Path) -> Path:
    path = folder / "papers.jsonl"
    path.write_text(
        json.dumps(PAPER) + "\n" + json.dumps({**PAPER, "id": "2605.12346", "title": "On Dogs"}) + "\n"
    )
    return path


def test_copies_have_ids_titles_and_dates_of_their_own(tmp_path: Path) -> None:
    made = list(records(_snapshot(tmp_path), 5))

    assert len({arxiv_key(record["id"]) for record in made}) == 5
    assert len({record["title"] for record in made}) == 5
    assert made[0] == PAPER
    assert made[2]["announced"] == "2025-05-23"
    assert "doi" not in made[2]


def test_a_file_once_made_is_used_again(tmp_path: Path) -> None:
    snapshot = _snapshot(tmp_path)
    first = made_file(snapshot, 3, tmp_path / "out")
    written_at = first.stat().st_mtime_ns

    second = made_file(snapshot, 3, tmp_path / "out")

    assert second.stat().st_mtime_ns == written_at
    assert len(gzip.decompress(second.read_bytes()).splitlines()) == 3
