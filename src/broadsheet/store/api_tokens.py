"""Tokens that the owner makes for programs. A token is told once, when it is made, and never kept."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import OperationalError, connection
from django.db.models import Q, QuerySet

from broadsheet.domain.scope import OF_OWNER, Scope
from broadsheet.lib.text import plain_line
from broadsheet.store.models import ApiToken

BEGINS = "bs_"  # tells one from the signed words of mails, and lets scanners for secrets find one
LONGEST = 300  # characters that are looked at
LONGEST_NAME = 60
SHOWN = 9  # characters: enough to tell tokens apart, too few to guess one
MOST = 200  # tokens in force
MOST_DAYS = 3_650


class BadRequest(ValueError):
    """No token can be made of it; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Held:
    id: int
    name: str
    beginning: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_on: date | None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def make(name: str, scopes: Sequence[str], now: datetime, *, days: int | None = None) -> str:
    """The token, which nobody can tell again. Raises BadRequest."""
    name = plain_line(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadRequest(f"name: expected 1 to {LONGEST_NAME} characters that say what it is for")
    if not scopes or not set(scopes) <= set(OF_OWNER):
        raise BadRequest(f"scopes: expected one or more of {', '.join(OF_OWNER)}")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise BadRequest(f"days: expected a whole number from 1 to {MOST_DAYS}")
    if _in_force(now).count() >= MOST:
        raise BadRequest(f"{MOST} tokens are in force; revoke one that is not used")
    token = BEGINS + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        name=name,
        token_hash=_hash(token),
        beginning=token[:SHOWN],
        scopes=sorted(set(scopes)),
        made_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    return token


def find(token: str, now: datetime) -> Held | None:
    """The token as it is known, in force or not; None when it was never made here. Its day of use is noted,
    now or with a later request of the day."""
    row = ApiToken.objects.filter(token_hash=_hash(token[:LONGEST])).first()
    if row is None:
        return None
    held = _held(row)
    if held.is_good(now) and row.used_on != now.date():
        _note_use(row.pk, now.date())
    return held


def _note_use(token_id: int, day: date) -> None:
    """Who asks to read must not wait until another process has written: SQLite would have them wait long."""
    with suppress(OperationalError), _unless_busy():
        ApiToken.objects.filter(pk=token_id).update(used_on=day)


@contextmanager
def _unless_busy() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")


def revoke(token_id: int, now: datetime) -> bool:
    """False when there is none in force of that number."""
    return bool(ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now))


def listed() -> list[Held]:
    """All there were, the newest first."""
    return [_held(row) for row in ApiToken.objects.order_by("-id")[: 2 * MOST]]


def _in_force(now: datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


def _held(row: ApiToken) -> Held:
    known = tuple(Scope(scope) for scope in row.scopes if scope in OF_OWNER)
    times = (row.made_at, row.expires_at, row.revoked_at)
    return Held(row.pk, row.name, row.beginning, known, *times, row.used_on)


def _hash(token: str) -> str:
    """Of 256 random bits: nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
