"""broadsheet owner-link: a fresh one-time link, for a lost or a second browser."""

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.cli import owner, prepare


class Command(BaseCommand):
    help = "Print a one-time link that makes a browser the owner's."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        self.stdout.write(owner.fresh_link())
