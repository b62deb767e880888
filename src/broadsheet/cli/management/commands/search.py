"""broadsheet search: one query, or a file of them, answered on the terminal or as JSON."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.listing import Line, print_lines
from broadsheet.domain.ids import paper_ref
from broadsheet.index.base import Sort
from broadsheet.rank.hits import Words, words_of
from broadsheet.rank.search import By, Found, Results, search
from broadsheet.rank.why import why
from broadsheet.store.answers import Answer, answers, upvotes


@dataclass(frozen=True, slots=True)
class Answered:
    results: Results
    lines: list[Line]
    took_ms: float  # for all of it: searching, reading the papers, telling why
    has_named: bool = False  # the first line is the paper that the query names

    @property
    def total(self) -> int:
        return max(self.results.total, len(self.lines)) if self.lines else 0

    def as_json(self) -> dict[str, object]:
        answer: dict[str, object] = {
            "query": self.results.query,
            "hits": [line.as_json() for line in self.lines],
            "total": self.total,
            "took_ms": round(self.took_ms, 2),
        }
        return answer | ({"mended": self.results.mended} if self.results.mended else {})


class Command(BaseCommand):
    help = "Search the papers by words, phrases in quotes, an id, a DOI or an address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", nargs="*", help="words and operators, or one id or address")
        parser.add_argument("--queries", type=Path, metavar="FILE", help='JSON Lines of {"id", "query"}')
        parser.add_argument(
            "--limit", type=int, default=10, help="at most so many papers (1 to 1000; default 10)"
        )
        parser.add_argument("--sort", choices=[str(sort) for sort in Sort], default=str(Sort.RELEVANCE))
        parser.add_argument("--as-typed", action="store_true", help="do not mend mistyped words")
        parser.add_argument("--json", action="store_true", help="print JSON, one line per query")

    def handle(self, *args: Any, query: list[str], queries: Path | None, **options: Any) -> None:
        prepare.migrate()
        if bool(query) == bool(queries):
            raise CommandError("give a query, or --queries FILE", returncode=2)
        if not 1 <= options["limit"] <= 1_000:
            raise CommandError(f"--limit {options['limit']}: expected 1 to 1000", returncode=2)
        if queries:
            for name, text in _read_queries(queries):
                self._print_json({"id": name, **_answer(text, options).as_json()})
        elif options["json"]:
            self._print_json(_answer(" ".join(query), options).as_json())
        else:
            self._print(_answer(" ".join(query), options))

    def _print_json(self, answer: dict[str, object]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _print(self, answered: Answered) -> None:
        results = answered.results
        for note in results.asked.notes:
            self.stdout.write(note)
        if results.mended:
            self.stdout.write(
                f"Showing results for {results.mended}  (--as-typed searches for what you typed)"
            )
        if results.key and not answered.has_named:
            self.stdout.write(f"No paper here is named {paper_ref(results.key)}.")
        print_lines(answered.lines, self.stdout)
        count = f"{len(answered.lines)} of {answered.total:,} papers" if answered.lines else "Nothing found"
        self.stdout.write(f"{count} in {answered.took_ms:.0f} ms")


def _answer(text: str, options: dict[str, Any]) -> Answered:
    began = time.perf_counter()
    results = search(
        wiring.engines(),
        text,
        limit=options["limit"],
        sort=Sort(options["sort"]),
        votes=upvotes,
        mends=not options["as_typed"],
        counts=True,
    )
    found, words = {one.paper_id: one for one in results.found}, words_of(results.asked)
    answered = answers(list(found), results.key)
    has_named = any(answer.is_named for answer in answered)
    if "://" in text and results.key and not has_named:
        answered = []  # whatever holds the words of an address is not what was meant
    lines = list(_lines(answered, found, words))[: options["limit"]]
    return Answered(results, lines, (time.perf_counter() - began) * 1_000, has_named)


def _lines(answered: Sequence[Answer], found: Mapping[int, Found], words: Words) -> Iterator[Line]:
    """The paper that an id names comes first, then what was found."""
    for answer in answered:
        if answer.is_named:
            yield _line(answer, By.NAME, 1.0, words)
        else:
            yield _line(answer, found[answer.paper_id].by, found[answer.paper_id].score, words)


def _line(answer: Answer, by: By, score: float, words: Words) -> Line:
    return Line(
        paper_ref(answer.key),
        answer.title,
        answer.year,
        " ".join(answer.categories),
        why(by, words, answer.places),
        score,
    )


def _read_queries(path: Path) -> Iterator[tuple[Any, str]]:
    """Ids as they stand in the file, and queries."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # JSON may hold other ends of lines in a text
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield row["id"], str(row["query"])
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f'{path} line {number}: expected {{"id", "query"}}: {error!r}') from error
