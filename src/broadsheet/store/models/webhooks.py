"""Webhooks, and what is pushed to them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.webhook import KINDS, Form, PushState, WebhookState


class Webhook(models.Model):
    """Where news go. Its address and token may be secrets, and stand in no message and on no page."""

    name = models.CharField(max_length=60, unique=True)
    form = models.CharField(max_length=10)
    url = models.TextField()
    room = models.CharField(max_length=255, blank=True)
    token = models.TextField(blank=True)
    secret = models.CharField(max_length=100, blank=True)  # what JSON is signed with
    kind = models.CharField(max_length=10)  # of the editions that it is told of
    interest = models.JSONField(default=dict)  # domain.interest.Interest: which papers of them
    state = models.CharField(max_length=10, default=WebhookState.ACTIVE)
    trouble = models.TextField(blank=True)  # why it was paused, in words; "": its owner did
    made_at = models.DateTimeField()  # editions that closed before are no news
    delivered_at = models.DateTimeField(null=True, blank=True)  # the last one
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="webhook_has_name"),
            models.CheckConstraint(condition=Q(form__in=list(Form)), name="webhook_form_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="webhook_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(WebhookState)), name="webhook_state_known"),
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class Push(models.Model):
    """One edition for one webhook. Its order among the others is that of the ids."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="pushes", db_index=False)
    message_id = models.CharField(max_length=40, unique=True)  # the same over all tries
    kind = models.CharField(max_length=10)  # of the window
    start = models.DateField()
    state = models.CharField(max_length=10, default=PushState.WAITING)
    run_at = models.DateTimeField()  # due, or leased until
    lease = models.CharField(max_length=32, blank=True)
    body = models.TextField(blank=True)  # as it is sent, over all tries; "" before the first and at the end
    tries = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)  # the last, in one line

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "kind", "start"], name="one_push_an_edition"),
            models.CheckConstraint(condition=Q(state__in=list(PushState)), name="push_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "id"], name="push_by_webhook"),
            models.Index(fields=["webhook", "id"], condition=Q(state="waiting"), name="push_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start} to webhook {self.webhook_id}, {self.state}"
