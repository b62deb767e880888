"""broadsheet import: papers from files, plain or compressed, or from standard input."""

import gc
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.bars import bar
from broadsheet.domain.paper import BadRecord, IntakeReport, Told
from broadsheet.jobs import agenda
from broadsheet.jobs.beside import following
from broadsheet.jobs.meaning import always
from broadsheet.jobs.upkeep import embed, follow, refresh_editions
from broadsheet.sources.files import FORMATS, STANDARD_INPUT, BadFile, read_file
from broadsheet.store.intake import LARGE_BATCH, take_in

MOST_SHOWN = 20
WORTH_A_PROCESS = 5_000  # records; fewer are indexed after they are stored


class Command(BaseCommand):
    help = "Take papers in from files: arXiv snapshot, listing page, sample edition, BibTeX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="plain, .gz or .zst; - for standard input"
        )
        parser.add_argument("--format", choices=FORMATS, default="auto")

    def handle(self, *args: Any, files: list[str], format: str, **options: Any) -> None:
        prepare.migrate()
        began = time.monotonic()
        report, unread = IntakeReport(), 0
        for path in files:
            try:
                report.add(self._take_in(path, format))
            except BadFile as error:
                unread += 1
                self.stderr.write(f"not read: {error}")
            except OSError as error:
                unread += 1
                self.stderr.write(f"not read: {path}: {error.strerror}")
        with bar("editions and index", None, "papers"):
            follow(wiring.words_index(), now=wiring.clock().now())
        took_s = time.monotonic() - began
        rate = report.total / max(took_s, 0.001)
        self.stdout.write(f"import: {report} in {took_s:.1f} s, {rate:,.0f} a second")
        self._embed()
        if unread:
            raise CommandError(f"{unread} of {len(files)} files could not be read")
        if report.has_too_many_bad:
            raise CommandError(
                f"{report.bad_count:,} of {report.total:,} entries are bad; is the format right?"
            )

    def _embed(self) -> None:
        """Papers can be found by their words by now; what a slow model leaves is left to the worker."""
        began = time.monotonic()
        with bar("meaning", None, "papers"):
            told = embed(agenda.meaning(), goes_on=always)
        self.stdout.write(f"meaning: {told} in {time.monotonic() - began:.1f} s")

    def _take_in(self, path: str, format: str) -> IntakeReport:
        now = wiring.clock().now()
        size = None if path == STANDARD_INPUT else Path(path).stat().st_size
        with bar(path, size, "B") as progress:
            told = self._said(read_file(path, format, today=now.date(), on_read=progress))
            first = list(islice(told, WORTH_A_PROCESS))
            if len(first) < WORTH_A_PROCESS:
                return take_in(first, now=now)
            _give_room()
            with following(wiring.words_index()) as nothing_more_comes, _seldom_collecting():
                report = take_in(chain(first, told), now=now, at_once=LARGE_BATCH)
                nothing_more_comes()
                refresh_editions(now=now)
                return report

    def _said(self, told: Iterator[Told]) -> Iterator[Told]:
        """Say each bad entry when it is met, so that a long run shows its troubles early."""
        shown = 0
        for item in told:
            if isinstance(item, BadRecord):
                shown += 1
                if shown <= MOST_SHOWN:
                    self.stderr.write(f"skipped {item}")
                if shown == MOST_SHOWN:
                    self.stderr.write("more bad entries are counted, not shown")
            yield item


def _give_room() -> None:
    """A larger page cache for the one connection that touches all of the database's indexes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-64000")  # in KiB


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Records make no circles of references: looking for them at every step took a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
