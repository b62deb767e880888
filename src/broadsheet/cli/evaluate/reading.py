"""Tells how well papers are read, next to annotations by hand and to summaries that people wrote."""

import re
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from broadsheet.domain.reading import Claim, Reading
from broadsheet.enrich.readings.reader import VERSION, read
from broadsheet.lib.text import folded
from broadsheet.sources.files import BadFile
from broadsheet.sources.judged_readings import Annotated, Summed, read_annotated, read_summed

_UNITS = dict.fromkeys(("%", "percent", "points", "point", "pp", "percentage points"), "%")
_UNITS |= dict.fromkeys(("x", "×", "times", "fold"), "x")
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    _WORD.findall("a an and as at by for from in is its of on or our over than that the to with")
)
_CONTEXT = ("subject", "dataset", "baseline")


@dataclass
class Share:
    """Micro counts: of how many found how many are right, and how many there are to find."""

    right: int = 0
    found: int = 0
    there: int = 0

    def add(self, found: Iterable[Hashable], there: Iterable[Hashable]) -> None:
        ours, theirs = Counter(found), Counter(there)
        self.right += (ours & theirs).total()
        self.found += ours.total()
        self.there += theirs.total()

    def as_json(self) -> dict[str, float]:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.there)
        f1 = 2 * self.right / max(1, self.found + self.there)
        return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


@dataclass
class Scores:
    names: Share = field(default_factory=Share)
    claims: Share = field(default_factory=Share)
    links: Share = field(default_factory=Share)
    in_context: int = 0  # claims whose value is right, and half of what the gold tells of them
    proven: int = 0  # claims whose quote stands in the abstract, to the letter
    kinds: int = 0

    def add(self, paper: Annotated, reading: Reading) -> None:
        self.names.add({name_of(one) for one in reading.names}, {name_of(one) for one in paper.names})
        self.links.add(
            {address_of(one.url) for one in reading.links}, {address_of(one) for one in paper.code}
        )
        self.kinds += reading.kind == paper.kind
        self.claims.add(
            [value_of(claim.value, claim.unit) for claim in reading.claims],
            [value_of(row["value"], row.get("unit") or "") for row in paper.results],
        )
        pairs = _pairs(reading.claims, paper.results)
        self.in_context += sum(has_context(claim, row) for claim, row in pairs)
        self.proven += sum(is_proven(claim, paper.of.abstract) for claim in reading.claims)


def evaluated(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """The scores of each set that the folder holds, as JSON and in words. Raises BadFile, OSError."""
    annotated, summed = read_annotated(folder), read_summed(folder)
    if not annotated and not summed:
        raise BadFile(f"{folder} holds neither gold*.jsonl nor dev.jsonl of SciTLDR; nor does ../scitldr")
    if annotated:
        told = of_annotated(annotated)
        yield told, shown(told)
    if summed:
        found = of_summed(summed)
        yield (
            found,
            f"{found['set']}: {found['papers']:,} papers\n  ROUGE-1 of one lines {found['rouge1']:.2f}",
        )


def of_annotated(papers: Sequence[Annotated]) -> dict[str, Any]:
    scores = Scores()
    read(papers[0].of.title, papers[0].of.abstract)  # what is loaded once is no part of the speed
    took_s = 0.0
    for paper in papers:
        began = time.perf_counter()
        reading = read(paper.of.title, paper.of.abstract)
        took_s += time.perf_counter() - began
        scores.add(paper, reading)
    return {
        "set": "annotated",
        "reader": VERSION,
        "papers": len(papers),
        "names": scores.names.as_json(),
        "claims": scores.claims.as_json(),
        "claims_context": round(scores.in_context / max(1, scores.claims.right), 4),
        "claims_proof": round(scores.proven / max(1, scores.claims.found), 4),
        "links": scores.links.as_json(),
        "kinds": round(scores.kinds / len(papers), 4),
        "papers_per_s": round(len(papers) / max(took_s, 1e-9)),
    }


def of_summed(papers: Sequence[Summed]) -> dict[str, Any]:
    found = []
    for paper in papers:
        line = read(paper.title, paper.abstract).one_line
        found.append(max((rouge_1(line.text if line else "", one) for one in paper.summaries), default=0.0))
    return {"set": "SciTLDR", "papers": len(papers), "rouge1": round(100 * sum(found) / len(papers), 2)}


def shown(told: Mapping[str, Any]) -> str:
    lines = [f"{told['set']}: {told['papers']:,} papers, read by {told['reader']}"]
    for name in ("names", "claims", "links"):
        share = told[name]
        lines.append(f"  {name:<7} P {share['precision']:.3f}  R {share['recall']:.3f}  F1 {share['f1']:.3f}")
    lines.append(
        f"  claims with subject, baseline or data set {told['claims_context']:.3f}, with proof "
        f"{told['claims_proof']:.3f}; kinds {told['kinds']:.3f}; {told['papers_per_s']:,} papers a second"
    )
    return "\n".join(lines)


def name_of(name: str) -> str:
    """Case and hyphens do not count.

    >>> name_of("Long-Writer 6k") == name_of("LONG WRITER 6K")
    True
    """
    return folded(name)


def value_of(value: float | None, unit: str) -> tuple[float | None, str]:
    """Percent, points and pp are one unit; times, fold and x another."""
    bare = unit.strip().lower()
    return (round(value, 9) if value is not None else None), _UNITS.get(bare, bare)


def address_of(url: str) -> str:
    """Scheme, www., case and a last slash do not count."""
    bare = url.strip().lower().partition("://")[2] or url.strip().lower()
    return bare.removeprefix("www.").rstrip("/").removesuffix(".git")


def has_context(claim: Claim, row: Mapping[str, Any]) -> bool:
    """Of the fields that the gold fills at least half have a content word in common."""
    filled = [name for name in _CONTEXT if row.get(name)]
    same = sum(bool(_content(getattr(claim, name)) & _content(row[name])) for name in filled)
    return 2 * same >= len(filled)


def is_proven(claim: Claim, abstract: str) -> bool:
    quote = claim.quote
    return bool(quote.text) and abstract[quote.start : quote.end] == quote.text


def rouge_1(told: str, reference: str) -> float:
    """F of the words in common, from 0 to 1.

    >>> round(rouge_1("a small fast model", "a fast model"), 3)
    0.857
    """
    ours, theirs = Counter(_WORD.findall(told.lower())), Counter(_WORD.findall(reference.lower()))
    both = (ours & theirs).total()
    return 2 * both / max(1, ours.total() + theirs.total())


def _pairs(
    claims: Sequence[Claim], rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Claim, Mapping[str, Any]]]:
    """One to one; of several with the same value those that agree in more go together."""
    free = list(rows)
    for claim in claims:
        wanted = value_of(claim.value, claim.unit)
        same = [row for row in free if value_of(row["value"], row.get("unit") or "") == wanted]
        if same:
            row = next((row for row in same if has_context(claim, row)), same[0])
            free.remove(row)
            yield claim, row


def _content(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _SMALL
