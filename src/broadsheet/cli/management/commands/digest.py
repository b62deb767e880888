"""broadsheet digest: an edition as a mail. `preview` shows it and sends nothing."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.asked import window_asked
from broadsheet.deliver.email.compose import html_of, message, text_of
from broadsheet.deliver.email.digest import Digest
from broadsheet.deliver.email.reading import digest_of
from broadsheet.domain.edition import WindowKind

FEWEST, USUAL, MOST = 3, 12, 50


class Command(BaseCommand):
    help = "Show an edition as the mail that it would be. Nothing is sent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["preview"])
        parser.add_argument(
            "--date", type=date.fromisoformat, metavar="DATE", help="a day; default: the newest edition"
        )
        parser.add_argument("--window", choices=["day", "week"], default="day", help="default: day")
        parser.add_argument(
            "--format",
            choices=["text", "html", "eml"],
            default="text",
            help="default: text; eml: the whole mail",
        )
        parser.add_argument(
            "--most", type=int, default=USUAL, help=f"at most so many papers ({FEWEST} to {MOST})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        if not FEWEST <= options["most"] <= MOST:
            raise CommandError(f"--most {options['most']}: expected {FEWEST} to {MOST}", returncode=2)
        window = window_asked(WindowKind(options["window"]), options["date"])
        now = wiring.clock().now()
        digest = digest_of(window, most=options["most"], site_url=wiring.site_url(), now=now)
        if options["format"] == "eml":
            sys.stdout.buffer.write(_mail(digest))
        else:
            self.stdout.write(text_of(digest) if options["format"] == "text" else html_of(digest))


def _mail(digest: Digest) -> bytes:
    domain = urlsplit(wiring.site_url()).hostname or "localhost"
    mail = message(
        digest,
        sender=f"Broadsheet <digest@{domain}>",
        to=f"reader@{domain}",
        now=wiring.clock().now(),
        domain=domain,
    )
    return bytes(mail.message().as_bytes())
