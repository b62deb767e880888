"""What the jobs of this site ask for, by its settings."""

from datetime import date
from typing import Any

import pytest

from broadsheet.jobs.agenda import first_day, plan


@pytest.mark.parametrize(
    ("setting", "is_planned", "begins"),
    [("recent", True, date(2026, 5, 19)), ("all", True, None), ("no", False, None)],
)
def test_the_harvest_begins_where_the_setting_says(
    settings: Any, setting: str, is_planned: bool, begins: date | None
) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "OAI": setting}

    assert ("arxiv_oai" in plan().names) is is_planned
    assert first_day("arxiv_oai", date(2026, 5, 22)) == begins
    assert first_day("arxiv_feed", date(2026, 5, 22)) is None
