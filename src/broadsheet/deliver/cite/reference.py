"""What all forms of citing have in common: kind, date of the first version, where it appeared, a label."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from broadsheet.deliver.cite.kinds import THESES, Kind, kind_of, school_of
from broadsheet.deliver.latex import readable
from broadsheet.deliver.people import Person, person
from broadsheet.domain.addresses import arxiv_url, doi_url
from broadsheet.domain.ids import first_month, paper_ref
from broadsheet.lib.tex import split_maths
from broadsheet.lib.text import folded, plain_line
from broadsheet.store.works import Work

LONGEST_NAME = 30
LONGEST_ID = 60
_LOSSLESS = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Reference:
    """All text is plain, with formulas as they are written in TeX."""

    work: Work
    label: str
    kind: Kind
    title: str
    people: tuple[Person, ...]
    date: tuple[int, ...]  # year, then month and day where they are known, of the first version
    journal: str
    doi: str
    arxiv: str
    url: str
    abstract: str
    keywords: tuple[str, ...]

    @property
    def where(self) -> str:
        """Where it appeared: of a thesis the school."""
        return school_of(self.journal) if self.kind in THESES else self.journal

    @property
    def year(self) -> int:
        return self.date[0]


def references(works: Iterable[Work]) -> Iterator[Reference]:
    return map(reference, works)


def reference(work: Work) -> Reference:
    arxiv = paper_ref(work.key) if work.key.startswith("arxiv:") else ""
    doi = work.doi or (work.key.removeprefix("doi:") if work.key.startswith("doi:") else "")
    journal = _line(work.journal_ref)
    return Reference(
        work=work,
        label=_label(work),
        kind=kind_of(journal),
        title=_line(work.title),
        people=tuple(person(name) for name in work.authors),
        date=_date(work),
        journal=journal,
        doi=plain_line(doi),
        arxiv=arxiv,
        url=_url(arxiv, doi) or work.project or work.code,
        abstract=_line(work.abstract or work.summary),
        keywords=tuple(_line(word).replace(",", " ") for word in work.keywords),
    )


def _line(text: str) -> str:
    """Readable text, and formulas as they are."""
    parts = split_maths(plain_line(text))
    return plain_line("".join(part if place % 2 else readable(part) for place, part in enumerate(parts)))


def _date(work: Work) -> tuple[int, ...]:
    """Of version 1. What an arXiv number tells counts more than the day of some later version."""
    if work.submitted_at:
        day = work.submitted_at.date()
    elif month := first_month(work.key):
        return month
    else:
        day = work.dated_on or work.first_seen_at.date()
    return day.year, day.month, day.day


def _url(arxiv: str, doi: str) -> str:
    if arxiv:
        return arxiv_url(arxiv)
    return doi_url(doi) if doi else ""


def _label(work: Work) -> str:
    """lovelace2026-2605.00001: the first author, the year of its number, its id.

    Of this paper alone, so that a text that cites it stays right whatever is exported beside it;
    the title has no part in it, since authors revise it. Signs that BibTeX, TeX and pandoc take.
    """
    author = _letters(person(work.authors[0]).family) if work.authors else []
    month = first_month(work.key)
    name = (author[-1] if author else "anonymous")[:LONGEST_NAME]
    return f"{name}{month[0] if month else ''}-{_id(work.key)}"


def _id(key: str) -> str:
    """As it is, with a dash for its slash; where more is lost, a digest tells it from others."""
    kind, _, name = key.partition(":")
    written = name.replace("/", "-", 1)
    if kind == "title" or (len(written) <= LONGEST_ID and _LOSSLESS.fullmatch(written)):
        return written
    plain = re.sub(r"[^a-z0-9]*[^a-z0-9.][^a-z0-9]*|\.{2,}", "-", written.lower())[:LONGEST_ID].strip("-.")
    return f"{plain}+{blake2b(key.encode(), digest_size=6).hexdigest()}"


def _letters(name: str) -> list[str]:
    return [word for word in (re.sub("[^a-z]", "", word) for word in folded(readable(name)).split()) if word]
