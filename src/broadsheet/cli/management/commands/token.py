"""broadsheet token: make, list and revoke the tokens of programs that use the API."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.domain.scope import OF_OWNER, Scope
from broadsheet.store import api_tokens
from broadsheet.store.api_tokens import Held


class Command(BaseCommand):
    help = "Make, list or revoke tokens for programs that use the API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=("make", "list", "revoke"))
        parser.add_argument("what", nargs="?", default="", help="make: what it is for; revoke: its number")
        parser.add_argument(
            "--scope",
            action="append",
            choices=[str(scope) for scope in OF_OWNER],
            help="what it may do; may be given twice; default: read",
        )
        parser.add_argument("--days", type=int, help="how long it is good; default: until it is revoked")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, do: str, what: str, **options: Any) -> None:
        prepare.migrate()
        acts = {"make": self._make, "list": self._list, "revoke": self._revoke}
        acts[do](what, options)

    def _make(self, what: str, options: dict[str, Any]) -> None:
        now, scopes = wiring.clock().now(), options["scope"] or [Scope.READ]
        try:
            token = api_tokens.make(what, scopes, now, days=options["days"])
        except api_tokens.BadRequest as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(json.dumps({"token": token}) if options["json"] else token)
        if not options["json"]:
            self.stderr.write(
                "It is told this once and kept nowhere. Send it as: Authorization: Bearer TOKEN"
            )

    def _list(self, what: str, options: dict[str, Any]) -> None:
        held = api_tokens.listed()
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(one) for one in held], ensure_ascii=False))
            return
        for one in held:
            self.stdout.write(
                f"{one.id:>4}  {one.beginning}…  {' '.join(one.scopes):12}  {one.name}  {_state(one)}"
            )
        if not held:
            self.stdout.write("No token has been made yet.")

    def _revoke(self, what: str, options: dict[str, Any]) -> None:
        if not (what.isascii() and what.isdigit() and len(what) < 18):
            raise CommandError(
                f"{what[:40]!r} is no number of a token; broadsheet token list shows them", returncode=2
            )
        if not api_tokens.revoke(int(what), wiring.clock().now()):
            raise CommandError(f"no token in force has the number {what}; broadsheet token list shows them")
        self.stdout.write(f"Token {what} is revoked.")


def _state(held: Held) -> str:
    if held.revoked_at:
        return f"revoked {held.revoked_at:%Y-%m-%d}"
    until = f"good until {held.expires_at:%Y-%m-%d}" if held.expires_at else "in force"
    return f"{until}, used {held.used_on}" if held.used_on else f"{until}, never used"


def _as_json(held: Held) -> dict[str, object]:
    moments = {"made_at": held.made_at, "expires_at": held.expires_at, "revoked_at": held.revoked_at}
    told = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    used_on = held.used_on.isoformat() if held.used_on else None
    return (
        {"id": held.id, "name": held.name, "beginning": held.beginning, "scopes": held.scopes}
        | told
        | {"used_on": used_on}
    )
