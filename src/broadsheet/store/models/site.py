"""What the site knows of itself: its identity, the change counter, who its owner is."""

from django.db import models


class Fact(models.Model):
    """A fact about this database, by name: "database_id" changes when a backup is restored."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.TextField()

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """Numbers that only grow. Taking one holds the row, so that changes commit in their order."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class ChangeTime(models.Model):
    """When the changes up to a number were written: the number of a paper's change tells its moment."""

    up_to = models.BigIntegerField(primary_key=True)  # a change number
    at = models.DateTimeField(db_index=True)  # in whole seconds; grows with the number

    def __str__(self) -> str:
        return f"change {self.up_to} at {self.at}"


class OwnerLink(models.Model):
    """A one-time link that makes a browser the owner's. Only a hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"made {self.made_at}"
