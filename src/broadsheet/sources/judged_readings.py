"""Papers whose readings are known: annotated by hand, or with one-line summaries as SciTLDR has them.

A figure stands for a whole set, so the first line that cannot be read ends the reading: BadFile names it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadsheet.sources.fields import Fields
from broadsheet.sources.files import BadFile
from broadsheet.sources.judged_sets import each, name_in
from broadsheet.sources.texts import PaperText, text_in

_PACKED = ("", ".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A paper, and what somebody found in it by hand."""

    of: PaperText
    kind: str
    names: Sequence[str]
    results: Sequence[Mapping[str, Any]]  # value, unit, subject, dataset, baseline, …
    code: Sequence[str]


@dataclass(frozen=True, slots=True)
class Summed:
    """A paper, and the one-line summaries that people wrote of it."""

    title: str
    abstract: str
    summaries: Sequence[str]


def read_annotated(folder: Path) -> list[Annotated]:
    """Of gold*.jsonl, joined with papers.jsonl beside it or in ../seeds; none where there is no gold."""
    paths = sorted(path for path in folder.glob("gold*.jsonl*") if path.is_file())
    if not paths:
        return []
    papers = {str(paper.id): paper for _, paper in each(_papers_beside(folder), text_in)}
    return [_annotated(fields, papers, where) for path in paths for where, fields in each(path, dict)]


def read_summed(folder: Path) -> list[Summed]:
    """Of dev.jsonl here or in ../scitldr; none where there is none."""
    for place in (folder, folder.resolve().parent / "scitldr"):
        for suffix in _PACKED:
            path = place / f"dev.jsonl{suffix}"
            if path.is_file():
                return [paper for _, paper in each(path, _summed)]
    return []


def _papers_beside(folder: Path) -> Path:
    for place in (folder, folder.resolve().parent / "seeds"):
        for suffix in _PACKED:
            path = place / f"papers.jsonl{suffix}"
            if path.is_file():
                return path
    raise BadFile(f"{folder} holds annotations but no papers.jsonl, and neither does ../seeds beside it")


def _annotated(fields: Fields, papers: Mapping[str, PaperText], where: str) -> Annotated:
    name = name_in(fields, "id")
    if name not in papers:
        raise BadFile(f"{where}: the paper {name!r} is not in papers.jsonl")
    lists = [list(_listed(fields, key, where)) for key in ("names", "results", "code")]
    return Annotated(papers[name], str(fields.get("kind") or ""), *lists)


def _listed(fields: Fields, name: str, where: str) -> Iterator[Any]:
    value = fields.get(name) or []
    kind = dict if name == "results" else str
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise BadFile(f"{where}: {name} is no list of what it should hold")
    yield from value


def _summed(fields: Fields) -> Summed:
    source, target = fields.get("source"), fields.get("target")
    if not isinstance(source, list) or not isinstance(target, list):
        raise ValueError("expected {source: [sentences], target: [summaries]}")
    abstract = " ".join(str(sentence).strip() for sentence in source)
    return Summed(str(fields.get("title") or ""), abstract, [str(summary) for summary in target])
