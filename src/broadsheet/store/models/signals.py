"""Signals: counts that others attach to a paper, as series over days."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.signal import SignalKind
from broadsheet.store.models.papers import Paper


class Signal(models.Model):
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="signals", db_index=False)
    kind = models.CharField(max_length=20)
    day = models.DateField()
    value = models.PositiveIntegerField()  # a total, as it stood at the last reading of that day

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "kind", "day"], name="one_reading_a_day"),
            models.CheckConstraint(condition=Q(kind__in=list(SignalKind)), name="signal_kind_is_known"),
            models.CheckConstraint(condition=Q(value__gte=0), name="signal_is_not_negative"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="signal_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}: {self.value}"
