"""What all forms of citing have in common: kind, date of the first version, where it appeared, a label."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from broadsheet.deliver.latex import readable
from broadsheet.deliver.people import Person, person
from broadsheet.domain.ids import first_month, paper_ref
from broadsheet.lib.tex import split_maths
from broadsheet.lib.text import folded, plain_line
from broadsheet.store.works import Work

LONGEST_LABEL = 60
_MEETING = re.compile(
    r"\b(?:proc(?:eedings|\.)|conference|conf\.|workshop|symposium|neurips|nips|icml|iclr|cvpr|iccv|eccv|wacv"
    r"|acl|emnlp|naacl|eacl|coling|aaai|ijcai|kdd|sigir|chi|interspeech|icassp|icra|iros|www|aistats|uai|colt"
    r"|stoc|focs|soda|miccai|ecir|cikm|wsdm|recsys)\b",
    re.IGNORECASE,
)
_JOURNAL_AFTER_ALL = re.compile(
    r"\b(?:journal|trans(?:actions|\.)|proc\.?\s*(?:natl|nat\.|r\.|roy|am|amer|lond|edinb|ieee$))", re.I
)


class Kind(StrEnum):
    ARTICLE = "article"
    MEETING = "meeting"
    PREPRINT = "preprint"  # of what we know no journal


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
    def year(self) -> int:
        return self.date[0]


def references(works: Iterable[Work]) -> Iterator[Reference]:
    """Labels are unique among them: the second of the same name bears its number too."""
    taken: set[str] = set()
    for work in works:
        found = reference(work)
        label = found.label if found.label not in taken else _longer(found, taken)
        taken.add(label)
        yield found if label == found.label else _labelled(work, label)


def reference(work: Work) -> Reference:
    return _labelled(work, _label(work, _date(work)[0]))


def _labelled(work: Work, label: str) -> Reference:
    arxiv = paper_ref(work.key) if work.key.startswith("arxiv:") else ""
    doi = work.doi or (work.key.removeprefix("doi:") if work.key.startswith("doi:") else "")
    journal = _line(work.journal_ref)
    return Reference(
        work=work,
        label=label,
        kind=_kind(journal),
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


def _kind(journal: str) -> Kind:
    if not journal:
        return Kind.PREPRINT
    is_meeting = _MEETING.search(journal) and not _JOURNAL_AFTER_ALL.search(journal)
    return Kind.MEETING if is_meeting else Kind.ARTICLE


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
        return f"https://arxiv.org/abs/{arxiv}"
    return f"https://doi.org/{doi}" if doi else ""


def _label(work: Work, year: int) -> str:
    """wu2026clinseekagent: first author, year, first long word of the title; letters that any TeX reads."""
    author = _letters(person(work.authors[0]).family) if work.authors else []
    words = [word for word in _ascii_words(work.title) if len(word) > 3]
    label = f"{author[-1] if author else 'anonymous'}{year}{words[0] if words else ''}"
    return label[:LONGEST_LABEL]


def _letters(name: str) -> list[str]:
    return [word for word in (re.sub("[^a-z]", "", word) for word in _ascii_words(name)) if word]


def _ascii_words(text: str) -> list[str]:
    words = ("".join(sign for sign in word if sign.isascii()) for word in folded(readable(text)).split())
    return [word for word in words if word]


def _longer(found: Reference, taken: set[str]) -> str:
    name = re.sub(r"[^a-z0-9.]+", "-", paper_ref(found.work.key).lower()).strip("-.")
    label = f"{found.label}-{name}"[: 2 * LONGEST_LABEL]
    return label if label not in taken else f"{label}-{found.work.paper_id}"
