"""broadsheet search: one query, or a file of them, answered on the terminal or as JSON."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.domain.ids import paper_ref
from broadsheet.index.base import Sort
from broadsheet.rank.search import Results, explain, search
from broadsheet.store.answers import Answer, answers

SORTS = ("relevance", "new", "trending")


class Command(BaseCommand):
    help = "Search the papers by words, phrases in quotes, an id, a DOI or an address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", nargs="*", help="words, or one id or address")
        parser.add_argument("--queries", type=Path, metavar="FILE", help='JSON Lines of {"id", "query"}')
        parser.add_argument(
            "--limit", type=int, default=10, help="at most so many papers (1 to 1000; default 10)"
        )
        parser.add_argument("--sort", choices=SORTS, default="relevance")
        parser.add_argument("--json", action="store_true", help="print JSON, one line per query")

    def handle(self, *args: Any, query: list[str], queries: Path | None, **options: Any) -> None:
        prepare.migrate()
        if bool(query) == bool(queries):
            raise CommandError("give a query, or --queries FILE", returncode=2)
        if not 1 <= options["limit"] <= 1_000:
            raise CommandError(f"--limit {options['limit']}: expected 1 to 1000", returncode=2)
        if queries:
            for name, text in _read_queries(queries):
                self.stdout.write(json.dumps({"id": name, **_answer(text, options)}, ensure_ascii=False))
            return
        answer = _answer(" ".join(query), options)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._print(answer)

    def _print(self, answer: dict[str, Any]) -> None:
        for place, hit in enumerate(answer["hits"], start=1):
            self.stdout.write(
                f"{place:>3}  {hit['title']}\n     {hit['id']}  {hit['score']:.2f}  {hit['why']}"
            )
        self.stdout.write(
            f"{len(answer['hits'])} of {answer['total']:,} papers in {answer['took_ms']:.0f} ms"
        )


def _answer(text: str, options: dict[str, Any]) -> dict[str, Any]:
    by_signals = options["sort"] == "trending"
    sort = Sort.RELEVANCE if by_signals else Sort(options["sort"])
    results = search(wiring.words_index(), text, limit=options["limit"] * (5 if by_signals else 1), sort=sort)
    hits = list(_hits(results))
    if by_signals:
        hits.sort(key=lambda hit: -hit.pop("upvotes"))
    return {
        "query": text,
        "hits": [
            {key: hit[key] for key in ("id", "title", "score", "why")} for hit in hits[: options["limit"]]
        ],
        "total": max(results.total, len(hits)),
        "took_ms": round(results.took_ms, 2),
    }


def _hits(results: Results) -> Iterator[dict[str, Any]]:
    """The paper that an id names comes first, then what the words find."""
    scores = {found.paper_id: found.score for found in results.found}
    for answer in answers(list(scores), results.key):
        yield {
            "id": paper_ref(answer.key),
            "title": answer.title,
            "score": 1.0 if answer.is_named else scores[answer.paper_id],
            "why": "named by the query" if answer.is_named else _why(results, answer),
            "upvotes": answer.upvotes,
        }


def _why(results: Results, answer: Answer) -> str:
    return explain(results.words, title=answer.title, text=answer.text, authors=", ".join(answer.authors))


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
