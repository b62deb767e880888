"""broadsheet webhook: news pushed to programs and chat rooms, made, tested, paused and deleted."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare, pushing
from broadsheet.deliver.push.trial import send_test
from broadsheet.deliver.push.typed import target_of
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import FEWEST, MOST, USUAL, Interest
from broadsheet.domain.webhook import KINDS, BadField, Form
from broadsheet.jobs import agenda
from broadsheet.store import webhook_report, webhooks

LISTS = {
    "category": "a category, as cs.CL; may be given several times",
    "word": "a word whose papers stand higher",
    "mute": "a word whose papers are left out",
    "author": "an author whose papers are always there",
}
DONE = {
    "pause": "is paused; what waits is kept",
    "resume": "goes on",
    "skip": "skips the first that waits",
    "delete": "is deleted",
}
ACTIONS = {
    "pause": "send nothing there until it is resumed; nothing is lost",
    "resume": "go on, beginning with what waits",
    "skip": "give the first that waits up, so that those behind it come",
    "delete": "with its history and what waits",
    "test": "send a test at once, and say what the other side answers",
    "history": "what was sent there, the newest first",
}


class Command(BaseCommand):
    help = "Push editions and saved searches to programs and chat rooms."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(
            dest="what", required=True, metavar=f"list | add | {' | '.join(ACTIONS)} | send"
        )
        listed = commands.add_parser("list", help="all of them; ends with 1 when some take nothing")
        listed.add_argument("--json", action="store_true", help="print JSON")
        _add_add(commands.add_parser("add", help="make one"))
        for name, words in ACTIONS.items():
            one = commands.add_parser(name, help=words)
            one.add_argument("name", help="of the webhook")
            if name == "history":
                one.add_argument("--json", action="store_true", help="print JSON")
        commands.add_parser("send", help="send what is due, once, now; the worker does so by itself")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        prepare.migrate()
        if what in ("list", "add", "send"):
            {"list": self._list, "add": self._add, "send": self._send}[what](options)
            return
        pk = webhooks.find(options["name"])
        if pk is None:
            raise CommandError(f"there is no webhook {options['name']!r}; see broadsheet webhook list")
        if what in ("test", "history"):
            {"test": self._test, "history": self._history}[what](pk, options)
            return
        self._act(what, pk, options["name"])

    def _list(self, options: dict[str, Any]) -> None:
        lines, alarms = webhooks.lines(), webhook_report.alarms(wiring.clock().now())
        if options["json"]:
            self.stdout.write(json.dumps(pushing.as_json(lines, alarms), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(pushing.shown(lines, alarms)))
        if alarms:
            sys.exit(1)

    def _add(self, options: dict[str, Any]) -> None:
        sender, form = wiring.webhook_sender(), Form(options["form"])
        try:
            target = target_of(form, _read(options["url"]), options["room"], _token(options), sender)
            kind = WindowKind(options["every"])
            webhooks.make(options["name"], target, kind, _interest(options), wiring.clock().now())
        except BadField as error:
            raise CommandError(f"--{error}" if error.field != "name" else str(error), returncode=2) from error
        self.stdout.write(f"{options['name']} is made; the next edition of a {kind} that closes goes there.")
        if target.secret:
            self.stdout.write(f"Its secret, shown this once: {target.secret}")

    def _send(self, _: dict[str, Any]) -> None:
        self.stdout.write(agenda.webhooks(lambda: True))

    def _test(self, pk: int, options: dict[str, Any]) -> None:
        target = webhooks.target(pk)
        if target is None:
            raise CommandError("it was deleted meanwhile")
        how = send_test(wiring.webhook_sender(), target, wiring.site_url(), wiring.clock().now())
        if not how.is_delivered:
            raise CommandError(f"{options['name']} did not take it: {how.answer}")
        self.stdout.write(f"{options['name']} took it: {how.answer}")

    def _history(self, pk: int, options: dict[str, Any]) -> None:
        rows = webhooks.history(pk)
        if options["json"]:
            self.stdout.write(json.dumps(pushing.history_as_json(rows), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(pushing.history_shown(rows)))

    def _act(self, what: str, pk: int, name: str) -> None:
        now = wiring.clock().now()
        is_done = {
            "pause": lambda: webhooks.pause(pk),
            "resume": lambda: webhooks.resume(pk, now),
            "skip": lambda: webhooks.skip(pk, now),
            "delete": lambda: webhooks.delete(pk),
        }[what]()
        if not is_done:
            raise CommandError(f"{name}: nothing to {what}")
        self.stdout.write(f"{name} {DONE[what]}.")


def _add_add(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="for you")
    parser.add_argument("--form", choices=list(Form), default=Form.JSON, help="default: json, signed")
    parser.add_argument("--url", default="", help="the address, or @FILE that holds it; telegram needs none")
    parser.add_argument("--room", default="", help="telegram's chat or matrix' room")
    parser.add_argument(
        "--token-file", metavar="FILE", help="of telegram's bot or matrix' account; -: standard input"
    )
    parser.add_argument("--every", choices=list(KINDS), default=WindowKind.DAY, help="default: day")
    parser.add_argument("--search", default="", help="only what this finds")
    for name, words in LISTS.items():
        parser.add_argument(f"--{name}", action="append", default=[], help=words)
    parser.add_argument(
        "--most", type=int, default=USUAL, help=f"papers, {FEWEST} to {MOST}; default {USUAL}"
    )


def _interest(options: dict[str, Any]) -> Interest:
    try:
        return Interest(
            categories=tuple(options["category"]),
            query=options["search"],
            boosted=tuple(options["word"]),
            muted=tuple(options["mute"]),
            authors=tuple(options["author"]),
            most=options["most"],
        )
    except ValueError as error:
        raise CommandError(str(error), returncode=2) from error


def _read(url: str) -> str:
    """An address may be a secret, which other users of a machine see among the words of a command."""
    return _text_of(url[1:]) if url.startswith("@") else url


def _token(options: dict[str, Any]) -> str:
    return _text_of(options["token_file"]) if options["token_file"] else ""


def _text_of(path: str) -> str:
    try:
        return (sys.stdin.readline() if path == "-" else Path(path).read_text()).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}", returncode=2) from error
