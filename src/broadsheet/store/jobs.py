"""Jobs as rows that workers lease: one that dies loses its lease, and the job comes due again by itself.

Every write names its columns and, once a job is leased, the lease: a worker that lost it changes nothing.
"""

import secrets
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from broadsheet.store.models import Job

LEASE = timedelta(minutes=3)  # renewed every BEAT; so long does the job of a killed worker wait
BEAT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
MAIL = "digest"
LONGEST_OF = {  # a mail server that is back has a day's mails to take; a model may sleep like its laptop
    MAIL: timedelta(minutes=10),
    "summaries": timedelta(hours=1),
}
FARTHEST = timedelta(days=14)  # no schedule looks further: what is due later was put there by a wrong clock
LONGEST_ASKED_WAIT = timedelta(days=1)  # an upstream that asks for more is tried once a day all the same
SPREAD = 0.1  # of the wait, so that many jobs that failed together do not come back together


@dataclass(frozen=True, slots=True)
class Leased:
    """A job that is ours until the lease runs out."""

    name: str
    token: str
    tries: int  # since the last success, this one counted


def ensure(names: Collection[str], now: datetime) -> None:
    """Make the table hold exactly these jobs; a new one is due at once."""
    Job.objects.exclude(name__in=names).delete()
    Job.objects.bulk_create([Job(name=name, run_at=now) for name in names], ignore_conflicts=True)


def claim_next(now: datetime, among: Collection[str] | None = None) -> Leased | None:
    """Lease the job that has been due longest, of all or of some; None when nothing is due."""
    due = Job.objects.filter(Q(run_at__lte=now) | Q(run_at__gt=now + FARTHEST)).order_by("run_at", "id")
    if among is not None:
        due = due.filter(name__in=among)
    while job := due.first():
        token = secrets.token_hex(16)
        # Two workers may see the same row; the one whose update finds it unchanged has it.
        mine = Job.objects.filter(pk=job.pk, run_at=job.run_at, lease=job.lease)
        if mine.update(run_at=now + LEASE, lease=token, tries=F("tries") + 1, started_at=now):
            return Leased(job.name, token, job.tries + 1)
    return None


def keep(job: Leased, now: datetime) -> bool:
    """Renew the lease; False when it is no longer ours and the work should stop."""
    return bool(_held(job).update(run_at=now + LEASE))


def done(job: Leased, result: str, *, now: datetime, next_run_at: datetime) -> bool:
    """Note a success and when the job runs next; False when the lease was lost meanwhile."""
    return bool(
        _held(job).update(
            run_at=next_run_at, lease="", tries=0, succeeded_at=now, result=result, last_error=""
        )
    )


def put_off(job: Leased, error: str, *, now: datetime, retry_after: timedelta | None = None) -> bool:
    """Try a failed job again, later each time, so that a bad one cannot block the rest."""
    wait = wait_after(job.name, job.tries, retry_after)
    return bool(_held(job).update(run_at=now + wait, lease="", last_error=error))


def give_back(job: Leased, now: datetime) -> bool:
    """Undo a claim: the job was stopped half-way, through no fault of its own, and is due at once."""
    return bool(_held(job).update(run_at=now, lease="", tries=F("tries") - 1))


def run_now(name: str, now: datetime) -> bool:
    """Make a job due; False when there is none of this name, it runs already, or waits because it failed."""
    return bool(Job.objects.filter(name=name, lease="", last_error="").update(run_at=now))


def next_due_at() -> datetime | None:
    return Job.objects.order_by("run_at", "id").values_list("run_at", flat=True).first()


def wait_after(name: str, tries: int, retry_after: timedelta | None = None) -> timedelta:
    """2, 4, 8 … minutes up to 6 hours (or LONGEST_OF), no less than was asked for, up to a tenth more.

    >>> wait_after("index", 1) >= timedelta(minutes=2)
    True
    """
    wait = min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_OF.get(name, LONGEST_WAIT))
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_ASKED_WAIT))
    share = zlib.crc32(f"{name} {tries}".encode()) / 2**32
    return wait * (1 + SPREAD * share)


def _held(job: Leased) -> QuerySet[Job]:
    return Job.objects.filter(name=job.name, lease=job.token)
