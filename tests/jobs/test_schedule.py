"""The schedule follows arXiv's clock in New York, summer and winter, and rests when nothing comes."""

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.jobs.schedule import Plan, next_run


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-22 03:00", "2026-07-22 04:20"),  # summer: midnight Eastern is 04:00 UTC
        ("2026-07-22 04:20", "2026-07-22 06:20"),
        ("2026-07-22 06:20", "2026-07-22 10:20"),
        ("2026-07-22 10:20", "2026-07-23 04:20"),
        ("2026-01-14 03:00", "2026-01-14 05:20"),  # winter: it is 05:00 UTC
        ("2026-07-24 12:00", "2026-07-27 04:20"),  # Friday to Monday
        ("2026-07-06 00:00", "2026-07-07 04:20"),  # the holiday of Friday 3 July empties Monday's feed
    ],
)
def test_feeds_are_asked_three_times_after_each_announcement(now: str, due: str) -> None:
    assert next_run("arxiv_feed", utc(now)) == utc(due)


def test_feeds_follow_new_york_when_its_clocks_change() -> None:
    friday_before = next_run("arxiv_feed", utc("2026-03-06 00:00"))
    monday_after = next_run("arxiv_feed", utc("2026-03-09 00:00"))

    assert (friday_before, monday_after) == (utc("2026-03-06 05:20"), utc("2026-03-09 04:20"))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-22 12:00", "2026-07-23 03:00"),  # Wednesday 23:00 Eastern
        ("2026-07-24 03:00", "2026-07-27 03:00"),  # Thursday's is done; next on Sunday evening
        ("2026-01-14 12:00", "2026-01-15 04:00"),
    ],
)
def test_the_harvest_runs_on_the_evenings_with_new_metadata(now: str, due: str) -> None:
    assert next_run("arxiv_oai", utc(now)) == utc(due)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-22 12:00", "2026-07-22 12:17"),
        ("2026-07-22 12:17", "2026-07-22 13:17"),
        ("2026-07-24 23:30", "2026-07-25 00:17"),
        ("2026-07-25 00:17", "2026-07-25 06:17"),  # Saturday: every six hours
        ("2026-07-26 18:17", "2026-07-27 00:17"),
    ],
)
def test_hugging_face_is_asked_hourly_on_weekdays(now: str, due: str) -> None:
    assert next_run("huggingface", utc(now)) == utc(due)


@pytest.mark.parametrize(
    ("name", "now", "due"),
    [
        ("github", "2026-07-25 12:00", "2026-07-25 12:37"),  # Saturday: stars know no weekend
        ("github", "2026-07-25 12:37", "2026-07-25 13:37"),
        ("hackernews", "2026-07-25 12:47", "2026-07-25 13:47"),
        ("semantic_scholar", "2026-07-25 05:26", "2026-07-25 05:27"),
        ("openalex", "2026-07-25 05:27", "2026-07-26 05:27"),
    ],
)
def test_signals_are_asked_for_each_at_its_minute(name: str, now: str, due: str) -> None:
    assert next_run(name, utc(now)) == utc(due)


@pytest.mark.parametrize("name", Plan(may_ask=True, has_oai=True, citations="openalex").names)
def test_every_planned_job_comes_again_within_days_and_never_at_once(name: str) -> None:
    now = utc("2026-12-24 00:00")

    for _ in range(50):
        due = next_run(name, now)
        assert timedelta(0) < due - now < timedelta(days=5)
        now = due


def test_nothing_is_asked_offline_and_harvested_only_on_request() -> None:
    assert Plan(may_ask=False, has_oai=True).names == ("upkeep", "digest", "webhooks")
    assert "arxiv_oai" not in Plan(may_ask=True, has_oai=False).names
    assert "arxiv_oai" in Plan(may_ask=True, has_oai=True).names
    assert "openalex" in Plan(may_ask=True, has_oai=False, citations="openalex").names
