"""broadsheet export: papers, signals, editions, readings and claims as open data, while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import exporting, prepare
from broadsheet.cli.bars import bar
from broadsheet.deliver.lists import VERSION
from broadsheet.store.open_data import PARTS


class Command(BaseCommand):
    help = "Write all open data as JSON Lines with licences and checksums; nothing of readers is in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [part.name for part in PARTS]
        parser.add_argument(
            "folder", type=Path, metavar="FOLDER", help="new, or an earlier export to replace"
        )
        parser.add_argument("--part", action="append", choices=names, help="this part alone; may be repeated")
        parser.add_argument("--json", action="store_true", help="print the parts as JSON")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        prepare.migrate()
        chosen = tuple(options["part"] or [part.name for part in PARTS])
        about = {"version": VERSION, "site": wiring.site_url()}
        try:
            with bar("export", None, "rows") as progress:
                told = exporting.export(
                    folder.absolute(), parts=chosen, about=about, now=wiring.clock().now(), progress=progress
                )
        except exporting.NotOurs as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror or error}") from error
        self.stdout.write(orjson.dumps(told).decode() if options["json"] else _in_words(folder, told))


def _in_words(folder: Path, told: list[dict[str, Any]]) -> str:
    rows = ", ".join(f"{part['rows']:,} {part['name']}" for part in told)
    size_mb = sum(part["bytes"] for part in told) / 1e6
    return f"{folder}: {rows}; {size_mb:,.1f} MB. manifest.json has the licence and SHA-256 of each part."
