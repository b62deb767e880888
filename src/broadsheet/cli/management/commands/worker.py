"""broadsheet worker: the jobs alone."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.supervise import end_with_parent
from broadsheet.jobs import agenda, schedule
from broadsheet.jobs.worker import PATIENCE_S, Worker


class Command(BaseCommand):
    help = "Run the jobs: ask the sources when they are due, keep editions and index up to date."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = agenda.plan().names
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--only", nargs="+", choices=names, metavar="JOB", help="run these jobs alone")
        which.add_argument("--without", nargs="+", choices=names, metavar="JOB", help="leave these to others")
        parser.add_argument("--follow", type=int, help=SUPPRESS)  # the process to end with

    def handle(self, *args: Any, **options: Any) -> None:
        steps = agenda.steps()
        only = options["only"] or [name for name in steps if name not in (options["without"] or ())]
        slow = [name for name in only if name in schedule.SLOW]
        quick = [name for name in only if name not in slow]
        worker = Worker(steps, schedule.next_run, wiring.clock(), quick or slow)
        worker.stop.on_signals(PATIENCE_S)
        if options["follow"] is not None:
            end_with_parent(options["follow"])
        else:
            prepare.migrate()
            self.stdout.write(f"The worker runs: {', '.join(only)}  (Ctrl-C stops it)")
        if slow and quick:
            worker.run_with(slow)
        else:
            worker.run()
