from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.lib.http import PoliteClient
from tests.fakes.clock import FakeClock
from tests.fakes.upstream import Upstream, run_upstream


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with run_upstream() as upstream:
        yield upstream


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 5, 22, 12, tzinfo=UTC))


@pytest.fixture
def client(tmp_path: Path, clock: FakeClock) -> PoliteClient:
    return PoliteClient(tmp_path, clock)
