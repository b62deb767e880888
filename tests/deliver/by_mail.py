"""What the tests of subscribing share: a strict client, the mails that were handed over, tokens."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.serializers import serialize
from django.db.models import Model
from django.test import Client

from broadsheet.deliver import tokens
from broadsheet.deliver.email.confirmation import send_waiting
from broadsheet.deliver.tokens import Purpose
from broadsheet.store import models
from broadsheet.store.models import Subscription
from broadsheet.store.subscriptions import Handle

NOW = datetime(2026, 5, 22, 6, 30, tzinfo=UTC)
SITE = "https://papers.example.org"
SENDER = "Broadsheet <digest@example.org>"
ADA = "ada@example.org"
PATHS = {
    Purpose.CONFIRM: "/subscription/confirm",
    Purpose.MANAGE: "/subscription",
    Purpose.UNSUBSCRIBE: "/unsubscribe",
}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
CHOICES = {
    "categories": "cs.CL  stat.ML, cs.CL",
    "query": "retrieval  author:lovelace",
    "often": "weekly",
    "hour": "6",
    "zone": "Asia/Kathmandu",
    "most": "50",
    "form": "text",
    "boosted": "long context, agents\r\nagents",
    "muted": "survey",
    "authors": "Ada Lovelace; Emmy Noether",
}


def machine() -> Client:
    """As strict as a browser of another site, or a mail program: nothing is waived for it."""
    return Client(enforce_csrf_checks=True)


def subscribe(address: str = ADA, network: str = "192.0.2.7", **more: str) -> Any:
    return machine().post("/subscribe", {"address": address, **more}, REMOTE_ADDR=network)


def posted() -> list[EmailMultiAlternatives]:
    mails: list[EmailMultiAlternatives] = []
    send_waiting(mails.append, sender=SENDER, site_url=SITE, now=NOW)
    return mails


def link(mail: EmailMultiAlternatives, path: str, site: str = SITE) -> str:
    found = re.search(rf"{site}({path}\?token=\S+)", str(mail.body))
    assert found
    return str(found[1])


def token_of(address: str) -> str:
    return address.partition("token=")[2]


def handle_of(address: str = ADA) -> Handle:
    row = Subscription.objects.get(address=address)
    return Handle(row.pk, row.generation)


def confirmed(address: str = ADA, **more: str) -> str:
    """A subscription that gets digests; the token with which its choices are seen."""
    subscribe(address, **more)
    machine().post("/subscription/confirm", {"token": tokens.make(Purpose.CONFIRM, handle_of(address))})
    assert Subscription.objects.get(address=address).state == "active"
    return tokens.make(Purpose.MANAGE, handle_of(address))


def stored() -> str:
    """Every row of every table of ours."""
    kinds = [kind for name in models.__all__ if issubclass(kind := getattr(models, name), Model)]
    return str(serialize("json", [row for kind in kinds for row in kind.objects.order_by("pk")]))


def text_of(reply: Any) -> str:
    return unescape(str(reply.content.decode()))


def leave_token(manage: str) -> str:
    return tokens.make(Purpose.UNSUBSCRIBE, tokens.read(Purpose.MANAGE, manage))
