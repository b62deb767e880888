"""Keeps webhooks: made, changed, paused, let go on, deleted by their owner; read for pages and commands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q, QuerySet

from broadsheet.domain.interest import Interest, interest_of
from broadsheet.domain.webhook import (
    MATCH,
    BadField,
    Form,
    PushState,
    Target,
    WebhookState,
    checked_every,
    checked_name,
)
from broadsheet.store import changes
from broadsheet.store.models import Push, Webhook

MOST = 50  # webhooks of a site
HISTORY = 50  # of what was pushed to one
BOTH_SIGN = timedelta(days=1)  # a new secret and the former one


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """A webhook as its owner sees it: no secret is in it."""

    pk: int
    name: str
    form: Form
    host: str
    room: str
    every: str
    interest: Interest | None
    state: WebhookState
    trouble: str  # why it was paused; "": its owner did
    made_at: datetime
    delivered_at: datetime | None
    failing_since: datetime | None
    waiting: int
    next_at: datetime | None  # when the first that waits is tried, or is leased until
    both_sign_until: datetime | None  # the new secret and the former one


@dataclass(frozen=True, slots=True)
class PushLine:
    message_id: str
    kind: str
    start: str
    part: int
    state: PushState
    tries: int
    made_at: datetime
    tried_at: datetime | None
    run_at: datetime
    answer: str


def make(name: str, target: Target, every: str, interest: Interest, now: datetime) -> int:
    """Its id. Only what closes, or comes in, from now on is news for it. Raises BadField."""
    row = Webhook(
        name=checked_name(name),
        form=target.form,
        url=target.url,
        room=target.room,
        token=target.token,
        secret=target.secret,
        kind=checked_every(every, interest),
        interest=interest.as_json(),
        seen_no=changes.newest(),
        made_at=now,
        since_at=now,
    )
    try:
        with transaction.atomic():
            if Webhook.objects.count() >= MOST:
                raise BadField("name", f"there are {MOST} webhooks already, which is the most")
            row.save(force_insert=True)
    except IntegrityError as error:
        raise BadField("name", f"there is a webhook {name!r} already") from error
    return row.pk


def change(pk: int, name: str, target: Target, every: str, interest: Interest, now: datetime) -> bool:
    """Nothing that waits is dropped; False when it was deleted meanwhile. Raises BadField."""
    values = {
        "name": checked_name(name),
        "url": target.url,
        "room": target.room,
        "token": target.token,
        "kind": checked_every(every, interest),
        "interest": interest.as_json(),
    }
    try:
        with transaction.atomic():
            other = Webhook.objects.filter(pk=pk).exclude(kind=every)
            other.update(since_at=now, seen_no=changes.newest(), matched_at=None)  # another kind of news
            return bool(Webhook.objects.filter(pk=pk, form=target.form).update(**values))
    except IntegrityError as error:
        raise BadField("name", f"there is a webhook {name!r} already") from error


def hold(pks: Iterable[int]) -> set[int]:
    """Those that are there still; they stay until the transaction ends.

    Before anything is written of what is pushed to them, everywhere: so no two wait for each other.
    """
    rows = Webhook.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def renew_secret(pk: int, secret: str, now: datetime) -> bool:
    """For a day the former one signs beside it. False for one that is not signed."""
    with transaction.atomic():
        row = Webhook.objects.filter(pk=pk, form=Form.JSON).first()
        if row is None:
            return False
        values = {"secret": secret, "former_secret": row.secret, "former_until": now + BOTH_SIGN}
        return bool(Webhook.objects.filter(pk=pk, secret=row.secret).update(**values))


def pause(pk: int) -> bool:
    """Nothing is dropped: what waits goes out, in its order, when it goes on."""
    return bool(Webhook.objects.filter(pk=pk, state=WebhookState.ACTIVE).update(state=WebhookState.PAUSED))


def resume(pk: int, now: datetime) -> bool:
    """What waits is tried at once, and its days of patience begin anew."""
    with transaction.atomic():
        paused = Webhook.objects.filter(pk=pk, state=WebhookState.PAUSED)
        if not paused.update(state=WebhookState.ACTIVE, trouble="", failing_since=None):
            return False
        _waiting(pk).update(run_at=now, lease="", tries=0, refused=0)
    return True


def retry(pk: int, now: datetime) -> bool:
    """Try what waits at once, if nobody is trying it just now."""
    return bool(_waiting(pk).filter(lease="").update(run_at=now))


def skip(pk: int, now: datetime) -> bool:
    """Give the first that waits up, so that those behind it come."""
    with transaction.atomic():
        hold([pk])
        first = _waiting(pk).order_by("pk").values_list("pk", flat=True)[:1]
        given_up = Push.objects.filter(pk__in=list(first))
        is_done = bool(given_up.update(state=PushState.SKIPPED, closed_at=now, lease="", body=""))
        if is_done:
            Webhook.objects.filter(pk=pk).update(failing_since=None)
    return is_done


def delete(pk: int) -> bool:
    """With all that was pushed to it, and what waits."""
    with transaction.atomic():
        hold([pk])
        return bool(Webhook.objects.filter(pk=pk).delete()[0])


def find(name: str) -> int | None:
    return Webhook.objects.filter(name=name).values_list("pk", flat=True).first()


def count() -> int:
    return Webhook.objects.count()


def target(pk: int, now: datetime) -> Target | None:
    row = Webhook.objects.filter(pk=pk).first()
    return target_of(row, now) if row else None


def target_of(row: Webhook, now: datetime) -> Target:
    both = row.former_until is not None and now < row.former_until
    former = row.former_secret if both else ""
    return Target(Form(row.form), row.url, row.room, row.token, row.secret, former)


def line(pk: int) -> WebhookLine | None:
    return next((one for one in lines() if one.pk == pk), None)


def lines() -> list[WebhookLine]:
    """All of them, by name. One query."""
    waits = Q(pushes__state=PushState.WAITING)
    counted = Webhook.objects.annotate(
        waiting=Count("pushes", filter=waits), next_at=Min("pushes__run_at", filter=waits)
    )
    return [
        WebhookLine(
            pk=row.pk,
            name=row.name,
            form=Form(row.form),
            host=urlsplit(row.url).hostname or "",
            room=row.room,
            every=row.kind,
            interest=_interest(row),
            state=WebhookState(row.state),
            trouble=row.trouble,
            made_at=row.made_at,
            delivered_at=row.delivered_at,
            failing_since=row.failing_since,
            waiting=row.waiting,
            next_at=row.next_at,
            both_sign_until=row.former_until,
        )
        for row in counted.order_by("name")
    ]


def _interest(row: Webhook) -> Interest | None:
    """None where another version wrote what this one cannot read."""
    try:
        return interest_of(row.interest)
    except (TypeError, ValueError, AttributeError):
        return None


def history(pk: int) -> list[PushLine]:
    """What was pushed, the newest first."""
    rows = Push.objects.filter(webhook_id=pk).defer("body", "held").order_by("-pk")[:HISTORY]
    return [
        PushLine(
            message_id=row.message_id,
            kind=row.kind,
            start=row.start.isoformat(),
            part=0 if row.kind == MATCH else row.part,
            state=PushState(row.state),
            tries=row.tries,
            made_at=row.made_at,
            tried_at=row.tried_at,
            run_at=row.run_at,
            answer=row.answer,
        )
        for row in rows
    ]


def _waiting(pk: int) -> QuerySet[Push]:
    return Push.objects.filter(webhook_id=pk, state=PushState.WAITING)
