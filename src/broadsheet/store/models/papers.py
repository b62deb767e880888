"""Papers, who told us of them, where they were listed and where else they live."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.domain.paper import LinkKind, ListingKind


class Paper(models.Model):
    """One per PaperKey, whichever sources told us of it and however many versions it has."""

    key = models.CharField(max_length=420, unique=True)  # domain.ids.PaperKey
    title = models.TextField()
    title_hash = models.BigIntegerField(db_index=True)  # domain.ids.title_hash(title)
    abstract = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    one_line = models.TextField(blank=True)
    authors = models.JSONField(default=list)  # list[str], in printed order
    names = models.JSONField(default=list)  # list[str], what the paper calls its own things
    keywords = models.JSONField(default=list)  # list[str]
    categories = models.TextField(blank=True)  # "cs.LG stat.ML", primary first
    submitted_at = models.DateTimeField(null=True, blank=True)  # first version
    announced_on = models.DateField(null=True, blank=True, db_index=True)  # as new, by arXiv
    updated_on = models.DateField(null=True, blank=True)  # newest version
    dated_on = models.DateField(null=True, blank=True)  # submitted, else announced, else updated
    version = models.PositiveIntegerField(null=True, blank=True)
    comments = models.TextField(blank=True)
    journal_ref = models.TextField(blank=True)
    doi = models.CharField(max_length=420, blank=True)
    licence = models.TextField(blank=True)
    is_withdrawn = models.BooleanField(default=False)
    origins = models.JSONField(default=dict)  # {field: name of the source whose value stands}
    first_seen_at = models.DateTimeField()
    change_no = models.BigIntegerField(unique=True)  # grows with every change; the index follows it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="paper_has_title"),
            models.CheckConstraint(
                condition=Q(key__startswith="arxiv:")
                | Q(key__startswith="doi:")
                | Q(key__startswith="title:"),
                name="paper_key_has_a_known_kind",
            ),
            models.CheckConstraint(condition=Q(change_no__gt=0), name="paper_change_is_numbered"),
        ]
        # Most papers have no DOI; each index that an import need not write makes it quicker. For the same
        # reason foreign keys that begin a unique constraint have no index of their own.
        indexes: ClassVar = [
            models.Index(fields=["doi"], condition=~Q(doi=""), name="paper_by_doi"),
            models.Index(fields=["-dated_on", "-id"], name="paper_newest_first"),  # how old ones are embedded
        ]

    def __str__(self) -> str:
        return self.key


class FormerKey(models.Model):
    """A key under which a paper was known before a source told its id; old addresses lead on."""

    key = models.CharField(max_length=420, unique=True)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="former_keys")

    def __str__(self) -> str:
        return self.key


class GonePaper(models.Model):
    """A row that was merged into another one; whoever follows the store must forget it."""

    paper_id = models.BigIntegerField(unique=True)  # what Paper.id was; ids are never given again
    change_no = models.BigIntegerField(db_index=True)  # of the change that merged it

    def __str__(self) -> str:
        return f"paper {self.paper_id}"


class PaperSource(models.Model):
    """That a source told us of a paper, and a digest of what it said: the same again changes nothing."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="told_by", db_index=False)
    source = models.CharField(max_length=40)
    digest = models.CharField(max_length=32)
    told_on = models.DateField(null=True, blank=True)  # PaperRecord.told_on
    first_told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "source"], name="one_row_per_paper_and_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} on paper {self.paper_id}"


class Listing(models.Model):
    """A paper's place on one list of one day."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="listings", db_index=False)
    list_name = models.CharField(max_length=40)
    day = models.DateField()
    kind = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "list_name", "day"], name="listed_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=list(ListingKind)), name="listing_kind_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["day", "kind"], name="listing_by_day")]

    def __str__(self) -> str:
        return f"{self.list_name} {self.day} {self.kind}"


class Link(models.Model):
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="links", db_index=False)
    kind = models.CharField(max_length=20)
    url = models.TextField()
    source = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "url"], name="linked_once"),
            models.CheckConstraint(condition=Q(kind__in=list(LinkKind)), name="link_kind_is_known"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="link_is_a_web_address",
            ),
        ]

    def __str__(self) -> str:
        return self.url
