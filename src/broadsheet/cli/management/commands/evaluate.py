"""broadsheet evaluate: how well search finds, trending foretells and papers are read, on known answers."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli import prepare
from broadsheet.cli.bars import bar
from broadsheet.cli.evaluate.corpora import BeirCorpus, Corpus, FiledPapers
from broadsheet.cli.evaluate.engines import answer, build_engines
from broadsheet.cli.evaluate.held import HeldPapers
from broadsheet.cli.evaluate.measuring import lacking, measure, questions, refuse_unknown
from broadsheet.cli.evaluate.reading import evaluated
from broadsheet.cli.evaluate.replaying import as_json, replayed, shown
from broadsheet.domain.entry import Entry
from broadsheet.domain.paper import BadRecord
from broadsheet.enrich.embed.base import Embedder, EmbedderError
from broadsheet.sources.files import BadFile
from broadsheet.sources.judged_sets import Topic, read_known_items, read_topics

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Measure how well search finds, trending foretells final upvotes, and papers are read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["search", "trending", "readings"])
        parser.add_argument(
            "--data",
            type=Path,
            metavar="DIR",
            help="search: a set in BEIR's layout; trending: listed papers and what became of them; readings: "
            "gold*.jsonl of annotations beside papers.jsonl, and SciTLDR",
        )
        parser.add_argument("--split", default="test", help="which judgements of it: qrels/SPLIT.tsv")
        parser.add_argument(
            "--known-item", type=Path, metavar="FILE", help='JSON Lines of {"query", "paper"}'
        )
        parser.add_argument(
            "--papers",
            type=Path,
            nargs="+",
            metavar="FILE",
            help="where --known-item searches: files that import reads, or lines of {id, title, abstract}; "
            "default: the papers of the data folder",
        )
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DATE", help="trending: days from this one on"
        )
        parser.add_argument(
            "--errors",
            type=int,
            default=0,
            metavar="N",
            help="readings: print how often each form was right, too, and the N errors that were surest",
        )
        parser.add_argument("--json", action="store_true", help="print JSON, one line per set")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        _check(what, **options)
        found = _ASKED[what](self, **options)
        try:
            for told, words in found:
                self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else words)
        except BadFile as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise CommandError(f"{where}{error.strerror or error}") from error

    def _trending(self, *, data: Path, since: date | None, **_: Any) -> Iterator[tuple[dict[str, Any], str]]:
        for name, days, scores in replayed(data, since):
            yield as_json(name, days, scores), shown(name, days, scores)

    def _searching(self, **options: Any) -> Iterator[tuple[dict[str, Any], str]]:
        for found in self._evaluated(**options):
            yield found, _shown(found)

    def _evaluated(
        self, data: Path | None, known_item: Path | None, *, split: str, papers: list[Path] | None, **_: Any
    ) -> Iterator[dict[str, Any]]:
        if data:
            topics = read_topics(data, split)
            yield {"set": f"{data.resolve().name}/{split}", **_evaluate(BeirCorpus(data), topics)}
        if known_item:
            topics = read_known_items(known_item)
            corpus = FiledPapers(papers, _Complaints(self.stderr.write).add) if papers else _held()
            yield {"set": known_item.name, **_evaluate(corpus, topics, is_each_there=True)}

    def _readings(self, *, data: Path, errors: int, **_: Any) -> Iterator[tuple[dict[str, Any], str]]:
        yield from evaluated(data, errors)


_ASKED: dict[str, Callable[..., Iterator[tuple[dict[str, Any], str]]]] = {
    "search": Command._searching,
    "trending": Command._trending,
    "readings": Command._readings,
}


def _check(
    what: str, *, data: Path | None, known_item: Path | None, papers: list[Path] | None, **_: Any
) -> None:
    if what == "trending" and not data:
        raise CommandError("give the folder of what became of listed papers as --data DIR", returncode=2)
    if what == "readings" and not data:
        raise CommandError("give the folder of annotated papers as --data DIR", returncode=2)
    if what != "search" and known_item:
        raise CommandError("--known-item goes with search", returncode=2)
    if not data and not known_item:
        raise CommandError("give a set as --data DIR, or queries as --known-item FILE", returncode=2)
    if papers and not known_item:
        raise CommandError("--papers goes with --known-item", returncode=2)


class _Complaints:
    """Says the first bad entries, so that a wrong file shows its troubles early."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say, self._count = say, 0

    def add(self, bad: BadRecord) -> None:
        self._count += 1
        if self._count <= MOST_SHOWN:
            self._say(f"skipped {bad}")
        if self._count == MOST_SHOWN:
            self._say("more bad entries are left out, not shown")


def _held() -> HeldPapers:
    prepare.migrate()
    return HeldPapers()


def _evaluate(corpus: Corpus, topics: Sequence[Topic], *, is_each_there: bool = False) -> dict[str, Any]:
    with TemporaryDirectory(prefix="broadsheet-evaluate-") as folder:
        embedder = _embedder()
        began = time.monotonic()
        with bar("index", None, "papers") as progress:
            engines = build_engines(_watched(corpus.entries(), progress), Path(folder), embedder)
        build_s = time.monotonic() - began
        if not corpus.count:
            raise BadFile("there are no papers to search; import some, or name files of them")
        if is_each_there:
            refuse_unknown(topics, corpus)
        counts = {"papers": corpus.count, "repeats": corpus.repeats, "lacking": lacking(topics, corpus)}
        with bar("queries", len(topics), "queries") as progress:
            asked = questions(topics, corpus)
            measured = measure(asked, lambda query, limit: answer(engines, query, limit), progress)
    return {**counts, "build_s": round(build_s, 2), **measured.as_json()}


def _embedder() -> Embedder:
    """The one that is set for the site."""
    try:
        return wiring.embedder()
    except EmbedderError as error:
        raise CommandError(f"BROADSHEET_EMBEDDER: {error}") from error


def _watched(entries: Iterable[Entry], progress: Callable[[int], object]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        progress(1)


def _shown(found: dict[str, Any]) -> str:
    shares = "   ".join(
        f"{name} {found[name]:.4f}" for name in ("ndcg@10", "mrr@10", "recall@10", "recall@100")
    )
    took = found["latency_ms"]
    left_out = f", {found['repeats']:,} repeats left out" if found["repeats"] else ""
    lacking = f"; {found['lacking']:,} right answers are not in the corpus" if found["lacking"] else ""
    return (
        f"{found['set']}: {found['papers']:,} papers{left_out}, indexed in {found['build_s']:.1f} s\n"
        f"  {shares}\n"
        f"  {found['queries']:,} queries, {found['unanswered']:,} without an answer{lacking}\n"
        f"  {took['mean']:.2f} ms a query, p50 {took['p50']:.2f}, p99 {took['p99']:.2f}"
    )
