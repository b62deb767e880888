"""broadsheet mcp: the tools for language models over stdin and stdout, for a client that starts it."""

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.cli import prepare


class Command(BaseCommand):
    help = "Answer a client of the Model Context Protocol on stdin and stdout."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        from broadsheet.deliver.mcp.server import serve_stdio  # noqa: PLC0415  (the SDK takes a second)

        serve_stdio()
