"""Reads papers as lines of {id, title, abstract}, whose ids are the file's own and not arXiv's."""

from collections.abc import Iterator
from pathlib import Path

from broadsheet.domain.ids import find_key, paper_ref, title_key
from broadsheet.domain.paper import BadRecord, PaperRecord, unique
from broadsheet.lib.text import shortened
from broadsheet.sources import fields as read
from broadsheet.sources.fields import Fields
from broadsheet.sources.json_lines import as_object, is_blank
from broadsheet.sources.judged_sets import name_in
from broadsheet.sources.lines import split_lines, unpacked

Names = tuple[str, ...]  # all that a paper may be called, its own id first


def has_own_ids(path: Path) -> bool:
    """By the first line; whatever else the file may be, another reader says what is wrong with it."""
    with path.open("rb") as file:
        line = next(split_lines(unpacked(file)), b"")
    try:
        fields = as_object(line)
        return "title" in fields and find_key(name_in(fields, "id")) is None
    except ValueError:
        return False


def read_own_ids(path: Path) -> Iterator[tuple[Names, PaperRecord] | BadRecord]:
    with path.open("rb") as file:
        for number, line in enumerate(split_lines(unpacked(file)), 1):
            if is_blank(line):
                continue
            try:
                yield _named(as_object(line))
            except ValueError as error:
                yield BadRecord("file", f"{path.name} line {number}", shortened(str(error), 300))


def _named(fields: Fields) -> tuple[Names, PaperRecord]:
    name, title, arxiv_id = name_in(fields, "id"), read.text(fields, "title"), fields.get("arxiv_id")
    key = read.read_arxiv_key(arxiv_id) if arxiv_id else find_key(name)
    record = PaperRecord(
        source="file",
        key=key or title_key(title),
        title=title,
        abstract=read.text(fields, "abstract"),
        authors=read.texts(fields, "authors"),
    )
    return unique((name, paper_ref(key) if key else "")), record
