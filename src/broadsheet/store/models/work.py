"""Jobs and how far each source got."""

from django.db import models


class Job(models.Model):
    """A thing that runs by itself, again and again. `run_at` in the future also means: leased."""

    name = models.CharField(max_length=60, unique=True)
    run_at = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField(default=0)  # since the last success
    lease = models.CharField(max_length=32, blank=True)  # who runs it now; "" when nobody does
    started_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True)  # one line, of the last success
    last_error = models.TextField(blank=True)  # of the last try; "" after a success

    def __str__(self) -> str:
        return self.name


class SourceState(models.Model):
    name = models.CharField(max_length=40, unique=True)
    progress = models.JSONField(default=dict)  # sources.base.Progress
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # the last time it could be read
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    wait_until = models.DateTimeField(null=True, blank=True)  # it asked us to come back no sooner
    last_report = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
