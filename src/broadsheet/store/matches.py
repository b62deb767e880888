"""What webhooks of saved searches have asked and told: each paper once, and nothing lost.

How far one has come moves in the transaction that writes its message. What a worker dies in is done again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from broadsheet.domain.interest import Interest, interest_of
from broadsheet.domain.webhook import MATCH, PushState, Target, WebhookState
from broadsheet.store.models import ChangeTime, FormerKey, Matched, Paper, Push, Webhook
from broadsheet.store.pushes import KEPT, message_id
from broadsheet.store.rows import slices
from broadsheet.store.webhooks import target_of

NEW = timedelta(days=30)  # by its date or its announcement: what is older is no news, whenever it comes in
A_RUN = timedelta(days=1)  # a harvest's papers are dated by its beginning, which may lie before the webhook
GATHER = timedelta(minutes=5)  # from message to message, at the least
GATHER_WAITING = timedelta(hours=1)  # while one waits, as one does that is down
REMEMBERED = KEPT + A_RUN  # longer than any message is kept; so long after it came in a paper may be told
MOST_MESSAGES = 40  # of what is found at once: 480 papers as usual; a whole archive fills no chat


@dataclass(frozen=True, slots=True)
class Follower:
    """A webhook whose search is to be asked again."""

    pk: int
    seen: int  # the change number up to which it was
    target: Target
    interest: Interest
    made_at: datetime
    since_at: datetime


class Candidate(NamedTuple):
    paper_id: int
    change_no: int
    key: str
    dated_on: date | None
    first_seen_at: datetime


class Message(NamedTuple):
    papers: Sequence[Candidate]  # that it lists
    body: str


def due(now: datetime, up_to: int) -> list[list[Follower]]:
    """Those that are behind a change number, together where they have come equally far."""
    waits = Push.objects.filter(webhook=OuterRef("pk"), state=PushState.WAITING)
    rows = Webhook.objects.filter(kind=MATCH, state=WebhookState.ACTIVE, seen_no__lt=up_to)
    may = Q(matched_at=None) | Q(matched_at__lte=now - GATHER) | Q(matched_at__gt=now + GATHER)
    groups: dict[int, list[Follower]] = {}
    for row in rows.filter(may).annotate(waits=Exists(waits)).order_by("pk"):
        if row.waits and row.matched_at and now - GATHER_WAITING < row.matched_at <= now:
            continue
        if (one := _follower(row, now)) is not None:
            groups.setdefault(row.seen_no, []).append(one)
    return list(groups.values())


def _follower(row: Webhook, now: datetime) -> Follower | None:
    try:
        target, interest = target_of(row, now), interest_of(row.interest)
    except (TypeError, ValueError, AttributeError):
        why = "What it asks for cannot be read. Delete it, and make it anew."
        Webhook.objects.filter(pk=row.pk).update(state=WebhookState.PAUSED, trouble=why)
        return None
    return Follower(row.pk, row.seen_no, target, interest, row.made_at, row.since_at)


def candidates(after: int, up_to: int, now: datetime, most: int) -> tuple[list[Candidate], int]:
    """New papers among those changed since, and the change number up to which these are all.

    A paper may be dated by its last version, so that its date alone would make it new again and again.
    """
    known = Paper.objects.filter(first_seen_at__gte=now - REMEMBERED)
    changed = known.filter(change_no__gt=after, change_no__lte=up_to)
    since = (now - NEW).date()
    new = changed.filter(Q(dated_on__gte=since) | Q(announced_on__gte=since))
    columns = ("pk", "change_no", "key", "dated_on", "first_seen_at")
    rows = [Candidate(*row) for row in new.order_by("change_no").values_list(*columns)[:most]]
    return rows, rows[-1].change_no if len(rows) == most else up_to


def untold(follower: Follower, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those that this webhook was not told, under no key that they ever had."""
    for some in slices(found):
        former: dict[int, list[str]] = {}
        keys = FormerKey.objects.filter(paper_id__in=[one.paper_id for one in some])
        for paper_id, key in keys.values_list("paper_id", "key"):
            former.setdefault(paper_id, []).append(key)
        hashes = {one: [*map(_hash, (one.key, *former.get(one.paper_id, ())))] for one in some}
        wanted = [value for values in hashes.values() for value in values]
        told = set(_told(follower.pk, wanted))
        yield from (one for one in some if told.isdisjoint(hashes[one]))


def _told(pk: int, hashes: Sequence[int]) -> Iterator[int]:
    for some in slices(hashes):
        yield from Matched.objects.filter(webhook_id=pk, key_hash__in=some).values_list("key_hash", flat=True)


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), signed=True)


def newest_before(moment: datetime) -> int:
    """The last change that is older."""
    times = ChangeTime.objects.filter(at__lt=moment).order_by("-up_to")
    return times.values_list("up_to", flat=True).first() or 0


def move(followers: Iterable[Follower], seen: int) -> None:
    """These have asked up to there, and found nothing."""
    for one in followers:
        Webhook.objects.filter(pk=one.pk, seen_no=one.seen, kind=MATCH).update(seen_no=seen)


def tell(one: Follower, seen: int, messages: Sequence[Message], now: datetime) -> int:
    """Write the messages that wait, how many; 0 where another worker has, or it was changed meanwhile."""
    told = [sorted({_hash(paper.key) for paper in message.papers}) for message in messages]
    rows = [Matched(webhook_id=one.pk, key_hash=value, told_at=now) for hashes in told for value in hashes]
    mine = Webhook.objects.filter(pk=one.pk, seen_no=one.seen, kind=MATCH, state=WebhookState.ACTIVE)
    with transaction.atomic():
        if not mine.update(seen_no=seen, matched_at=now):
            return 0
        Matched.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
        for place, (message, hashes) in enumerate(zip(messages, told, strict=True)):
            Push.objects.create(
                webhook_id=one.pk,
                message_id=_free_id(one, hashes, seen),
                kind=MATCH,
                start=now.date(),
                part=part_of(seen, place),
                body=message.body,
                run_at=now,
                made_at=now,
            )
    return len(messages)


def part_of(seen: int, place: int) -> int:
    """Tells messages of a day apart: by how far the search has come, and among these by their order."""
    return seen * MOST_MESSAGES + place


def _free_id(one: Follower, hashes: Sequence[int], seen: int) -> str:
    """Of what it tells: after a power cut the same papers come under the same id, and others do not.

    One that is there already told them before; what tells them anew is another message.
    """
    named = f"{MATCH} {hashes}"
    first = message_id(one.pk, one.made_at, named)
    is_had = Push.objects.filter(message_id=first).exists()
    return message_id(one.pk, one.made_at, f"{named} {seen}") if is_had else first


def tidy(now: datetime) -> None:
    Matched.objects.filter(told_at__lt=now - REMEMBERED).delete()
