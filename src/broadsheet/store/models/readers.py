"""Subscriptions and the deliveries of digests to them."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.subscription import DeliveryState, SubscriptionState


def first_generation() -> int:
    """Up to nine figures: it stands in the envelope senders of letters."""
    return secrets.randbelow(10**9)


class Subscription(models.Model):
    """An address that gets a digest. One row per address, whatever became of it."""

    address = models.CharField(max_length=320, unique=True)  # as lib.address.read writes it
    shown_address = models.CharField(max_length=320)  # as its owner wrote it
    state = models.CharField(max_length=12, default=SubscriptionState.ASKED)
    interest = models.JSONField(default=dict)  # domain.interest.Interest
    more_like = models.JSONField(default=list)  # list[int]: papers whose like is wanted, oldest first
    less_like = models.JSONField(default=list)  # list[int]: papers whose like is not wanted
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # of the next digest; null unless confirmed
    waits_since = models.DateTimeField(null=True, blank=True)  # for digests that come so often
    covered_until = models.DateField(null=True, blank=True)  # the newest day whose edition it has had
    hard_bounces = models.PositiveIntegerField(default=0)  # in a row
    trouble = models.TextField(blank=True)  # why it is paused, in words
    generation = models.PositiveIntegerField(default=first_generation)  # tokens of an earlier one are void

    feed_key = models.PositiveIntegerField(default=first_generation)  # addresses of a former one are void

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(SubscriptionState)), name="subscription_state"),
            models.CheckConstraint(condition=~Q(address=""), name="subscription_has_address"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="subscription_due"),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"  # never the address: this goes into logs


class Delivery(models.Model):
    """One digest to one subscription. Written as SENDING before the mail server is spoken to."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    domain = models.CharField(max_length=255, blank=True)  # of the address, for the rate of sending
    kind = models.CharField(max_length=10)  # of the window
    start = models.DateField()
    state = models.CharField(max_length=12, default=DeliveryState.WAITING)
    run_at = models.DateTimeField()  # due, or leased until
    lease = models.CharField(max_length=32, blank=True)
    tries = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)  # the last dialogue
    closed_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)  # the mail server's last, in one line

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "kind", "start"], name="one_delivery_an_edition"),
            models.CheckConstraint(condition=Q(state__in=list(DeliveryState)), name="delivery_state_known"),
        ]
        indexes: ClassVar = [
            # With what is asked for beside the order, so that rows need not be read: they may be many.
            models.Index(fields=["state", "run_at", "domain"], name="delivery_by_turn"),
            models.Index(fields=["kind", "start", "state"], name="delivery_of_edition"),
            models.Index(fields=["made_at"], name="delivery_made"),
            models.Index(
                fields=["begun_at", "domain"], condition=Q(begun_at__isnull=False), name="delivery_begun"
            ),
            models.Index(fields=["message_id"], name="delivery_by_message"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start} to subscription {self.subscription_id}, {self.state}"
