"""Tells how well papers are read, next to annotations by hand and to summaries that people wrote."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from broadsheet.domain.reading import Reading
from broadsheet.enrich.readings.reader import VERSION, read
from broadsheet.enrich.readings.rouge import Summarised, score_one_lines
from broadsheet.enrich.readings.scoring import ClaimScore, is_proven, score_by_pattern, score_claims
from broadsheet.enrich.readings.scoring_names import (
    Hits,
    cues_of_names,
    most_common_cues,
    score_links,
    score_names,
)
from broadsheet.enrich.readings.worst import wrong_claims, wrong_names
from broadsheet.sources.files import BadFile
from broadsheet.sources.judged_readings import Annotated, read_annotated, read_summed

Told = tuple[dict[str, Any], str]  # as JSON, and in words


@dataclass
class Scores:
    names: Hits = field(default_factory=Hits)
    claims: ClaimScore = field(default_factory=ClaimScore)
    links: Hits = field(default_factory=Hits)
    proven: int = 0  # claims whose quote stands in the abstract, to the letter, and holds the value
    kinds: int = 0

    def add(self, paper: Annotated, reading: Reading) -> None:
        self.names += score_names(reading.names, paper.names)
        self.links += score_links([one.url for one in reading.links], paper.code)
        self.claims += score_claims(reading.claims, paper.results)
        self.proven += sum(is_proven(claim, paper.of.abstract) for claim in reading.claims)
        self.kinds += reading.kind == paper.kind


def evaluated(folder: Path, errors: int) -> Iterator[Told]:
    """The scores of each set that the folder holds; tables of errors where some are asked for.

    Raises BadFile, OSError.
    """
    annotated, summed = read_annotated(folder), read_summed(folder)
    if not annotated and not summed:
        raise BadFile(f"{folder} holds neither gold*.jsonl nor dev.jsonl of SciTLDR; nor does ../scitldr")
    if annotated:
        yield _of_annotated(annotated, errors)
    if summed:
        rouge = round(
            score_one_lines(Summarised(one.title, one.abstract, one.summaries) for one in summed), 2
        )
        told = {"set": "SciTLDR", "papers": len(summed), "rouge1": rouge}
        yield told, f"SciTLDR: {len(summed):,} papers\n  ROUGE-1 of one lines {rouge:.2f}"


def _of_annotated(papers: Sequence[Annotated], errors: int) -> Told:
    read(papers[0].of.title, papers[0].of.abstract)  # what is loaded once is no part of the speed
    began = time.perf_counter()
    readings = [read(paper.of.title, paper.of.abstract) for paper in papers]
    took_s = time.perf_counter() - began
    scores = Scores()
    for paper, reading in zip(papers, readings, strict=True):
        scores.add(paper, reading)
    told = {
        "set": "annotated",
        "reader": VERSION,
        "papers": len(papers),
        "names": _as_json(scores.names),
        "claims": _as_json(scores.claims),
        "claims_context": round(scores.claims.context, 4),
        "claims_proof": round(scores.proven / max(1, scores.claims.found), 4),
        "links": _as_json(scores.links),
        "kinds": round(scores.kinds / len(papers), 4),
        "papers_per_s": round(len(papers) / max(took_s, 1e-9)),
    }
    tables = ["", *_tables(papers, readings, errors)] if errors else []
    return told, "\n".join([_shown(told), *tables])


def _as_json(share: Hits | ClaimScore) -> dict[str, float]:
    return {name: round(getattr(share, name), 4) for name in ("precision", "recall", "f1")}


def _shown(told: Mapping[str, Any]) -> str:
    lines = [f"{told['set']}: {told['papers']:,} papers, read by {told['reader']}"]
    for name in ("names", "claims", "links"):
        share = told[name]
        lines.append(f"  {name:<7} P {share['precision']:.3f}  R {share['recall']:.3f}  F1 {share['f1']:.3f}")
    lines.append(
        f"  claims with subject, baseline or data set {told['claims_context']:.3f}, with proof "
        f"{told['claims_proof']:.3f}; kinds {told['kinds']:.3f}; {told['papers_per_s']:,} papers a second"
    )
    return "\n".join(lines)


def _tables(papers: Sequence[Annotated], readings: Sequence[Reading], errors: int) -> Iterator[str]:
    """In Markdown: how often each form of a figure and each cue of a name was right, and the worst errors."""
    patterns = score_by_pattern(
        (reading.claims, paper.results) for paper, reading in zip(papers, readings, strict=True)
    )
    yield from _table(
        ("form of the figure", "annotated", "read", "right", "precision", "recall"),
        (
            (
                name,
                one.wanted,
                one.found,
                one.right,
                _ratio(one.right, one.found),
                _ratio(one.right, one.wanted),
            )
            for name, one in patterns.items()
        ),
    )
    yield ""
    cues = most_common_cues(cues_of_names([(one.of.title, one.of.abstract, one.names) for one in papers]))
    yield from _table(
        ("cue of the name", "right", "wrong", "missed"),
        ((name, one.right, one.wrong, one.missed) for name, one in cues),
    )
    yield ""
    yield from _table(("sure", "what", "which", "paper"), _worst(papers, readings, errors))


def _worst(
    papers: Sequence[Annotated], readings: Sequence[Reading], errors: int
) -> Iterator[tuple[str, str, str, str]]:
    found = [
        (mistake, f"{paper.of.id}: {paper.of.title}")
        for paper, reading in zip(papers, readings, strict=True)
        for mistake in (
            *wrong_claims(paper.of.abstract, reading.claims, paper.results),
            *wrong_names(paper.of.title, paper.of.abstract, reading.names, paper.names),
        )
    ]
    found.sort(key=lambda pair: -pair[0].surety)
    for mistake, title in found[:errors]:
        yield f"{mistake.surety:.2f}", mistake.kind, mistake.what, title


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
