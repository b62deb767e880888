"""broadsheet read: what the papers of a file say of themselves, on the terminal or as JSON."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from broadsheet.cli.bars import bar
from broadsheet.deliver.figures import in_words
from broadsheet.domain.claim_values import reading_as_json
from broadsheet.domain.reading import Reading
from broadsheet.enrich.readings.reader import read
from broadsheet.lib.text import plain_line
from broadsheet.sources.files import STANDARD_INPUT
from broadsheet.sources.texts import BadText, PaperText, read_texts

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Read names, figures, links and one line out of titles and abstracts; nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--input",
            default=STANDARD_INPUT,
            metavar="FILE",
            help='JSON Lines of {"id", "title", "abstract"}, plain, .gz or .zst; - (default): standard input',
        )
        parser.add_argument("--json", action="store_true", help="print JSON, one line per paper")

    def handle(self, *args: Any, input: str, json: bool, **options: Any) -> None:
        bad = 0
        for told in self._told(input):
            if isinstance(told, BadText):
                bad += 1
                if bad <= MOST_SHOWN:
                    self.stderr.write(f"line {told.number}: {told.reason}")
                if bad == MOST_SHOWN:
                    self.stderr.write("more bad lines are counted, not shown")
                continue
            reading = read(told.title, told.abstract)
            self.stdout.write(_as_json(told, reading) if json else _in_words(told, reading))
        if bad:
            raise CommandError(f"{bad:,} lines could not be read" if bad > 1 else "1 line could not be read")

    def _told(self, path: str) -> Iterator[PaperText | BadText]:
        try:
            size = None if path == STANDARD_INPUT else Path(path).stat().st_size
            with bar(path, size, "B") as progress:
                yield from read_texts(path, progress)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error


def _as_json(paper: PaperText, reading: Reading) -> str:
    return orjson.dumps({"id": paper.id, **reading_as_json(reading)}).decode()


def _in_words(paper: PaperText, reading: Reading) -> str:
    """For a terminal, which takes control characters for orders: every text is made plain."""
    told = [
        ("kind", reading.kind or ""),
        ("names", ", ".join(reading.names)),
        ("one line", reading.one_line.text if reading.one_line else ""),
        *(("claims", f"{in_words(claim)}  “{claim.quote.text}”") for claim in reading.claims),
        *(("sizes", f"{size.value:,.10g} {size.what}  “{size.quote.text}”") for size in reading.sizes),
        *(("links", f"{link.kind}: {link.url}") for link in reading.links),
        ("keywords", ", ".join(reading.keywords)),
    ]
    lines = [f"  {label:<9}{plain_line(words)}" for label, words in told if words]
    return "\n".join([plain_line(f"{paper.id}  {paper.title}"), *lines, ""])
