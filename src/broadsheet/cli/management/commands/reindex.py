"""broadsheet reindex: build words, vectors or both anew beside the live ones, then swap."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.bars import bar
from broadsheet.enrich.embed.base import EmbedderError
from broadsheet.index.base import IndexBusy
from broadsheet.jobs import agenda, indexing, meaning
from broadsheet.jobs.meaning import Progress
from broadsheet.store.models import Paper

Rebuild = Callable[[Progress], int]


class Command(BaseCommand):
    help = "Build the search index anew from the database; the old one answers until it is swapped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--words", action="store_true", help="the index of words alone")
        which.add_argument("--meaning", action="store_true", help="the vectors alone")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        if not options["meaning"]:
            self._rebuild("reindex", "papers", lambda told: indexing.rebuild(wiring.words_index(), told))
        if not options["words"]:
            self._embed(is_asked_for=options["meaning"])

    def _embed(self, *, is_asked_for: bool) -> None:
        try:
            self._rebuild("meaning", "papers embedded", lambda told: meaning.rebuild(agenda.meaning(), told))
        except EmbedderError as error:
            if is_asked_for:
                raise CommandError(str(error)) from error
            self.stderr.write(f"meaning: left out; {error}")

    def _rebuild(self, what: str, unit: str, rebuild: Rebuild) -> None:
        began = time.monotonic()
        try:
            with bar(what, Paper.objects.count(), "papers") as progress:
                count = rebuild(progress)
        except IndexBusy as error:
            raise CommandError(f"{error}; wait until it is done, or stop broadsheet up first") from error
        self.stdout.write(f"{what}: {count:,} {unit} in {time.monotonic() - began:.1f} s")
