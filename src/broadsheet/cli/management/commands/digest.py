"""broadsheet digest: an edition as a mail. `send` and `test` let mails out, `status` tells of them."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import mailing, prepare
from broadsheet.cli.asked import window_asked
from broadsheet.deliver.email.compose import Composed, Envelope, composed, mail_of
from broadsheet.deliver.email.own import example, filled, filled_html
from broadsheet.deliver.email.post import PostDown
from broadsheet.deliver.email.reading import digest_of
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import FEWEST, MOST, USUAL
from broadsheet.domain.subscription import DeliveryState
from broadsheet.jobs import agenda
from broadsheet.jobs import mailing as mailing_job
from broadsheet.jobs.steps import StepFailed
from broadsheet.lib.address import BadAddress
from broadsheet.lib.address import read as read_address
from broadsheet.store import letters, subscriptions
from broadsheet.store.delivery_report import MOST_TROUBLES, delivery_report


class Command(BaseCommand):
    help = "Show an edition as a mail, send what is due, and tell what became of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(
            dest="what", required=True, metavar="preview | send | status | resume | test"
        )
        _add_preview(commands.add_parser("preview", help="show an edition as a mail; nothing is sent"))
        commands.add_parser("send", help="send what is due, once, now; the worker does so every minute")
        status = commands.add_parser("status", help="what became of recent digests, and who is paused")
        status.add_argument("--all", action="store_true", help="name every delivery that did not arrive")
        status.add_argument("--json", action="store_true", help="print JSON")
        _add_resume(commands.add_parser("resume", help="let go on who was paused because mails were refused"))
        test = commands.add_parser("test", help="send one test mail, and say what the mail server answers")
        test.add_argument("address", help="to whom")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        commands = {
            "preview": self._preview,
            "send": self._send,
            "status": self._status,
            "resume": self._resume,
            "test": self._test,
        }
        commands[options["what"]](options)

    def _preview(self, options: dict[str, Any]) -> None:
        if not FEWEST <= options["most"] <= MOST:
            raise CommandError(f"--most {options['most']}: expected {FEWEST} to {MOST}", returncode=2)
        window = window_asked(WindowKind(options["window"]), options["date"])
        now = wiring.clock().now()
        made = composed(digest_of(window, most=options["most"], site_url=wiring.site_url(), now=now))
        shown = _shown(made, options["format"])
        if options["format"] == "eml":
            sys.stdout.buffer.write(shown)
        else:
            self.stdout.write(shown.decode())

    def _send(self, _: dict[str, Any]) -> None:
        try:
            self.stdout.write(agenda.digest(lambda: True))
        except StepFailed as error:
            raise CommandError(str(error)) from error

    def _status(self, options: dict[str, Any]) -> None:
        most = None if options["all"] else MOST_TROUBLES
        report = delivery_report(wiring.clock().now(), most)
        if options["json"]:
            self.stdout.write(json.dumps(mailing.as_json(report, letters.failed()), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(mailing.shown(report, letters.failed())))
        if report.alarms:
            sys.exit(1)

    def _resume(self, options: dict[str, Any]) -> None:
        """Never who paused by themselves."""
        try:
            mailbox = read_address(options["address"]).mailbox if options["address"] else ""
        except BadAddress as error:
            raise CommandError(str(error)) from error
        count = subscriptions.resume_refused(wiring.clock().now(), mailbox)
        if mailbox and not count:
            raise CommandError(f"{options['address']} is not paused because of refused mails.")
        self.stdout.write("1 subscription goes on." if count == 1 else f"{count:,} subscriptions go on.")

    def _test(self, options: dict[str, Any]) -> None:
        try:
            answer = mailing.send_test(options["address"])
        except (PostDown, ValueError) as error:
            raise CommandError(str(error)) from error
        if answer.state is not DeliveryState.SENT:
            raise CommandError(mailing.in_words(answer))
        self.stdout.write(mailing.in_words(answer))


def _add_resume(parser: ArgumentParser) -> None:
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("address", nargs="?", default="", help="of one subscription")
    who.add_argument(
        "--all", action="store_true", help="all of them, as after a fault of the own mail server"
    )


def _add_preview(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--date", type=date.fromisoformat, metavar="DATE", help="a day; default: the newest edition"
    )
    parser.add_argument("--window", choices=["day", "week"], default="day", help="default: day")
    parser.add_argument(
        "--format", choices=["text", "html", "eml"], default="text", help="default: text; eml: the whole mail"
    )
    parser.add_argument(
        "--most", type=int, default=USUAL, help=f"at most so many papers ({FEWEST} to {MOST})"
    )


def _shown(made: Composed, form: str) -> bytes:
    """As its reader would get it; the links that would be a reader's own lead nowhere."""
    domain = urlsplit(wiring.site_url()).hostname or "localhost"
    own = example(f"reader@{domain}")
    if form != "eml":
        return (filled(made.text, own) if form == "text" else filled_html(made.html, own)).encode()
    room = agenda.mail_room()
    now = room.clock.now()
    envelope = Envelope(room.sender, mailing_job.new_message_id(domain), now, domain)
    return mail_of(made, own, envelope, {})
