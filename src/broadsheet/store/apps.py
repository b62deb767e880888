"""Django's handle on the store."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "broadsheet.store"
    label = "store"
    verbose_name = "Broadsheet"
    default_auto_field = "django.db.models.BigAutoField"
