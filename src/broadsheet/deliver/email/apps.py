"""Django's handle on the templates of mail."""

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "broadsheet.deliver.email"
    label = "email"
