"""Writes papers into one generation of the words index."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import tantivy

from broadsheet.domain.entry import Changes, Entry
from broadsheet.domain.moments import published_at, updated_at
from broadsheet.index.analysis import register, schema
from broadsheet.index.base import IndexDamaged
from broadsheet.index.clauses import EPOCH, UNDATED
from broadsheet.index.forms import joined, spelled
from broadsheet.index.generations import Seen, write_seen

HEAP_BYTES = 96_000_000
THREADS = (
    1  # an eighth less work than two, which leave more small parts to merge; an import has none to spare
)
SEPARATOR = " \ua78f \ua78f \ua78f "  # signs that stand in no name: a name looked for does not span two


class Writer:
    """Adds to one generation. Made by EmbeddedIndex, under its lock."""

    def __init__(self, generation: Path, seen: Seen) -> None:
        self._generation = generation
        self._seen = seen
        self._index = opened(generation)
        self._writer = self._index.writer(HEAP_BYTES, THREADS)

    @property
    def seen(self) -> int:
        return self._seen.up_to

    def add(self, changes: Changes) -> None:
        may_hold_them = self._seen.up_to > 0 or self._holds_some
        for paper_id in changes.gone:
            self._writer.delete_documents_by_term("id", paper_id)
        for entry in changes.entries:
            if may_hold_them:
                self._writer.delete_documents_by_term("id", entry.paper_id)
            self._writer.add_document(document(entry))
        self._writer.commit()
        self._seen = replace(self._seen, up_to=changes.up_to)
        write_seen(self._generation, self._seen)

    @property
    def _holds_some(self) -> bool:
        """A crash after the very first commit leaves papers in an index that has seen nothing."""
        self._index.reload()
        return self._index.searcher().num_docs > 0

    def close(self) -> None:
        self._writer.wait_merging_threads()


def opened(generation: Path) -> tantivy.Index:
    with calmly(generation):
        try:
            return register(tantivy.Index(schema(), str(generation)))
        except ValueError as error:
            raise IndexDamaged(damage(generation, str(error))) from error


@contextmanager
def calmly(generation: Path) -> Iterator[None]:
    """Tantivy panics where a file is shorter than it says, with an exception that no module holds."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexDamaged(damage(generation, str(error))) from error


def damage(generation: Path, what: str) -> str:
    return f"the index in {generation} is damaged ({' '.join(what.split())}); run broadsheet reindex"


def document(entry: Entry) -> tantivy.Document:
    """`text` is added in parts, between which no phrase is found."""
    made = tantivy.Document()
    made.add_integer("id", entry.paper_id)
    made.add_integer("day", _day(entry.dated_on))
    title, text = spelled(entry.title), spelled(entry.text)
    title_compounds = " ".join(joined(title))
    for part in (title, text, title_compounds, " ".join(joined(text))):
        made.add_text("text", part)
    for part in (title, title_compounds):
        made.add_text("title", part)
    made.add_text("title_words", title)
    made.add_text("title_alone", _not_in(text, title))
    made.add_text("authors", spelled("\n".join(entry.authors)).replace("\n", SEPARATOR))
    for category in entry.categories:
        made.add_text("category", category)
    made.add_boolean("has_code", entry.has_code)
    made.add_text("comments", entry.comments)
    made.add_text("journal", entry.journal_ref)
    made.add_integer("submitted", int(published_at(entry).timestamp()))
    made.add_integer("updated", int(updated_at(entry).timestamp()))
    return made


def _day(day: date | None) -> int:
    return (day - EPOCH).days if day else UNDATED


def _not_in(text: str, title: str) -> str:
    """The words of a title that its text does not say, in whatever form: for `abstract:`."""
    said = text.lower()
    return " ".join([word for word in title.lower().split() if word[: max(3, len(word) - 3)] not in said])
