"""broadsheet list: every list of the API on the terminal, as JSON Lines or as a file; here or elsewhere."""

import io
import sys
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import closing
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.cli.lists.rows import cleaned
from broadsheet.cli.lists.shown import Printer
from broadsheet.cli.lists.site import AskedWrongly, opened
from broadsheet.cli.lists.table import LISTINGS, Extent, Listing
from broadsheet.cli.lists.telling import USUAL, Telling, in_words
from broadsheet.client import ApiError, ClientError
from broadsheet.lib.text import shortened

FORMS = ("bib", "ris", "csl.json", "csv", "jsonl", "md")
LONGEST_WORDS = 500  # characters of what another site says of itself


class Command(BaseCommand):
    help = "List papers, editions, claims, names and more, of this site or of another one."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_subparsers(dest="which", required=True, metavar="WHICH")
        for name, listing in LISTINGS.items():
            _add_options(which.add_parser(name, help=listing.help, description=listing.help), listing)

    def handle(self, *args: Any, which: str, **options: Any) -> None:
        listing = LISTINGS[which]
        if options.get("form") and options["fields"]:
            raise CommandError("--fields: a form has fields of its own; leave one of them out", returncode=2)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # of a terminal that cannot show every sign
        try:
            with closing(opened(options["site"], options["token_file"])) as site:
                Telling(site, listing, options, Printer(self.stdout), self._say).tell()
        except ClientError as error:
            is_asked_wrongly = isinstance(error, ApiError) and error.status == 422
            words = in_words(error, listing) if isinstance(error, ApiError) else str(error)
            words = shortened(cleaned(words), LONGEST_WORDS)
            raise CommandError(words, returncode=2 if is_asked_wrongly else 1) from error
        except UnicodeEncodeError as error:
            raise CommandError("expected text in UTF-8", returncode=2) from error
        except AskedWrongly as error:
            raise CommandError(str(error), returncode=2) from error

    def _say(self, text: str) -> None:
        self.stderr.write(cleaned(text))


def _add_options(parser: ArgumentParser, listing: Listing) -> None:
    for one in listing.takes:
        parser.add_argument(one.flag, **one.more)
    if listing.extent in (Extent.PAGES, Extent.CUT):
        many = parser.add_mutually_exclusive_group()
        many.add_argument("--most", type=_number, metavar="N", help=f"at most so many; default {USUAL}")
        many.add_argument("--all", action="store_true", help="all there are")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON Lines")
    if listing.file or listing.is_of_papers:
        form.add_argument("--form", choices=FORMS, help="print a file of the papers in this form")
    parser.add_argument("--fields", metavar="A,B", help="these alone, with a tab between, or as JSON")
    parser.add_argument("--site", metavar="URL", help="another site, like https://papers.example.org")
    parser.add_argument("--token-file", metavar="FILE", help="holds the token to send; - is standard input")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0):
        raise ArgumentTypeError(f"{text[:40]!r} is no number of rows, like 30")
    return int(text)
