"""Jobs are leased: one worker each, taken over when it dies, put off later after each failure."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.store import jobs
from broadsheet.store.models import Job
from tests.makers import NOW
from tests.sites import ROOT, own_site

SOON = timedelta(seconds=1)


def claimed(now: timedelta = timedelta()) -> jobs.Leased:
    job = jobs.claim_next(NOW + now)
    assert job is not None
    return job


@pytest.mark.django_db
def test_a_new_job_is_due_at_once_and_one_no_longer_planned_goes() -> None:
    jobs.ensure(["feed", "harvest"], NOW)

    jobs.ensure(["feed", "upkeep"], NOW + SOON)

    assert dict(Job.objects.values_list("name", "run_at")) == {"feed": NOW, "upkeep": NOW + SOON}


@pytest.mark.django_db
def test_a_leased_job_is_not_given_to_another_worker() -> None:
    jobs.ensure(["feed"], NOW)

    assert claimed().name == "feed"

    assert jobs.claim_next(NOW) is None


@pytest.mark.django_db
def test_the_job_that_is_due_longest_comes_first() -> None:
    jobs.ensure(["late"], NOW)
    jobs.ensure(["late", "later"], NOW + SOON)

    assert [claimed(SOON).name, claimed(SOON).name] == ["late", "later"]


@pytest.mark.django_db
@pytest.mark.parametrize(("away", "is_due"), [(timedelta(days=13), False), (timedelta(days=3_650), True)])
def test_a_job_that_a_clock_put_years_away_is_due_now(away: timedelta, is_due: bool) -> None:
    jobs.ensure(["feed"], NOW + away)

    assert (jobs.claim_next(NOW) is not None) == is_due


@pytest.mark.django_db
def test_the_job_of_a_dead_worker_comes_due_again() -> None:
    jobs.ensure(["feed"], NOW)
    dead = claimed()

    alive = claimed(jobs.LEASE)

    assert alive.tries == 2
    assert not jobs.done(dead, "too late", now=NOW, next_run_at=NOW)
    assert jobs.done(alive, "12 added", now=NOW, next_run_at=NOW + timedelta(hours=1))
    assert Job.objects.get().result == "12 added"


@pytest.mark.django_db
def test_a_heartbeat_keeps_the_lease() -> None:
    jobs.ensure(["feed"], NOW)
    job = claimed()

    assert jobs.keep(job, NOW + timedelta(minutes=2))

    assert jobs.claim_next(NOW + jobs.LEASE) is None


@pytest.mark.django_db
def test_a_lost_lease_cannot_be_kept() -> None:
    jobs.ensure(["feed"], NOW)
    dead = claimed()
    claimed(jobs.LEASE)

    assert not jobs.keep(dead, NOW + jobs.LEASE)


@pytest.mark.django_db
def test_a_failed_job_is_put_off_and_a_success_forgets_the_failure() -> None:
    jobs.ensure(["feed"], NOW)

    jobs.put_off(claimed(), "it rains", now=NOW)

    row = Job.objects.get()
    assert (row.last_error, row.lease, row.tries) == ("it rains", "", 1)
    assert NOW + timedelta(minutes=2) <= row.run_at < NOW + timedelta(minutes=3)
    again = claimed(timedelta(minutes=3))
    jobs.done(again, "dry", now=NOW, next_run_at=NOW)
    row.refresh_from_db()
    assert (row.last_error, row.tries, row.result) == ("", 0, "dry")


def test_each_failure_waits_longer_up_to_six_hours() -> None:
    waits = [jobs.wait_after("feed", tries) for tries in (1, 2, 3, 8, 9, 50)]

    assert [round(wait / timedelta(minutes=1) / 1.05) for wait in waits[:3]] == [2, 4, 8]
    assert all(jobs.LONGEST_WAIT <= wait <= jobs.LONGEST_WAIT * 1.1 for wait in waits[-2:])


def test_an_upstream_that_asks_for_more_gets_more_but_not_for_ever() -> None:
    asked = jobs.wait_after("feed", 1, timedelta(hours=3))
    endless = jobs.wait_after("feed", 1, timedelta(days=400))

    assert timedelta(hours=3) <= asked < timedelta(hours=4)
    assert endless < timedelta(days=2)


def test_jobs_that_failed_together_do_not_come_back_together() -> None:
    assert jobs.wait_after("feed", 3) != jobs.wait_after("harvest", 3)


@pytest.mark.django_db
def test_a_job_given_back_is_due_at_once_and_has_not_failed() -> None:
    jobs.ensure(["feed"], NOW)

    jobs.give_back(claimed(), NOW)

    row = Job.objects.get()
    assert (row.run_at, row.tries, row.lease) == (NOW, 0, "")


@pytest.mark.django_db
def test_a_job_can_be_made_due_unless_it_runs() -> None:
    jobs.ensure(["feed"], NOW + timedelta(days=1))
    assert jobs.run_now("feed", NOW)

    claimed()

    assert not jobs.run_now("feed", NOW)
    assert not jobs.run_now("no such job", NOW)


CLAIM_ALL = """
import django
django.setup()
from tests.makers import NOW
from broadsheet.store import jobs
while job := jobs.claim_next(NOW):
    print(job.name)
"""
MAKE_MANY = """
import django
django.setup()
from tests.makers import NOW
from broadsheet.cli import prepare
from broadsheet.store import jobs
prepare.migrate()
jobs.ensure([f"job {number}" for number in range(100)], NOW)
"""


@pytest.mark.slow
def test_of_several_workers_each_job_goes_to_one(tmp_path: Path) -> None:
    with own_site(tmp_path) as env:
        run([MAKE_MANY], env)

        claimed = run([CLAIM_ALL] * 4, env)

    assert sorted(claimed) == sorted(f"job {number}" for number in range(100))


def run(scripts: list[str], env: dict[str, str]) -> list[str]:
    """The lines that scripts running at the same time print."""
    started = [
        subprocess.Popen([sys.executable, "-c", script], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for script in scripts
    ]
    printed = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0] * len(scripts)
    return "".join(printed).splitlines()


@pytest.mark.django_db
def test_a_job_that_failed_is_not_made_due_by_who_is_in_a_hurry() -> None:
    jobs.ensure(["digest"], NOW)
    job = jobs.claim_next(NOW)
    assert job is not None
    jobs.put_off(job, "The mail server is away.", now=NOW)

    assert not jobs.run_now("digest", NOW)


def test_mail_is_tried_again_within_minutes_however_long_the_server_was_away() -> None:
    assert jobs.wait_after("digest", 50) <= timedelta(minutes=11)
