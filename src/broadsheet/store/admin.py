"""The owner's view of the tables, to look at: intake and jobs write them, and nothing else does."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from broadsheet.store import models

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = admin.ModelAdmin


class LookOnly(_Base):
    show_full_result_count = False  # counting 2.8 M rows takes seconds

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Paper)
class PaperAdmin(LookOnly):
    list_display = ("key", "title", "announced_on", "is_withdrawn")
    search_fields = ("key__startswith", "doi")
    ordering = ("-change_no",)


@admin.register(models.Edition)
class EditionAdmin(LookOnly):
    list_display = ("kind", "start", "paper_count", "formula", "made_at")
    list_filter = ("kind",)
    ordering = ("-start", "kind")


@admin.register(models.SourceState)
class SourceStateAdmin(LookOnly):
    list_display = ("name", "answered_at", "failing_since", "last_error")
    ordering = ("name",)


@admin.register(models.Repository)
class RepositoryAdmin(LookOnly):
    list_display = ("full_name", "state", "stars", "counted_on", "papers")
    list_filter = ("state",)
    search_fields = ("url__startswith",)
    ordering = ("-wanted_on", "id")


@admin.register(models.Subscription)
class SubscriptionAdmin(LookOnly):
    list_display = ("shown_address", "state", "due_at", "covered_until", "hard_bounces", "trouble")
    list_filter = ("state",)
    search_fields = ("address__startswith",)
    ordering = ("-asked_at",)


@admin.register(models.Delivery)
class DeliveryAdmin(LookOnly):
    list_display = ("kind", "start", "subscription_id", "state", "tries", "run_at", "closed_at", "answer")
    list_filter = ("state", "kind")
    search_fields = ("message_id",)
    ordering = ("-id",)


@admin.register(models.Returned)
class ReturnedAdmin(LookOnly):
    list_display = ("told_at", "kind", "way", "subscription", "words", "count")
    list_filter = ("kind",)
    list_select_related = ("subscription",)
    ordering = ("-told_at", "-id")


@admin.register(models.Job)
class JobAdmin(LookOnly):
    list_display = ("name", "run_at", "tries", "succeeded_at", "last_error")
    ordering = ("name",)
