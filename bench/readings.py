"""How long papers take to be read: python -m bench.readings PAPERS [--processes 2]

Names, claims, links, kind, keywords and one line of each paper, in so many processes at once; what each of
them takes; beside a peer that finds only figures, with one regular expression. Then texts that nobody would
write, growing: a slope of 1 is time in proportion to the length.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from math import log
from multiprocessing import get_context
from pathlib import Path

from bench.records import records
from broadsheet.enrich.readings.claims import read_claims
from broadsheet.enrich.readings.keywords import read_keywords
from broadsheet.enrich.readings.kinds import read_kind
from broadsheet.enrich.readings.links import read_links
from broadsheet.enrich.readings.names import read_names
from broadsheet.enrich.readings.reader import read
from broadsheet.enrich.readings.summary import read_one_line

Text = tuple[str, str]  # title and abstract
PEER = re.compile(r"(?<![\w.])(\d+(?:,\d{3})*(?:\.\d+)?) ?\\?(%|x\b|×|times\b|points?\b)")
SIZES = (25_000, 50_000, 100_000, 200_000, 400_000)  # characters
HOSTILE: dict[str, Callable[[int], str]] = {
    "prose": lambda size: "We show that Fleet is 3.3x faster than Snail on GLUE. " * (size // 53),
    "numbers": lambda size: " ".join(f"{number}%" for number in range(size // 6)),
    "one number": lambda size: "9" * size,
    "braces": lambda size: "{" * size,
    "no spaces": lambda size: "aB3." * (size // 4),
    "bidi": lambda size: "\u202e\u2066x" * (size // 3),
    "spaces": lambda size: " " * size,
    "capitals": lambda size: "Over A. " * (size // 8),
    "addresses": lambda size: "https://github.com/" * (size // 19),
    "commands": lambda size: "\\textbf{" * (size // 8),
    "brackets": lambda size: "(a" * (size // 2),
    "hyphens": lambda size: "A-" * (size // 2),
}


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How long papers take to be read.")
    parser.add_argument("papers", type=Path, help="a file of papers in arXiv's field names")
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(words)
    held = records(options.papers, options.count)
    texts = [(one["title"], one.get("abstract") or "") for one in held]
    _tell_speed(texts, options.processes)
    _tell_parts(texts)
    _tell_growth()
    return 0


def _tell_speed(texts: Sequence[Text], processes: int) -> None:
    shares = [texts[place::processes] for place in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        rates = list(pool.map(_papers_per_s, shares))
    each = " + ".join(f"{rate:,.0f}" for rate in rates)
    print(f"{len(texts):,} papers, {processes} processes: {sum(rates):,.0f} papers/s ({each})")


def _papers_per_s(texts: Sequence[Text]) -> float:
    read(*texts[0])  # what is loaded once is no part of it
    return len(texts) / _took_s(read, texts)


def _tell_parts(texts: Sequence[Text]) -> None:
    names = {text: read_names(*text) for text in texts}
    parts: dict[str, Callable[[str, str], object]] = {
        "all": read,
        "names": read_names,
        "claims": read_claims,
        "one line": read_one_line,
        "keywords": read_keywords,
        "kind": lambda title, abstract: read_kind(title, abstract, names[title, abstract]),
        "links": lambda title, abstract: read_links(title, abstract, names[title, abstract]),
        "peer: one expression for figures": lambda _, abstract: PEER.findall(abstract),
    }
    took = {name: _took_s(part, texts) / len(texts) for name, part in parts.items()}
    for name, took_s in took.items():
        print(f"  {name:<34} {1e3 * took_s:7.3f} ms a paper  {took_s / took['all']:6.1%} of all")


def _took_s(part: Callable[[str, str], object], texts: Sequence[Text]) -> float:
    began = time.perf_counter()
    for title, abstract in texts:
        part(title, abstract)
    return time.perf_counter() - began


def _tell_growth() -> None:
    print(
        f"{'text':<12}" + "".join(f"{size // 1000:>8}k" for size in SIZES) + "   slope of the last doubling"
    )
    for name, text_of in HOSTILE.items():
        took = [min(_took_s(read, [("Fleet: a reader", text_of(size))]) for _ in range(3)) for size in SIZES]
        slope = log(took[-1] / took[-2]) / log(SIZES[-1] / SIZES[-2])
        print(f"{name:<12}" + "".join(f"{1e3 * one:>7.1f}ms" for one in took) + f"   {slope:5.2f}")


if __name__ == "__main__":
    sys.exit(main())
