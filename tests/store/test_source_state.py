"""What is remembered of each source: how far it got, and since when it fails."""

from datetime import timedelta

import pytest
from django.db import transaction

from broadsheet.store import source_state
from broadsheet.store.models import SourceState
from tests.makers import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_source_never_asked_has_no_progress() -> None:
    assert source_state.progress_of("arxiv_oai") == {}


def test_progress_is_kept_as_it_was_saved() -> None:
    source_state.save_progress("arxiv_oai", {"token": "one"})
    source_state.save_progress("arxiv_oai", {"token": "two"})

    assert source_state.progress_of("arxiv_oai") == {"token": "two"}


def test_progress_is_forgotten_with_the_papers_it_goes_with() -> None:
    with transaction.atomic():
        source_state.save_progress("arxiv_oai", {"token": "one"})
        transaction.set_rollback(True)

    assert source_state.progress_of("arxiv_oai") == {}


def test_a_source_fails_since_its_first_failure() -> None:
    source_state.failed("huggingface", "away", NOW, retry_after=HOUR)
    source_state.failed("huggingface", "still away", NOW + HOUR)

    row = SourceState.objects.get()
    assert (row.failing_since, row.last_error, row.wait_until) == (NOW, "still away", None)


def test_an_answer_ends_the_failing_and_keeps_the_progress() -> None:
    source_state.save_progress("huggingface", {"asked": {}})
    source_state.asked("huggingface", NOW)
    source_state.failed("huggingface", "away", NOW, retry_after=HOUR)

    source_state.answered("huggingface", "3 added", NOW + HOUR)

    row = SourceState.objects.get()
    assert (row.failing_since, row.last_error, row.wait_until) == (None, "", None)
    assert (row.asked_at, row.answered_at, row.last_report) == (NOW, NOW + HOUR, "3 added")
    assert row.progress == {"asked": {}}
