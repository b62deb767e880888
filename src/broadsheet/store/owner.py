"""Who the owner is: whoever opens a one-time link that only this machine's terminal prints."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from broadsheet.store.models import OwnerLink

LINK_LASTS = timedelta(hours=24)
OWNER = "owner"


def new_link(now: datetime) -> str:
    """A token that works once within a day, in place of any earlier one. Only its hash is kept."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        OwnerLink.objects.filter(used_at=None).delete()
        OwnerLink.objects.create(token_hash=_hash(token), made_at=now, expires_at=now + LINK_LASTS)
    return token


def is_waiting(token: str, now: datetime) -> bool:
    return OwnerLink.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=now).exists()


def claim(token: str, now: datetime) -> User | None:
    """Use the link up and give the owner's account, or None when it was used, is too old or never was.

    Of two browsers that claim at the same instant, one finds the row unused.
    """
    waiting = OwnerLink.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=now)
    with transaction.atomic():
        return _account() if waiting.update(used_at=now) else None


def has_owner() -> bool:
    return OwnerLink.objects.exclude(used_at=None).exists()


def _account() -> User:
    user, is_new = User.objects.get_or_create(
        username=OWNER, defaults={"is_staff": True, "is_superuser": True}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
