"""What the jobs of this site ask for, by its settings."""

from datetime import timedelta
from typing import Any

import pytest

from broadsheet import wiring
from broadsheet.jobs.agenda import plan, steps
from broadsheet.jobs.schedule import next_run
from broadsheet.sources.arxiv_oai import ArxivOai
from tests.makers import NOW


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


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ({}, set()),
        ({"SEMANTIC_SCHOLAR_KEY": "a"}, {"semantic_scholar"}),
        ({"OPENALEX_KEY": "b"}, {"openalex"}),
        ({"SEMANTIC_SCHOLAR_KEY": "a", "OPENALEX_KEY": "b"}, {"semantic_scholar"}),
    ],
)
def test_citations_are_asked_for_with_a_key_only_and_of_one_counter(
    settings: Any, keys: dict[str, str], asked: set[str]
) -> None:
    settings.OPTIONS = {**settings.OPTIONS, **keys}
    counters = {"semantic_scholar", "openalex"}

    assert counters & set(plan().names) == counters & set(wiring.sources()) == asked
    assert counters & set(wiring.probes()) == asked


def test_every_planned_source_can_be_asked() -> None:
    assert (
        set(plan().names) - {"upkeep", "digest", "webhooks"} <= set(wiring.sources()) == set(wiring.probes())
    )


@pytest.mark.parametrize("offline", [True, False])
def test_the_mailbox_of_bounces_is_looked_into_only_when_there_is_one(settings: Any, offline: bool) -> None:
    settings.OPTIONS = settings.OPTIONS | {"OFFLINE": offline}
    assert "bounces" not in steps()

    settings.OPTIONS = settings.OPTIONS | {"IMAP_URL": "imaps://a:b@mail.example.org"}
    assert "bounces" in steps()
    assert next_run("bounces", NOW) == NOW + timedelta(minutes=5)
