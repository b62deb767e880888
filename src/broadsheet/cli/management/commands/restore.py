"""broadsheet restore: what `broadsheet backup` wrote, all or nothing."""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.bars import bar
from broadsheet.index.base import IndexBusy
from broadsheet.jobs.indexing import catch_up
from broadsheet.store import backup


class Command(BaseCommand):
    help = "Read a backup back into an empty store, or with --force in place of what is there."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help="replace the papers that are there")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        prepare.migrate()
        manifest = self._restore(file, force)
        self.stdout.write(
            f"Restored {manifest.tables['paper']:,} papers, {manifest.rows:,} rows,"
            f" as they stood on {manifest.made_at:%Y-%m-%d %H:%M} UTC."
        )
        self._index(manifest.tables["paper"])

    def _restore(self, file: Path, force: bool) -> backup.Manifest:
        with ExitStack() as bars:
            try:
                return backup.restore(
                    file,
                    replace=force,
                    progress=lambda rows: bars.enter_context(bar("restore", rows, "rows")),
                )
            except OSError as error:
                raise CommandError(f"{file} cannot be read: {error.strerror or error}") from error
            except backup.StoreNotEmpty as error:
                raise CommandError(f"{error}; add --force to do so") from error
            except backup.BadBackup as error:
                raise CommandError(str(error)) from error

    def _index(self, papers: int) -> None:
        try:
            with bar("index", papers, "papers") as progress:
                count = catch_up(wiring.words_index(), progress)
        except IndexBusy:
            self.stdout.write("The index is being written to; the worker builds it anew.")
        else:
            self.stdout.write(f"Indexed {count:,} papers; the worker embeds them, newest first.")
