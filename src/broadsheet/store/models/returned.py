"""What came back of the mails that were sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.returned import ReturnKind
from broadsheet.store.models.readers import Delivery, Subscription


class Returned(models.Model):
    """One thing that a mailbox or a mail service told. Its key is kept so that it counts once."""

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12)
    way = models.CharField(max_length=20)  # "mailbox", or the name of the mail service
    told_at = models.DateTimeField()
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="returned", null=True, blank=True
    )
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="returned", null=True, blank=True
    )
    words = models.TextField(blank=True)  # one line; "" where nobody of ours is meant
    count = models.PositiveIntegerField(default=1)  # above 1 for UNKNOWN alone

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(ReturnKind)), name="returned_kind"),
        ]
        indexes: ClassVar = [models.Index(fields=["told_at"], name="returned_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.way} of subscription {self.subscription_id}"
