"""What papers say of themselves: a reading each, its claims, and what readers and the owner say of these."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.reading import Bound, Direction, PaperKind
from broadsheet.store.models.papers import Paper


class Action(models.TextChoices):
    """What the owner did with a claim."""

    CORRECT = "correct"
    REMOVE = "remove"
    RESTORE = "restore"  # what was read stands again


class Reading(models.Model):
    """What one version of the reader found in a paper's text; a better one reads it again."""

    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, primary_key=True, related_name="reading")
    reader = models.CharField(max_length=40)  # enrich.readings.VERSION
    text_hash = models.CharField(max_length=16)  # of title and text: the same again is not read again
    kind = models.CharField(max_length=20, blank=True)
    names = models.JSONField(default=list)  # list[str]
    keywords = models.JSONField(default=list)  # list[str]
    links = models.JSONField(default=list)  # list[[address, domain.reading.TextLinkKind]]
    sizes = models.JSONField(default=list)  # list[[value, what, quote, start, end]]
    one_line = models.TextField(blank=True)
    line_start = models.PositiveIntegerField(default=0)  # characters of the abstract
    line_end = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind="") | Q(kind__in=list(PaperKind)), name="kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"paper {self.paper_id}, by {self.reader}"


class WrittenLine(models.Model):
    """What a language model of the owner's made of a paper's text: a line, or nothing that may be shown."""

    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, primary_key=True, related_name="written")
    model = models.CharField(max_length=100)
    text_hash = models.CharField(max_length=16)  # as Reading.text_hash: of another text it says nothing
    line = models.TextField(blank=True)
    fault = models.CharField(max_length=60, blank=True)  # why there is no line; "" when there is one
    made_at = models.DateTimeField()
    is_shown = models.BooleanField(default=True)  # False: the owner has set no endpoint any more

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(line="") ^ Q(fault=""), name="written_line_or_the_reason_for_none"
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.paper_id}, by {self.model}"


class Correction(models.Model):
    """One thing that the owner did with a claim. None is ever changed: the newest of a thread is in force."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="corrections")
    thread = models.CharField(
        max_length=16
    )  # all that was done with one claim, however often it is read anew
    action = models.CharField(max_length=10, choices=Action.choices)
    as_read = models.JSONField()  # the claim as the reader had it, before any correction
    stands = models.JSONField(null=True)  # the claim as it stands since; None where it was removed
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(action__in=Action.values), name="correction_action_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["thread", "id"], name="correction_by_thread")]

    def __str__(self) -> str:
        return f"{self.action} on paper {self.paper_id}"


class Claim(models.Model):
    """A figure that a paper states, with the words it was read from."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="claims", db_index=False)
    place = models.PositiveSmallIntegerField()  # among the claims of its paper, in the order of the text
    value = models.FloatField()
    value_max = models.FloatField(null=True)
    unit = models.TextField(blank=True)
    metric = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    dataset = models.TextField(blank=True)
    baseline = models.TextField(blank=True)
    bound = models.CharField(max_length=10, blank=True)
    direction = models.CharField(max_length=10, blank=True)
    quote = models.TextField()
    start = models.PositiveIntegerField()  # characters of the abstract
    end = models.PositiveIntegerField()
    subject_key = models.TextField(
        blank=True
    )  # domain.naming.name_key; of a claim without subject the paper's name
    dataset_key = models.TextField(blank=True)
    baseline_key = models.TextField(blank=True)
    is_removed = models.BooleanField(default=False)  # by the owner
    thread = models.CharField(max_length=16, blank=True)  # of the correction that is in force

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "place"], name="one_claim_per_place"),
            models.CheckConstraint(condition=Q(bound="") | Q(bound__in=list(Bound)), name="bound_is_known"),
            models.CheckConstraint(
                condition=Q(direction="") | Q(direction__in=list(Direction)), name="direction_is_known"
            ),
            models.CheckConstraint(condition=~Q(quote=""), name="claim_has_its_proof"),
        ]
        # Most claims name no baseline and many no data set: what is empty is in no index.
        indexes: ClassVar = [
            models.Index(fields=["subject_key"], condition=~Q(subject_key=""), name="claim_by_subject"),
            models.Index(fields=["baseline_key"], condition=~Q(baseline_key=""), name="claim_by_baseline"),
            models.Index(fields=["dataset_key"], condition=~Q(dataset_key=""), name="claim_by_dataset"),
        ]

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit} of paper {self.paper_id}"


class ClaimReport(models.Model):
    """That somebody called a claim wrong. Who it was is kept nowhere."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="claim_reports")
    value = models.FloatField()  # the claim as it stood
    quote = models.TextField()
    words = models.TextField(blank=True)  # what is wrong with it
    made_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(settled_on=None), name="report_that_waits"),
        ]

    def __str__(self) -> str:
        return f"on {self.value:g} of paper {self.paper_id}"
