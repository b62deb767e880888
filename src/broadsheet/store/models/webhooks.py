"""Webhooks, and what is pushed to them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.webhook import EVERY, Form, PushState, WebhookState


class Webhook(models.Model):
    """Where news go. Its address and token may be secrets, and stand in no message and on no page."""

    name = models.CharField(max_length=60, unique=True)
    form = models.CharField(max_length=10)
    url = models.TextField()
    room = models.CharField(max_length=255, blank=True)
    token = models.TextField(blank=True)
    secret = models.CharField(max_length=100, blank=True)  # what JSON is signed with
    former_secret = models.CharField(max_length=100, blank=True)  # before a new one was made
    former_until = models.DateTimeField(null=True, blank=True)  # so long both sign
    kind = models.CharField(max_length=10)  # of the editions that it is told of, or "match"
    interest = models.JSONField(default=dict)  # domain.interest.Interest: which papers
    seen_no = models.BigIntegerField(default=0)  # the change number up to which its search has been asked
    matched_at = models.DateTimeField(null=True, blank=True)  # the last message of matches
    state = models.CharField(max_length=10, default=WebhookState.ACTIVE)
    trouble = models.TextField(blank=True)  # why it was paused, in words; "": its owner did
    made_at = models.DateTimeField()
    since_at = models.DateTimeField()  # what came before is no news
    delivered_at = models.DateTimeField(null=True, blank=True)  # the last one
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="webhook_has_name"),
            models.CheckConstraint(condition=Q(form__in=list(Form)), name="webhook_form_known"),
            models.CheckConstraint(condition=Q(kind__in=EVERY), name="webhook_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(WebhookState)), name="webhook_state_known"),
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class Push(models.Model):
    """One message for one webhook. Its order among the others is that of the ids."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="pushes", db_index=False)
    message_id = models.CharField(max_length=40, unique=True)  # the same over all tries
    kind = models.CharField(max_length=10)  # of the window, or "match"
    start = models.DateField()  # of the window; of matches the day
    part = models.BigIntegerField(default=0)  # 1: what an edition got later; of matches up to which change
    held = models.TextField(blank=True)  # JSON: ids of papers it was made of, while more may come in later
    state = models.CharField(max_length=10, default=PushState.WAITING)
    run_at = models.DateTimeField()  # due, or leased until
    lease = models.CharField(max_length=32, blank=True)
    body = models.TextField(blank=True)  # as it is sent, over all tries; "" before the first and at the end
    tries = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)  # tries that found fault with the message itself
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)  # the last, in one line

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "kind", "start", "part"], name="one_push_a_part"),
            models.CheckConstraint(condition=Q(state__in=list(PushState)), name="push_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "id"], name="push_by_webhook"),
            models.Index(fields=["webhook", "id"], condition=Q(state="waiting"), name="push_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start} to webhook {self.webhook_id}, {self.state}"


class Matched(models.Model):
    """That a saved search has told a paper, by a hash of its key: ids do not outlive a merger, keys do."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="matched", db_index=False)
    key_hash = models.BigIntegerField()
    told_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "key_hash"], name="matched_once"),
        ]

    def __str__(self) -> str:
        return f"a match of webhook {self.webhook_id}"
