"""A site with 150,000 papers, made once for all tests of this folder: a minute on two cores of one's own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.large import papers
from tests.sites import BROADSHEET, own_site, web

# The newest papers are read for figures, in three seconds; to read all takes the worker minutes.
_READ = """
import django; django.setup()
from broadsheet.jobs import reading
batches = iter(range(4))
reading.catch_up(lambda: next(batches, None) is not None)
"""


@pytest.fixture(scope="session")
def large_env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of its processes: nothing is set that is not set for everybody, limits neither."""
    if os.environ.get("BROADSHEET_DATABASE_URL", "").startswith("postgres"):
        pytest.skip("150,000 papers take minutes to come in over a connection; the clients are the same")
    folder = tmp_path_factory.mktemp("large")
    with own_site(folder) as site:
        env = {**site, "BROADSHEET_SAMPLE": "no", "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"}
        papers.write(folder / "papers.jsonl")
        _run(env, BROADSHEET, "import", str(folder / "papers.jsonl"))
        (folder / "papers.jsonl").unlink()
        _run(env, sys.executable, "-c", _READ)
        yield env


@pytest.fixture(scope="session")
def large(large_env: dict[str, str]) -> Iterator[str]:
    """Its address while `broadsheet web` serves it."""
    with web(large_env) as url:
        yield url


def _run(env: dict[str, str], *command: str | Path) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
