"""broadsheet backup: all tables in one file, while the site runs."""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.bars import bar
from broadsheet.store import backup


class Command(BaseCommand):
    help = "Write all that is kept into one file, which restores on SQLite and PostgreSQL alike."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="broadsheet.backup; replaced when it is there"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        prepare.migrate()
        with ExitStack() as bars:
            try:
                manifest = backup.save(
                    file,
                    now=wiring.clock().now(),
                    progress=lambda rows: bars.enter_context(bar("backup", rows, "rows")),
                )
            except OSError as error:
                raise CommandError(f"{file} cannot be written: {error.strerror or error}") from error
        size_mb = file.stat().st_size / 1e6
        self.stdout.write(
            f"{file}: {manifest.tables['paper']:,} papers, {manifest.rows:,} rows, {size_mb:,.1f} MB."
            " The signing key and the settings are not in it."
        )
