"""Django's handle on the template of the reference."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "broadsheet.deliver.api"
    label = "api"
