"""What the jobs of this site ask for, by its settings."""

from datetime import timedelta
from typing import Any

import pytest

from broadsheet import wiring
from broadsheet.jobs.agenda import plan
from broadsheet.sources.arxiv_oai import ArxivOai


@pytest.mark.parametrize(
    ("setting", "is_planned", "reach"),
    [("recent", True, timedelta(days=3)), ("all", True, None), ("no", False, None)],
)
def test_the_harvest_reaches_as_far_as_the_setting_says(
    settings: Any, setting: str, is_planned: bool, reach: timedelta | None
) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "OAI": setting}
    source = wiring.sources()["arxiv_oai"]

    assert ("arxiv_oai" in plan().names) is is_planned
    assert isinstance(source, ArxivOai)
    assert source.first_reach == reach
