"""The bench makes papers that a real import would take for real ones, and notices when search gets worse."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import search, stored
from bench.records import made_file, records
from broadsheet.domain.ids import arxiv_key
from tests.large import papers
from tests.sites import BROADSHEET, ROOT

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


@pytest.fixture
def searched(tmp_path: Path) -> list[str]:
    """A set of three documents, as arguments of bench.search."""
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    documents = [
        ("c", "Cats sleep", "All day."),
        ("d", "Dogs bark", "At cats."),
        ("g", "Graphs", "They have edges."),
    ]
    (folder / "corpus.jsonl").write_text(
        "".join(
            json.dumps({"_id": name, "title": title, "text": text}) + "\n" for name, title, text in documents
        )
    )
    (folder / "queries.jsonl").write_text(
        '{"_id": "1", "text": "sleeping cat"}\n{"_id": "2", "text": "graph with edges"}\n'
    )
    (folder / "qrels" / "test.tsv").write_text("1\tc\t1\n2\tg\t1\n")
    figures = tmp_path / "figures.json"
    return ["--data", str(folder), "--out", str(tmp_path / "out"), "--figures", str(figures)]


def _change_figures(folder: Path, by: float) -> None:
    path = folder / "figures.json"
    stored = json.loads(path.read_text())
    changed = {
        name: {share: figure + by for share, figure in figures.items()} for name, figures in stored.items()
    }
    path.write_text(json.dumps(changed))


def test_ours_and_the_peers_answer_the_same_queries(
    searched: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search.main(searched) == 0

    (measured,) = json.loads((tmp_path / "out" / "search.json").read_text()).values()
    assert list(measured) == ["ours", "tantivy alone", "bm25s", "sqlite fts5"]
    assert {engine["recall@10"] for engine in measured.values()} == {1.0}
    assert all(engine["disk_mb"] > 0 for engine in measured.values())
    assert "no figures are stored" in capsys.readouterr().out


def test_a_figure_that_gets_worse_fails_and_one_within_noise_does_not(
    searched: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search.main([*searched, "--alone", "--store"]) == 0
    assert search.main([*searched, "--alone"]) == 0

    _change_figures(tmp_path, +0.004)
    assert search.main([*searched, "--alone"]) == 0
    _change_figures(tmp_path, +0.004)
    assert search.main([*searched, "--alone"]) == 1
    assert "WORSE: tiny/test" in capsys.readouterr().out


def test_figures_of_other_papers_do_not_compare(searched: list[str], tmp_path: Path) -> None:
    search.main([*searched, "--alone", "--store"])
    _change_figures(tmp_path, +0.5)
    corpus = tmp_path / "tiny" / "corpus.jsonl"
    corpus.write_text(corpus.read_text() + '{"_id": "x", "text": "another one"}\n')

    assert search.main([*searched, "--alone"]) == 0


def test_stored_papers_and_queries_are_the_same_every_time(tmp_path: Path) -> None:
    snapshot = _snapshot(tmp_path)
    table = stored.made_table(snapshot, 5, tmp_path / "out")

    papers = list(stored.entries(table))

    assert [paper.paper_id for paper in papers] == [1, 2, 3, 4, 5]
    assert (papers[0].title, papers[0].key) == ("On Cats", "arxiv:2605.12345")
    assert str(papers[2].dated_on) == "2025-05-23"
    assert stored.newer_than_nine_tenths(table) == "2026-05-22"
    assert stored.made_table(snapshot, 5, tmp_path / "out") == table
    assert stored.queries(table, 20, within=5) == stored.queries(table, 20, within=5)
    assert {"They sleep.", "On Cats"} <= set(stored.queries(table, 20, within=2))


@pytest.mark.slow
def test_the_steps_at_scale_run_and_find_what_is_new(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    words = ["--papers", "40", "--subset", "20", "--queries", "5", "--out", str(tmp_path / "out")]

    subprocess.run(
        [sys.executable, "-m", "bench.scale", str(_snapshot(tmp_path)), *words], env=environ, check=True
    )

    told = json.loads((tmp_path / "out" / "scale.json").read_text())
    assert told["new papers"]["papers"] == 40
    assert told["search"]["p50_ms"] > 0
    assert {"build", "two processes", "bm25s, 20 papers, without snippets"} <= told.keys()


@pytest.mark.slow
def test_digests_are_composed_and_their_steps_told(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "TMPDIR": str(tmp_path)}
    environ.pop("BROADSHEET_DATABASE_URL", None)

    done = subprocess.run(
        [sys.executable, "-m", "bench.digest", "--digests", "60"],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )

    assert "60 digests in" in done.stdout
    assert all(step in done.stdout for step in ("search", "likes", "HTML", "MIME", "tokens", "MB at 100%"))


@pytest.mark.slow
def test_every_kind_of_list_is_asked_for_and_told(tmp_path: Path) -> None:
    environ = {**os.environ, "BROADSHEET_DATA": str(tmp_path / "data"), "BROADSHEET_OFFLINE": "yes"}
    environ["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT}"
    environ.pop("BROADSHEET_DATABASE_URL", None)
    papers.write(tmp_path / "papers.jsonl", 40_000)
    cut = (tmp_path / "papers.jsonl").read_text().splitlines()[-600:]
    (tmp_path / "papers.jsonl").write_text("\n".join(cut))
    subprocess.run([BROADSHEET, "import", str(tmp_path / "papers.jsonl")], env=environ, check=True)

    words = ["--data", environ["BROADSHEET_DATA"], "--times", "2", "--seconds", "2"]
    command = [sys.executable, "-m", "bench.feeds", *words]
    done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)

    kinds = (
        "feed: month",
        "feed: search",
        "feed: similar",
        "feed: benchmark",
        "export: search",
        "api: papers",
    )
    assert all(kind in done.stdout for kind in kinds)
    assert "requests/s asked for" in done.stdout
