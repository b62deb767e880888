"""broadsheet similar: the papers nearest in meaning to one, with what they share."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.listing import Line, print_lines
from broadsheet.domain.ids import find_key, paper_ref
from broadsheet.rank.shared import Text, why_similar
from broadsheet.rank.similar import similar
from broadsheet.store.answers import Answer, answers


class Command(BaseCommand):
    help = "List the papers nearest in meaning to one, named by its id, DOI or address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="an arXiv id, a DOI, or the address of a paper")
        parser.add_argument(
            "--limit", type=int, default=10, help="at most so many papers (1 to 1000; default 10)"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare.migrate()
        if not 1 <= options["limit"] <= 1_000:
            raise CommandError(f"--limit {options['limit']}: expected 1 to 1000", returncode=2)
        began = time.perf_counter()
        paper = _named(options["id"])
        lines = _lines(paper, options["limit"])
        took_ms = (time.perf_counter() - began) * 1_000
        if options["json"]:
            hits = [line.as_json() for line in lines]
            answer = {"query": paper_ref(paper.key), "hits": hits, "took_ms": round(took_ms, 2)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"Near in meaning to {paper.title} ({paper_ref(paper.key)})\n")
        print_lines(lines, self.stdout)
        told = f"{len(lines)} papers" if lines else "None: its meaning has not been read yet"
        self.stdout.write(f"{told} in {took_ms:.0f} ms")


def _named(text: str) -> Answer:
    key = find_key(text)
    if key is None:
        raise CommandError(f"{text!r} names no paper; expected an arXiv id, a DOI or the address of a paper")
    for answer in answers([], key):
        return answer
    raise CommandError(f"no paper here is named {paper_ref(key)}")


def _lines(paper: Answer, limit: int) -> list[Line]:
    vectors = wiring.engines().vectors
    found = {one.paper_id: one for one in (similar(vectors, paper.paper_id, limit=limit) if vectors else [])}
    text = Text(paper.title, paper.abstract or paper.summary)
    return [
        Line(
            paper_ref(other.key),
            other.title,
            other.year,
            " ".join(other.categories),
            why_similar(text, Text(other.title, other.abstract or other.summary)),
            found[other.paper_id].score,
        )
        for other in answers(list(found))
    ]
