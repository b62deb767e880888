"""Mails that somebody asked for by giving an address."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.subscription import DeliveryState
from broadsheet.store.models.readers import Subscription


class Letter(models.Model):
    """Waits for the worker, so that the page that asked for it takes the same time whatever is known of
    the address; then counts for the limits. It holds what was asked for, because a confirmation confirms
    that and not what somebody else asked for since. Forgotten when its link is too old."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="letters")
    shown_address = models.CharField(max_length=320)
    interest = models.JSONField(default=dict)  # domain.interest.Interest
    # Two keyed hashes, with another key each day: see letter_limits. "" after a day.
    network = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    run_at = models.DateTimeField(null=True, blank=True)  # due; null once claimed: sent, lost or given up
    tries = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, default=DeliveryState.WAITING)  # EXPIRED: given up
    answer = models.TextField(blank=True)  # the mail server's last one

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="letter_asked"),
            models.Index(fields=["run_at"], condition=Q(run_at__isnull=False), name="letter_due"),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} to subscription {self.subscription_id}"
