"""`broadsheet doctor` says what is wrong and what to do, and fails only when something must be done."""

import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from broadsheet import wiring
from broadsheet.cli import checkup
from broadsheet.cli.findings import Level
from broadsheet.jobs import reading
from broadsheet.jobs.upkeep import follow
from broadsheet.store import jobs, source_state
from broadsheet.store.intake import take_in
from broadsheet.store.models import Subscription
from tests.fakes.mail import run_mail_server
from tests.fakes.model import FakeModel
from tests.fakes.upstream import Answer, Upstream, run_upstream
from tests.makers import NOW, arxiv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings of a site in a folder of its own, to be changed by a test."""
    changed = {**settings.OPTIONS, "DATA": tmp_path / "data"}
    monkeypatch.setattr(settings, "OPTIONS", changed)
    wiring.data_folder()
    return changed


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with run_upstream() as upstream:
        yield upstream


def findings(*arguments: str) -> dict[str, dict[str, str]]:
    output = StringIO()
    with contextlib.suppress(CommandError):
        call_command("doctor", "--json", *arguments, stdout=output)
    return {finding["what"]: finding for finding in json.loads(output.getvalue())["findings"]}


def test_a_site_that_is_well_says_so_and_succeeds() -> None:
    take_in([arxiv()], now=NOW)
    follow(wiring.words_index(), now=NOW)
    output = StringIO()

    call_command("doctor", stdout=output)

    assert "1 papers, 0 changes behind" in output.getvalue()
    assert "fail" not in output.getvalue()


def test_a_site_without_a_worker_is_told_to_start_one() -> None:
    assert findings()["jobs"]["remedy"] == "Start broadsheet up, or broadsheet worker."


def test_readings_tell_how_far_they_are() -> None:
    assert findings()["readings"]["text"] == "no paper is read yet; the worker does it"
    take_in([arxiv()], now=NOW)
    reading.catch_up(lambda: False, version="readings-9")

    assert findings()["readings"]["text"].startswith("read by readings-9, 0 changes behind the store; older")


def test_jobs_long_overdue_mean_that_no_worker_runs() -> None:
    jobs.ensure(["upkeep"], wiring.clock().now() - timedelta(hours=1))

    found = findings()["job upkeep"]

    assert found["level"] == "warn"
    assert "No worker seems to run" in found["remedy"]


def test_a_failing_job_and_source_are_shown_with_their_reason() -> None:
    now = wiring.clock().now()
    jobs.ensure(["huggingface"], now)
    job = jobs.claim_next(now)
    assert job is not None
    jobs.put_off(job, "it cannot be reached", now=now)
    source_state.failed("huggingface", "it cannot be reached", now)

    found = findings()

    assert found["job huggingface"]["text"] == "failed at try 1: it cannot be reached"
    assert found["source huggingface"]["level"] == "warn"


def test_a_key_that_others_can_read_is_a_failure(options: dict[str, Any]) -> None:
    key = options["DATA"] / "secret_key"
    key.write_text("secret")
    key.chmod(0o644)

    with pytest.raises(CommandError, match="not well: signing key"):
        call_command("doctor", stdout=StringIO())


def test_a_folder_that_others_can_read_is_a_warning(options: dict[str, Any]) -> None:
    options["DATA"].chmod(0o755)

    assert findings()["data folder"]["remedy"] == f"Run: chmod 700 {options['DATA']}"


def test_a_site_open_to_the_network_needs_its_names(options: dict[str, Any]) -> None:
    options.update({"HOST": "0.0.0.0", "DEBUG": True})

    found = findings()

    assert "BROADSHEET_ALLOWED_HOSTS" in found["reach"]["remedy"]
    assert found["debug"]["level"] == "fail"


def test_sources_are_asked_only_when_wanted(options: dict[str, Any], upstream: Upstream) -> None:
    options.update(
        {"ARXIV_FEED_URL": upstream.url, "ARXIV_OAI_URL": upstream.url, "HUGGINGFACE_URL": upstream.url}
    )
    upstream.routes["/"] = upstream.routes["/api/daily_papers"] = lambda _: Answer(b"ok")

    assert not any(what.startswith("network") for what in findings())
    assert upstream.asked == []

    found = findings("--network")
    assert found["network huggingface"]["level"] == "ok"
    assert found["network arxiv_feed"]["level"] == "fail"
    assert "404" in found["network arxiv_feed"]["text"]


def test_the_mail_server_is_greeted_over_the_network(options: dict[str, Any]) -> None:
    with run_mail_server() as server:
        options["SMTP_URL"] = server.url
        met = list(checkup._mail_server())
    gone = list(checkup._mail_server())

    assert [(finding.what, finding.level) for finding in met + gone] == [
        ("mail server", Level.OK),
        ("mail server", Level.FAIL),
    ]
    assert not server.asked
    assert "refused the connection" in gone[0].text


def test_digests_that_nobody_sends_are_an_alarm() -> None:
    now = wiring.clock().now()
    Subscription.objects.create(
        address="a@example.org",
        shown_address="a@example.org",
        state="active",
        asked_at=now,
        due_at=now - timedelta(hours=3),
    )

    levels = [(finding.level, finding.text) for finding in checkup._digests(now)]

    assert levels == [
        (Level.OK, "1 active subscriptions, into the outbox"),
        (Level.WARN, "1 digest is overdue: the job `digest` or `upkeep` does not run."),
    ]


def test_it_says_that_no_model_writes_lines() -> None:
    assert findings()["summaries"]["text"].startswith("off: ")


@pytest.mark.parametrize(
    ("written", "level", "text"),
    [
        ("SlowSort sorts a list by waiting, 3.5 times slower.", "ok", "small-1 answers: SlowSort sorts"),
        ("SlowSort sorts a list by waiting, 9 times slower.", "warn", "answers with a figure that"),
        (None, "warn", "status 404"),
    ],
)
def test_the_endpoint_of_written_lines_is_asked_once(
    options: dict[str, Any],
    upstream: Upstream,
    monkeypatch: pytest.MonkeyPatch,
    written: str,
    level: str,
    text: str,
) -> None:
    monkeypatch.setattr(wiring, "probes", dict)
    options |= {"SUMMARY_URL": f"{upstream.url}/v1", "SUMMARY_MODEL": "small-1", "SUMMARY_KEY": "s3cret"}
    if written:
        upstream.routes["/v1"] = FakeModel(lambda title, text: written)

    found = findings("--network")

    assert "on: small-1 at http" in found["summaries"]["text"]
    assert "key set; 0 written, 0 rejected, 0 without an answer" in found["summaries"]["text"]
    assert found["network summaries"]["level"] == level
    assert text in found["network summaries"]["text"]
    assert len(upstream.asked) == 1
    assert "s3cret" not in str(found)
