"""Mail services that tell of bounces by webhook: django-anymail's views, which know their ways of telling.

Each is given its secrets as arguments; none is built without one, for then anybody could tell us anything.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from warnings import simplefilter

from anymail.exceptions import AnymailError, AnymailNotSupportedWarning
from anymail.webhooks.amazon_ses import AmazonSESBaseWebhookView, AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBasicAuthMixin, AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailersend import MailerSendTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.mailtrap import MailtrapTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = logging.getLogger(__name__)
MOST_POSTED = 4_000_000  # bytes; services post up to a thousand events at once
MOST_UNKNOWN = 262_144  # where nothing but a signature within tells who posts
simplefilter("ignore", AnymailNotSupportedWarning)  # SendGrid's: its users are told in docs/digest.md


class Unreadable(Exception):
    """What was posted is not what this service tells, or its secret is wrong."""


class TooLong(Exception):
    """More was posted than is read."""


@contextmanager
def _hostile() -> Iterator[None]:
    try:
        yield
    except (AnymailError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise Unreadable(type(error).__name__) from error


class _Careful(AnymailCoreWebhookView):  # type: ignore[misc]
    """Anything that is wrong with a post is an error of who posted it."""

    webhook_secret = None
    basic_auth: Any = None

    def run_validators(self, request: HttpRequest) -> None:
        with _hostile():
            AnymailBasicAuthMixin.validate_request(self, request)  # before anything is read
            _read_whole(request, MOST_POSTED if self.basic_auth else MOST_UNKNOWN)
            super().run_validators(request)

    def parse_events(self, request: HttpRequest) -> list[Any]:
        with _hostile():
            return list(super().parse_events(request))


def _read_whole(request: HttpRequest, most: int) -> None:
    """Django's own limit is one for all pages, and meant for what people type."""
    posted = request.read(most + 1)
    if max(len(posted), int(request.META.get("CONTENT_LENGTH") or 0)) > most:
        log.warning("The mail service posted more than %d bytes, which are not read", most)
        raise TooLong
    request._body = posted  # where Django keeps what it has read


class _AmazonSes(_Careful, AmazonSESTrackingWebhookView):  # type: ignore[misc]
    """Without Amazon's library, which is wanted for nothing but to confirm the subscription by itself."""

    def __init__(self, **kwargs: Any) -> None:
        self.auto_confirm_enabled = False
        super(AmazonSESBaseWebhookView, self).__init__(**kwargs)

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        url = str(sns_message.get("SubscribeURL", ""))
        parts = urlsplit(url)
        is_theirs = parts.scheme == "https" and (parts.hostname or "").endswith(".amazonaws.com")
        if is_theirs and url.isprintable():
            log.warning("Amazon SNS waits for you to open this address once: %s", url)


_THEIRS: dict[str, Any] = {
    "brevo": BrevoTrackingWebhookView,
    "mailersend": MailerSendTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "mailtrap": MailtrapTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "resend": ResendTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}
_VIEWS: dict[str, type[_Careful]] = {
    "amazon_ses": _AmazonSes,
    **{name: type(view.__name__, (_Careful, view), {}) for name, view in _THEIRS.items()},
}
_KEYS = {"mailersend": "signing_secret", "mailgun": "webhook_signing_key"}  # of those that sign


def guard_of(service: str) -> str:
    """The setting that tells the service from anybody else."""
    return "MAIL_SERVICE_KEY" if service in _KEYS else "MAIL_SERVICE_SECRET"


def is_guarded(service: str, secret: str, key: str) -> bool:
    return bool(key if service in _KEYS else secret)


def answer(service: str, secret: str, key: str, request: HttpRequest) -> HttpResponseBase:
    """Raises Unreadable and TooLong. What was told goes to those who listen to anymail's `tracking`."""
    secrets: dict[str, Any] = {"webhook_secret": secret} if secret else {"webhook_secret": []}
    if service in _KEYS:
        secrets[_KEYS[service]] = key
    reply: HttpResponseBase = _VIEWS[service].as_view(**secrets)(request)
    return reply
