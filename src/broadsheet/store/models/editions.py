"""Editions and their places, computed by jobs and read by pages."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.edition import View, WindowKind
from broadsheet.store.models.papers import Paper


class Edition(models.Model):
    """The papers of one window in rank order. A window whose papers have all gone has no row.

    While a window is open it has its LATEST edition only, made anew with every change. When it closes
    the order of that moment is PRINTED, for ever; LATEST goes on telling what is known by now.
    """

    kind = models.CharField(max_length=10)
    start = models.DateField()
    view = models.CharField(max_length=10, default=View.LATEST)
    paper_count = models.PositiveIntegerField()  # of the window; places are kept for the first MOST_PLACES
    formula = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    inputs = models.JSONField(default=dict)  # what it was made from: rank.trending's settings, days, sources
    readings_no = models.PositiveIntegerField(default=0)  # grows when what it shows of papers changes
    shown_at = models.DateTimeField(null=True)  # when it grew
    beside = models.JSONField(default=dict)  # short lists: {"rising": [...], "radar": [...]}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "start", "view"], name="one_edition_per_window_and_view"),
            models.CheckConstraint(condition=Q(kind__in=list(WindowKind)), name="edition_kind_is_known"),
            models.CheckConstraint(condition=Q(view__in=list(View)), name="edition_view_is_known"),
            models.CheckConstraint(condition=Q(paper_count__gt=0), name="edition_has_papers"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}, {self.view}"


class Place(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="places", db_index=False)
    rank = models.PositiveIntegerField()
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="places")
    score = models.FloatField()
    reason = models.TextField()
    terms = models.JSONField(default=list)  # domain.pick.Term as lists; what the score is the sum of
    field_rank = models.PositiveIntegerField(null=True)  # among the papers of its primary category

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "rank"], name="one_paper_per_rank"),
            models.UniqueConstraint(fields=["edition", "paper"], name="one_rank_per_paper"),
            models.CheckConstraint(condition=Q(rank__gt=0), name="ranks_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.rank} of edition {self.edition_id}"


class StaleWindow(models.Model):
    """A window whose papers or signals have changed since its edition was made."""

    kind = models.CharField(max_length=10)
    start = models.DateField()
    mark = models.BigIntegerField()  # the change number of the newest change; a newer one keeps the row

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "start"], name="stale_once_per_window"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}"
