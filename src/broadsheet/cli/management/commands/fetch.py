"""broadsheet fetch: ask one source now, instead of when its job is due."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.bars import bar
from broadsheet.domain.paper import IntakeReport
from broadsheet.jobs import agenda
from broadsheet.jobs.steps import StepFailed, fetch
from broadsheet.lib.http import UpstreamError

MOST_SHOWN = 10


class Command(BaseCommand):
    help = "Ask one source for new papers and signals, and keep them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(wiring.sources()))
        parser.add_argument(
            "--since",
            type=_day,
            help="a UTC date, 2026-05-22; default: where it stopped last time",
        )

    def handle(self, *args: Any, source: str, since: date | None, **options: Any) -> None:
        prepare.migrate()
        try:
            with bar(source, None, "papers") as progress:
                report = fetch(
                    wiring.sources()[source],
                    wiring.words_index(),
                    agenda.meaning(),
                    clock=wiring.clock(),
                    since=since,
                    watch=_watching(progress),
                )
        except (UpstreamError, StepFailed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{source}: {report}")
        for bad in report.bad[:MOST_SHOWN]:
            self.stderr.write(f"{source}: skipped {bad}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date; expected one like 2026-05-22") from error


def _watching(progress: Any) -> Any:
    done = 0

    def watch(report: IntakeReport) -> bool:
        nonlocal done
        progress(report.total - done)
        done = report.total
        return True

    return watch
