"""broadsheet reindex: build the index anew beside the live one, then swap."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.bars import bar
from broadsheet.index.base import IndexBusy
from broadsheet.jobs.indexing import rebuild
from broadsheet.store.models import Paper


class Command(BaseCommand):
    help = "Build the search index anew from the database; the old one answers until it is swapped."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        began = time.monotonic()
        try:
            with bar("reindex", Paper.objects.count(), "papers") as progress:
                count = rebuild(wiring.words_index(), progress)
        except IndexBusy as error:
            raise CommandError(f"{error}; wait until it is done, or stop broadsheet up first") from error
        self.stdout.write(f"reindex: {count:,} papers in {time.monotonic() - began:.1f} s")
