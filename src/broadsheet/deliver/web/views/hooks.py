"""Takes what a mail service tells of mails: bounces, complaints, readers who left. Only there when set."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from broadsheet import wiring
from broadsheet.deliver.web import services
from broadsheet.deliver.web.views.site import page_missing
from broadsheet.domain.returned import ReturnKind
from broadsheet.lib.text import plain_line, shortened
from broadsheet.store import returns
from broadsheet.store.returns import About, Told

LONGEST_WORDS = 300
LONGEST_NAME = 200
_REJECTED = {RejectReason.SPAM: ReturnKind.COMPLAINT, RejectReason.UNSUBSCRIBED: ReturnKind.LEFT}
_ENDED = {EventType.COMPLAINED: ReturnKind.COMPLAINT, EventType.UNSUBSCRIBED: ReturnKind.LEFT}
_SOFT_WORDS = frozenset(
    ("softbounce", "soft_bounce", "soft bounce", "soft_bounced", "transient", "temporary", "undetermined")
)
_SOFT_CLASSES = frozenset(("1", *map(str, range(20, 26)), "40", *map(str, range(50, 55)), "70"))  # SparkPost


@csrf_exempt
@never_cache
def mail(request: HttpRequest) -> HttpResponseBase:
    service = wiring.option("MAIL_SERVICE")
    secret, key = wiring.option("MAIL_SERVICE_SECRET"), wiring.option("MAIL_SERVICE_KEY")
    if not service or not services.is_guarded(service, secret, key):
        return page_missing(request)
    try:
        return services.answer(service, secret, key, request)
    except services.TooLong:
        return HttpResponse("This is more than is read at once.\n", status=413)
    except services.Unreadable:
        return HttpResponse("This is not what the mail service tells, or its secret is wrong.\n", status=400)


@receiver(tracking)
def told(sender: object, event: AnymailTrackingEvent, esp_name: str, **_: object) -> None:
    """Under a key that is the same when it is told again."""
    kind = _kind(event)
    if kind is None:
        return
    message_id = _line(event.message_id)
    at = event.timestamp if isinstance(event.timestamp, datetime) and event.timestamp.tzinfo else None
    named = [esp_name, event.event_id, event.event_type, message_id, event.recipient, at]
    key = sha256("\n".join(map(_line, named)).encode()).hexdigest()
    about = About(message_ids=(message_id, f"<{message_id.strip('<>')}>"), recipient=_line(event.recipient))
    returns.take(Told(key, kind, esp_name, _words(kind, event, esp_name), at), about, timezone.now())


def _kind(event: AnymailTrackingEvent) -> ReturnKind | None:
    """None for what needs nothing done: delivered, put off, opened."""
    if event.event_type in _ENDED:
        return _ENDED[event.event_type]
    if event.event_type == EventType.REJECTED:
        return _REJECTED.get(event.reject_reason, ReturnKind.HARD)
    if event.event_type == EventType.BOUNCED:
        return ReturnKind.SOFT if _is_soft(event) else ReturnKind.HARD
    return ReturnKind.SOFT if event.event_type == EventType.FAILED else None


def _is_soft(event: AnymailTrackingEvent) -> bool:
    """By the services' own words, which anymail makes one of; and by the mail server's answer."""
    if _line(event.mta_response).startswith("4"):
        return True
    for name, value in _fields(event.esp_event):
        word = str(value).lower()
        if name in ("Type", "event", "type", "bounceType") and word in _SOFT_WORDS:
            return True
        if (name, word) in (("hard_bounce", "false"), ("type", "blocked")):  # Mailjet's, SendGrid's
            return True
        if name == "bounce_class" and word in _SOFT_CLASSES:
            return True
    return False


def _fields(told: object, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if isinstance(told, dict) and depth < 4:
        for name, value in told.items():
            yield str(name), value
            yield from _fields(value, depth + 1)


def _words(kind: ReturnKind, event: AnymailTrackingEvent, esp_name: str) -> str:
    if kind is ReturnKind.COMPLAINT:
        return f"The reader called it unwanted mail, says {esp_name}."
    if kind is ReturnKind.LEFT:
        return f"Unsubscribed at {esp_name}."
    said = _line(event.mta_response) or _line(event.description) or _line(event.reject_reason)
    return shortened(said or f"{event.event_type}, says {esp_name}", LONGEST_WORDS)


def _line(value: object) -> str:
    return "" if value is None else plain_line(str(value)[: LONGEST_NAME + LONGEST_WORDS])
