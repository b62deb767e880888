"""Signals: counts that others attach to a paper, as series over days."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.signal import SignalKind
from broadsheet.domain.tally import RepositoryState
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


class Repository(models.Model):
    """A place of code that papers name; its stars are read here and written to each of its papers."""

    url = models.CharField(max_length=300, unique=True)  # as the papers' links have it
    full_name = models.CharField(max_length=200)  # "owner/name", as it is called now
    state = models.CharField(max_length=10, default=RepositoryState.THERE)
    etag = models.CharField(max_length=200, blank=True)
    stars = models.PositiveIntegerField(null=True, blank=True)  # the newest count
    created_on = models.DateField(null=True, blank=True)
    asked_on = models.DateField(null=True, blank=True)  # the last day on which it answered, whatever it was
    counted_on = models.DateField(null=True, blank=True)  # the last day with a count
    papers = models.PositiveIntegerField(default=1)  # that name it
    wanted_on = models.DateField()  # the newest day of a paper that names it; newer ones are asked more often

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(RepositoryState)), name="repository_state_is_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["asked_on", "-wanted_on"], name="repository_by_turn")]

    def __str__(self) -> str:
        return self.full_name


class Learned(models.Model):
    """What the site has learned from its own history: what is usual, and how authors' papers fared.

    Editions name the rows they were ranked with. What is usual is kept for every day, records for the newest
    only: each place keeps what the record of its authors promised, so that its score can be worked out again.
    """

    name = models.CharField(max_length=20)  # "usual", "records"
    as_of = models.DateField()
    made_at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "as_of"], name="learned_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} as of {self.as_of}"
