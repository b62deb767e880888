"""Who may ask programs' questions as somebody known."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ApiToken(models.Model):
    """Made by the owner for a program. Only its hash is kept; a revoked one stays, to be told of."""

    name = models.CharField(max_length=60)  # what it is for, in the owner's words
    token_hash = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=12)  # of the token, so that its owner can tell which one it is
    scopes = models.JSONField(default=list)  # list[domain.scope.Scope]
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)  # the last day, and nothing of what was asked

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="token_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"
