"""Fifty papers that search knows too."""

import pytest

from broadsheet import wiring
from broadsheet.jobs.indexing import catch_up


@pytest.fixture
def indexed(fifty: None) -> None:
    catch_up(wiring.words_index())
