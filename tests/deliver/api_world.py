"""A site that programs ask: fifty papers, some claims, a subscription, and nobody counted."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from broadsheet import wiring
from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.interest import Interest
from broadsheet.domain.scope import Scope
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.jobs.indexing import catch_up
from broadsheet.store import api_tokens
from broadsheet.store.models import Subscription
from broadsheet.store.subscriptions import Handle
from tests.connections import staying_open
from tests.deliver.claiming import claim, take_claims
from tests.deliver.conftest import NOW, keep, record

PROBLEM = "application/problem+json"


def held_site(settings: Any, **options: int) -> None:
    settings.OPTIONS = settings.OPTIONS | {"API_RATE": 0, "API_TOKEN_RATE": 0} | options


def take_papers() -> None:
    keep(record(number) for number in range(1, 51))
    take_claims(claim(), number=51)
    take_claims(claim(subject="Quick-Net", dataset="Lanes"), number=52)


def token_for(scope: Scope) -> str:
    """Of whichever kind has that scope."""
    if scope in (Scope.READ, Scope.STATUS):
        return api_tokens.make("A test", [scope], NOW)
    handle = subscribed()
    return tokens.make(Purpose.MANAGE if scope is Scope.SUBSCRIPTION else Purpose.UNSUBSCRIBE, handle)


def subscribed() -> Handle:
    row, _ = Subscription.objects.get_or_create(
        address="ada@example.org",
        defaults={
            "shown_address": "ada@example.org",
            "state": SubscriptionState.ACTIVE,
            "interest": Interest().as_json(),
            "asked_at": NOW,
            "confirmed_at": NOW,
            "due_at": NOW,
        },
    )
    return Handle(row.pk, row.generation)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def told(client: Client, path: str, **headers: str) -> Any:
    reply = client.get(f"/api/v1{path}", headers=headers)
    assert reply.status_code == 200, reply.content
    return reply.json()


@pytest.fixture
def api(db: None, settings: Any) -> Iterator[Client]:
    held_site(settings)
    with staying_open(), time_machine.travel(NOW, tick=False):
        take_papers()
        catch_up(wiring.words_index())
        yield Client()
