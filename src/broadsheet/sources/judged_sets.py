"""Reads sets of queries whose answers are known: BEIR's layout, and lines of a query and the paper it means.

https://github.com/beir-cellar/beir tells the layout: corpus.jsonl, queries.jsonl, qrels/<split>.tsv. A figure
stands for a whole set, so the first line that cannot be read ends the reading: BadFile names it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from broadsheet.lib.text import shortened
from broadsheet.sources.fields import Fields, text
from broadsheet.sources.files import BadFile
from broadsheet.sources.json_lines import as_object, is_blank
from broadsheet.sources.lines import BadLine, Line, decoded, split_lines, unpacked

PACKED = ("", ".gz", ".zst")
_GRADE = re.compile(r"-?[0-9]{1,6}$")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A query, and how well each document answers it, by the documents' names; 0 and less: not at all."""

    name: str
    text: str
    grades: Mapping[str, int]
    where: str  # "queries.jsonl line 12"


def read_documents(folder: Path) -> Iterator[Document]:
    for _, document in each(_found(folder, "corpus.jsonl"), _document):
        yield document


def _document(fields: Fields) -> Document:
    if not {"title", "text"} & fields.keys():
        raise ValueError("neither title nor text; expected {_id, title, text}")
    return Document(name_in(fields, "_id"), text(fields, "title"), text(fields, "text"))


def read_topics(folder: Path, split: str) -> list[Topic]:
    """The judged queries of a split, in the order of the queries' file."""
    judged = _judgements(_split(folder, split))
    path = _found(folder, "queries.jsonl")
    found = {
        name: Topic(name, words, judged[name], where)
        for where, (name, words) in each(path, _query)
        if name in judged
    }
    if missing := judged.keys() - found.keys():
        one = shortened(min(missing), 40)
        raise BadFile(f"{path.name} lacks {len(missing):,} of the queries judged in {split}, {one!r} for one")
    return list(found.values())


def _query(fields: Fields) -> tuple[str, str]:
    return name_in(fields, "_id"), _needed(fields, "text", "_id, text")


def read_known_items(path: Path) -> list[Topic]:
    """Lines of {query, paper}: the paper is the one right answer."""
    found = [Topic("", query, {paper: 1}, where) for where, (query, paper) in each(path, _known_item)]
    if not found:
        raise BadFile(f"{path.name} holds no query; expected lines of {{query, paper}}")
    return found


def _known_item(fields: Fields) -> tuple[str, str]:
    return _needed(fields, "query", "query, paper"), name_in(fields, "paper")


def _needed(fields: Fields, name: str, expected: str) -> str:
    if found := text(fields, name):
        return found
    raise ValueError(f"no {name}; expected {{{expected}}}")


def name_in(fields: Fields, name: str) -> str:
    """What something is called in its own file: a text, or a number taken as one."""
    value = fields.get(name)
    called = str(value) if type(value) is int else value
    if not isinstance(called, str) or not called.strip():
        raise ValueError(f"no {name}; expected a text or a number")
    return called.strip()


def each(path: Path, make: Callable[[Fields], Made]) -> Iterator[tuple[str, Made]]:
    return _each_line(path, lambda line: make(as_object(line)))


def _each_line(path: Path, make: Callable[[Line], Made]) -> Iterator[tuple[str, Made]]:
    """What is made of each line that is not blank, and where the line stands."""
    with path.open("rb") as file:
        for number, line in enumerate(split_lines(unpacked(file)), 1):
            where = f"{path.name} line {number}"
            try:
                made = None if is_blank(line) else (where, make(line))
            except ValueError as error:
                raise BadFile(f"{where}: {shortened(str(error), 300)}") from error
            if made:
                yield made


def _found(folder: Path, name: str) -> Path:
    paths = [folder / f"{name}{suffix}" for suffix in PACKED]
    for path in paths:
        if path.is_file():
            return path
    raise BadFile(f"{folder} holds no {name}, plain, .gz or .zst; expected a set in BEIR's layout")


def _split(folder: Path, split: str) -> Path:
    if not folder.is_dir():
        raise BadFile(f"{folder} is no folder; expected a set in BEIR's layout")
    there = sorted(path for path in (folder / "qrels").glob("*.tsv*") if path.is_file())
    for path in there:
        if path.name in {f"{split}.tsv{suffix}" for suffix in PACKED}:
            return path
    names = ", ".join(path.name for path in there[:5]) or "none"
    raise BadFile(f"{folder / 'qrels'} holds no {split}.tsv; it holds {names}")


def _judgements(path: Path) -> Mapping[str, Mapping[str, int]]:
    """By query and document."""
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for where, columns in _each_line(path, _columns):
        if _GRADE.match(columns[2]):
            judged[columns[0]][columns[1]] = int(columns[2])
        elif not where.endswith(" line 1"):  # the first may be a header
            raise BadFile(f"{where}: the grade {shortened(columns[2], 40)!r} is no whole number")
    if not judged:
        raise BadFile(f"{path.name} holds no judgement; expected query, document and grade on each line")
    return judged


def _columns(line: Line) -> tuple[str, str, str]:
    if isinstance(line, BadLine):
        raise ValueError(line.reason)
    columns = [column.strip() for column in decoded(line).split("\t")]
    if len(columns) != 3 or not all(columns):
        raise ValueError("expected three columns with tabs between: query, document, grade")
    return columns[0], columns[1], columns[2]
