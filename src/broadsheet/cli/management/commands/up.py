"""broadsheet up: everything at once, web, worker and post, until Ctrl-C."""

import time
from argparse import ArgumentParser
from importlib.metadata import version
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from broadsheet import wiring
from broadsheet.cli import address, owner, prepare
from broadsheet.cli.supervise import Child, Supervisor, command
from broadsheet.jobs import agenda, schedule
from broadsheet.jobs.steps import load_sample
from broadsheet.store.owner import has_owner

READY_WITHIN_S = 60.0
LOOK_EVERY_S = 0.1


def _children() -> list[Child]:
    """Mail has a worker of its own: a harvest of an hour would make digests late by an hour."""
    return [
        Child("web", command("web")),
        Child("worker", command("worker", "--without", *schedule.MAIL)),
        Child("post", command("worker", "--only", *schedule.MAIL)),
    ]


class Command(BaseCommand):
    help = "Run the whole site, pages and jobs, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        address.add_arguments(parser)

    def handle(self, *args: Any, host: str | None, port: int | None, **options: Any) -> None:
        host, port = address.settle(host, port)
        address.check_free(host, port)
        self._say(f"Broadsheet {version('broadsheet')}, data in {wiring.data_folder()}")
        supervisor = Supervisor(_children(), self._complain)
        supervisor.stop.on_signals()
        self._prepare()
        link = None if has_owner() else owner.fresh_link()
        connections.close_all()
        try:
            if not supervisor.stop.is_set:
                supervisor.start()
                self._greet(supervisor, link, host, port)
            supervisor.watch()
        finally:
            supervisor.end()
        self._say("Broadsheet has stopped.")

    def _prepare(self) -> None:
        prepare.close_data_folder()
        if prepare.migrate():
            self._say("The database is ready.")
        if wiring.option("SAMPLE"):
            report = load_sample(wiring.words_index(), agenda.meaning(), clock=wiring.clock())
            if report is not None:
                self._say(f"Loaded the sample edition: {report.added:,} papers.")

    def _greet(self, supervisor: Supervisor, link: str | None, host: str, port: int) -> None:
        """The address is the last line, and is printed when it answers."""
        give_up_s = time.monotonic() + READY_WITHIN_S
        while not address.answers(host, port):
            if supervisor.stop.is_set:
                return
            if time.monotonic() > give_up_s or supervisor.children[0].has_fallen():
                raise CommandError("the web process does not start; its message is above")
            supervisor.stop.wait(LOOK_EVERY_S)
        if link:
            self._say(f"To make a browser the owner's, open this link in it, once, within a day:\n  {link}")
        self._say(f"The front page is at {wiring.site_url()}/  (Ctrl-C stops it)")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _complain(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
