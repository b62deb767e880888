"""broadsheet webhook: news pushed to programs and chat rooms, made, changed, tested, paused and deleted."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare, pushing
from broadsheet.deliver.push.trial import send_test
from broadsheet.deliver.push.typed import changed_target, target_of
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import FEWEST, MOST, USUAL, Interest
from broadsheet.domain.webhook import EVERY, MATCH, BadField, Form
from broadsheet.jobs import agenda
from broadsheet.lib.standard_webhooks import new_secret
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
            dest="what", required=True, metavar=f"list | add | edit | {' | '.join(ACTIONS)} | send"
        )
        listed = commands.add_parser("list", help="all of them; ends with 1 when some take nothing")
        listed.add_argument("--json", action="store_true", help="print JSON")
        _add_add(commands.add_parser("add", help="make one"))
        _add_edit(commands.add_parser("edit", help="change one; what waits is kept, what is not named stays"))
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
        if what in ("edit", "test", "history"):
            {"edit": self._edit, "test": self._test, "history": self._history}[what](pk, options)
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
            every = options["every"] or (MATCH if options["search"] else WindowKind.DAY)
            interest = _interest(options, Interest())
            webhooks.make(options["name"], target, every, interest, wiring.clock().now())
        except BadField as error:
            raise _bad(error) from error
        what = "what matches from now on" if every == MATCH else f"the next edition of a {every} that closes"
        self.stdout.write(f"{options['name']} is made; {what} goes there.")
        if target.secret:
            self.stdout.write(f"Its secret, shown this once: {target.secret}")

    def _edit(self, pk: int, options: dict[str, Any]) -> None:
        now, secret = wiring.clock().now(), new_secret() if options["new_secret"] else ""
        line, target = webhooks.line(pk), webhooks.target(pk, now)
        if line is None or target is None or line.interest is None:
            raise CommandError("it was deleted meanwhile, or cannot be read: delete it, and make it anew")
        if secret and target.form is not Form.JSON:
            raise CommandError("--new-secret: only json is signed", returncode=2)
        url, token = _read(options["url"]), _token(options)
        try:
            target = changed_target(target, url, options["room"], token, wiring.webhook_sender())
            name, every = options["rename"] or line.name, options["every"] or line.every
            webhooks.change(pk, name, target, every, _interest(options, line.interest), now)
        except BadField as error:
            raise _bad(error) from error
        self.stdout.write(f"{name} is changed.")
        if secret and webhooks.renew_secret(pk, secret, now):
            self.stdout.write(f"Its new secret, shown this once: {secret}")
            self.stdout.write("For a day both sign; put it in place until then.")

    def _send(self, _: dict[str, Any]) -> None:
        self.stdout.write(agenda.webhooks(lambda: True))

    def _test(self, pk: int, options: dict[str, Any]) -> None:
        now = wiring.clock().now()
        target = webhooks.target(pk, now)
        if target is None:
            raise CommandError("it was deleted meanwhile")
        how = send_test(wiring.webhook_sender(), target, wiring.site_url(), now)
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
    _add_choices(parser)


def _add_edit(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="of the webhook")
    parser.add_argument("--rename", default="", help="another name")
    parser.add_argument(
        "--new-secret", action="store_true", help="renew what json is signed with; for a day both sign"
    )
    _add_choices(parser)


def _add_choices(parser: ArgumentParser) -> None:
    parser.add_argument("--url", default="", help="the address, or @FILE that holds it; telegram needs none")
    parser.add_argument("--room", default="", help="telegram's chat or matrix' room")
    parser.add_argument(
        "--token-file", metavar="FILE", help="of telegram's bot or matrix' account; -: standard input"
    )
    every = "match: papers as they come in, which is usual with --search; or editions: otherwise day"
    parser.add_argument("--every", choices=EVERY, help=every)
    parser.add_argument("--search", help="only what this finds; '' for no search")
    for name, words in LISTS.items():
        parser.add_argument(f"--{name}", action="append", help=f"{words}; '' for none")
    parser.add_argument("--most", type=int, help=f"papers, {FEWEST} to {MOST}; usually {USUAL}")


def _bad(error: BadField) -> CommandError:
    return CommandError(f"--{error}" if error.field != "name" else str(error), returncode=2)


def _interest(options: dict[str, Any], usual: Interest) -> Interest:
    """As it was, but for what is named."""
    named = {"categories": "category", "boosted": "word", "muted": "mute", "authors": "author"}
    changed: dict[str, Any] = {
        name: tuple(filter(None, options[option]))
        for name, option in named.items()
        if options[option] is not None
    }
    single = {"query": options["search"], "most": options["most"]}
    changed |= {name: one for name, one in single.items() if one is not None}
    try:
        return replace(usual, **changed)
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
