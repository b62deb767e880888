"""What the owner must know of webhooks: which are paused, which fail. Quick, for who asks often."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from broadsheet.domain.webhook import MATCH, PushState, WebhookState
from broadsheet.store.matches import newest_before
from broadsheet.store.models import Push, Webhook
from broadsheet.store.pushes import skipped_for_refusal

FAILING = timedelta(hours=1)  # shorter troubles pass by themselves
MOST_TOLD = 10
OVERDUE = timedelta(hours=2)
TOLD_FOR = timedelta(days=1)  # that something was skipped


def alarms(now: datetime) -> list[str]:
    """One sentence each, without an address. What one has answered may be in it: for the owner alone."""
    rows = Webhook.objects.order_by("name")
    told = [f"{row.name} is paused. {row.trouble}" for row in rows if row.trouble]
    told += [
        f"{row.name} has taken nothing since {row.failing_since:%Y-%m-%d %H:%M} UTC."
        for row in rows
        if row.state == WebhookState.ACTIVE and row.failing_since and row.failing_since < now - FAILING
    ]
    skipped = skipped_for_refusal().filter(closed_at__gt=now - TOLD_FOR).select_related("webhook")
    told += [
        f"{row.webhook.name} refused a message again and again, which was skipped: {row.answer}"
        for row in skipped.defer("body", "held").order_by("pk")[:MOST_TOLD]
    ]
    stuck = _untried(now)
    if stuck:
        count = "1 delivery was" if stuck == 1 else f"{stuck:,} deliveries were"
        told.append(f"{count} not tried: the job `webhooks` does not run, or the index cannot be asked.")
    told += [
        f"The search of {name} was not asked for two hours, though papers have come in:"
        " the job `webhooks` does not run, or the index is behind or cannot be asked."
        for name in _unasked(rows, now)[:MOST_TOLD]
    ]
    return told


def _unasked(rows: Iterable[Webhook], now: datetime) -> list[str]:
    """Names of those that are behind what came in so long ago; even one that is down asks by the hour."""
    asking = [row for row in rows if row.kind == MATCH and row.state == WebhookState.ACTIVE]
    known = newest_before(now - OVERDUE) if asking else 0
    return [row.name for row in asking if row.seen_no < known]


def _untried(now: datetime) -> int:
    """Of webhooks that are well: behind one that fails, waiting is no news."""
    return Push.objects.filter(
        state=PushState.WAITING,
        tries=0,
        made_at__lt=now - OVERDUE,
        webhook__state=WebhookState.ACTIVE,
        webhook__failing_since=None,
    ).count()
