"""What is searched in an evaluation: papers with numbers, and the names that judgements call them by.

Knows no database: bench/ searches the same papers.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from broadsheet.domain.entry import Entry
from broadsheet.domain.ids import find_key, paper_ref, title_hash
from broadsheet.domain.paper import BadRecord, LinkKind, PaperRecord
from broadsheet.sources.files import BadFile, read_file
from broadsheet.sources.judged_sets import read_documents
from broadsheet.sources.own_ids import Names, has_own_ids, read_own_ids


class Corpus(Protocol):
    @property
    def count(self) -> int:
        """Papers told so far."""
        ...

    @property
    def repeats(self) -> int:
        """Those left out because an earlier one is the same."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Each paper once. To be read to the end before numbers are asked for."""
        ...

    def number(self, name: str) -> int | None:
        """The `paper_id`, above 0, of the paper that is called so; None when it is not there."""
        ...


class BeirCorpus:
    """The documents of a set in BEIR's layout."""

    def __init__(self, folder: Path) -> None:
        self.count = self.repeats = 0
        self._folder = folder
        self._numbers: dict[str, int] = {}

    def entries(self) -> Iterator[Entry]:
        for document in read_documents(self._folder):
            if document.name in self._numbers:
                self.repeats += 1
                continue
            self.count += 1
            self._numbers[document.name] = self.count
            yield Entry(self.count, document.name, document.title, document.text, (), (), None, False)

    def number(self, name: str) -> int | None:
        return self._numbers.get(name)


class FiledPapers:
    """Papers of files, the first of each: the same id, arXiv id or title is the same paper.

    Two arXiv ids stay two papers whatever their titles say, as in the store.
    """

    def __init__(self, paths: Sequence[Path], on_bad: Callable[[BadRecord], object]) -> None:
        self.count = self.repeats = self.bad = 0
        self._paths, self._on_bad = paths, on_bad
        self._numbers: dict[str, int] = {}
        self._by_title: dict[int, int] = {}
        self._on_arxiv: set[int] = set()

    def entries(self) -> Iterator[Entry]:
        for path in self._paths:
            path.stat()  # one that is not there is told before the first is read for minutes
        for names, record in self._named():
            known = self._known(names, record)
            self._note(known or self.count + 1, names, record)
            if known:
                self.repeats += 1
            else:
                self.count += 1
                yield _entry(self.count, record)
        if self.bad * 20 > self.bad + self.count + self.repeats:
            raise BadFile(f"{self.bad:,} of {self.bad + self.count + self.repeats:,} entries are bad")

    def number(self, name: str) -> int | None:
        key = find_key(name)
        return self._numbers.get(name) or (self._numbers.get(paper_ref(key)) if key else None)

    def _named(self) -> Iterator[tuple[Names, PaperRecord]]:
        for path in self._paths:
            for told in _told(path):
                if isinstance(told, BadRecord):
                    self.bad += 1
                    self._on_bad(told)
                else:
                    yield told

    def _known(self, names: Names, record: PaperRecord) -> int | None:
        for name in names:
            if number := self._numbers.get(name):
                return number
        number = self._by_title.get(title_hash(record.title))
        return None if number in self._on_arxiv and _is_on_arxiv(record) else number

    def _note(self, number: int, names: Names, record: PaperRecord) -> None:
        for name in names:
            self._numbers.setdefault(name, number)
        self._by_title.setdefault(title_hash(record.title), number)
        if _is_on_arxiv(record):
            self._on_arxiv.add(number)


def _told(path: Path) -> Iterator[tuple[Names, PaperRecord] | BadRecord]:
    if has_own_ids(path):
        yield from read_own_ids(path)
        return
    for told in read_file(path):
        if isinstance(told, BadRecord):
            yield told
        elif isinstance(told, PaperRecord):
            yield (paper_ref(told.key),), told


def _is_on_arxiv(record: PaperRecord) -> bool:
    return record.key.startswith("arxiv:")


def _entry(number: int, record: PaperRecord) -> Entry:
    """As store.follow makes one of a stored paper."""
    lists = (", ".join(record.names), ", ".join(record.keywords))
    submitted_on = record.submitted_at.date() if record.submitted_at else None
    return Entry(
        paper_id=number,
        key=record.key,
        title=record.title,
        text="\n".join(filter(None, (record.abstract, record.summary, record.one_line, *lists))),
        authors=record.authors,
        categories=record.categories,
        dated_on=submitted_on or record.announced_on or record.updated_on,
        has_code=any(link.kind is LinkKind.CODE for link in record.links),
    )
