"""Killed with SIGKILL at any of 50 random moments and run again: the same papers, the same index."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.papers import play_all
from tests.fakes.upstream import run_upstream
from tests.sites import ROOT, own_site

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with own_site(tmp_path / "data") as env:
        yield env


def kill(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("killed") / "snapshot.jsonl.gz"
    with gzip.open(path, "wt") as file:
        for number in range(1_200):
            file.write(json.dumps(entry(number)) + "\n")
    return str(path)


def entry(number: int) -> dict[str, Any]:
    return {
        "id": f"2605.{number:05}",
        "title": f"Paper number {number} of a snapshot",
        "abstract": f"It tells of thing {number}, and is {number % 90}% faster than before. Code: https://github.com/some/thing-{number}.",
        "authors": f"Ada Lovelace, Author Number{number}",
        "categories": "cs.LG cs.AI",
        "update_date": "2026-05-20",
        "announced": f"2026-05-{4 + number % 5:02}",
    }


def test_a_killed_import_ends_as_if_it_had_not_been(environment: dict[str, str], snapshot: str) -> None:
    result = kill(environment, "import", snapshot)

    assert (result["killed"], result["papers"]) == (50, 1_200)


def test_a_killed_reindex_leaves_the_live_index(environment: dict[str, str], snapshot: str) -> None:
    result = kill(environment, "reindex", snapshot)

    assert (result["killed"], result["papers"]) == (50, 1_200)


def test_a_killed_reader_reads_each_paper_once(environment: dict[str, str], snapshot: str) -> None:
    result = kill(environment, "read", snapshot)

    assert (result["killed"], result["papers"]) == (50, 1_200)


def test_a_killed_harvest_goes_on_where_it_stopped(environment: dict[str, str]) -> None:
    with run_upstream() as upstream:
        play_all(upstream, papers=300, page=30)

        result = kill(environment, "harvest", f"{upstream.url}/oai")

        assert result["killed"] == 50
        assert result["papers"] > 250
