"""broadsheet trending: who stands where in a window, and why."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.cli import prepare
from broadsheet.cli.asked import window_asked
from broadsheet.domain.edition import View, WindowKind
from broadsheet.domain.ids import paper_ref
from broadsheet.store import pages
from broadsheet.store.page_values import EditionHead, Placed

WINDOWS = ("day", "week", "month", "trending", "all")


class Command(BaseCommand):
    help = "List the papers of a day, week or month, or what is trending just now, with the reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--window", choices=WINDOWS, default="day", help="default: day")
        parser.add_argument(
            "--date", type=date.fromisoformat, metavar="DATE", help="a day of the window; default: the newest"
        )
        parser.add_argument(
            "--limit", type=int, default=10, help="at most so many papers (1 to 500; default 10)"
        )
        parser.add_argument("--category", default="", help="papers of one category only")
        parser.add_argument(
            "--latest", action="store_true", help="as counted now, also where the edition has closed"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        if not 1 <= options["limit"] <= 500:
            raise CommandError(f"--limit {options['limit']}: expected 1 to 500", returncode=2)
        window = window_asked(WindowKind(options["window"]), options["date"])
        head = pages.edition_head(window, View.LATEST if options["latest"] else View.PRINTED)
        if head.edition_id is None:
            raise CommandError(
                f"no papers of {window.title} are held here; broadsheet fetch or import brings some"
            )
        places = pages.first_places(head, options["limit"], options["category"])
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(head, places), ensure_ascii=False))
        else:
            self.stdout.write(_shown(head, places))


def _as_json(head: EditionHead, places: list[Placed]) -> dict[str, Any]:
    return {
        "window": head.window.kind,
        "start": head.window.start.isoformat(),
        "view": head.view,
        "formula": head.formula,
        "papers": head.paper_count,
        "places": [
            {
                "rank": place.rank,
                "id": paper_ref(place.paper.key),
                "title": place.paper.title,
                "score": place.score,
                "why": place.reason,
                "terms": [term._asdict() for term in place.terms],
            }
            for place in places
        ],
    }


def _shown(head: EditionHead, places: list[Placed]) -> str:
    state = "as printed" if head.view is View.PRINTED else "as counted now"
    lines = [f"{head.window.title}: {head.paper_count:,} papers, {state}, by {head.formula}", ""]
    for place in places:
        lines.append(f"{place.rank:>3}  {place.paper.title} ({paper_ref(place.paper.key)})")
        lines.append(f"     {place.score:.2f}  {place.reason}")
    return "\n".join(lines)
