"""Which source wins, field by field, when several tell of one paper. `docs/sources.md` tells it in words.

For each field the value of the best source that has one stands:

1. arXiv (OAI-PMH, snapshot, feed) before Hugging Face, before BibTeX and the sample, before a listing page.
2. Among arXiv's own three, the one that arXiv changed last; on the same day OAI-PMH, snapshot, feed.
3. A source may always correct itself, but an older record of it never undoes a newer one. Where a
   snapshot or a listing holds a paper twice for the same day, the entry that says more stands.

`announced_on` is the earliest day told. The result does not depend on the order in which records come.
"""

from dataclasses import dataclass
from datetime import date

from broadsheet.domain.paper import PaperRecord

_STRENGTH = {  # (tier, order within a tier and day)
    "listing": (0, 0),
    "sample": (1, 0),
    "bibtex": (1, 1),
    "huggingface": (2, 0),
    "arxiv_feed": (3, 0),
    "arxiv_snapshot": (3, 1),
    "arxiv_oai": (3, 2),
}
ARXIV_TIER = 3
ONE_ENTRY_A_DAY = ("arxiv_snapshot", "listing")  # files, whose entries do not change while we look
LONG_AGO = date(1, 1, 1)

FIELDS = (
    "title",
    "abstract",
    "summary",
    "one_line",
    "authors",
    "names",
    "keywords",
    "categories",
    "submitted_at",
    "updated_on",
    "version",
    "comments",
    "journal_ref",
    "doi",
    "licence",
    "is_withdrawn",
)


@dataclass(frozen=True, slots=True)
class Teller:
    """A source, and the day on which it last changed what it says."""

    source: str
    told_on: date | None

    @property
    def tier(self) -> int:
        return _STRENGTH.get(self.source, (0, 0))[0]

    def beats(self, other: "Teller") -> bool:
        if self.source == other.source:
            return not self.is_older_than(other)
        return self._rank() > other._rank()

    def is_older_than(self, other: "Teller") -> bool:
        return (self.told_on or LONG_AGO) < (other.told_on or LONG_AGO)

    def _rank(self) -> tuple[int, date, int]:
        tier, order = _STRENGTH.get(self.source, (0, 0))
        # Days are compared only within arXiv: Hugging Face asked today does not know better than arXiv.
        return tier, (self.told_on or LONG_AGO) if tier == ARXIV_TIER else LONG_AGO, order


def said(record: PaperRecord) -> dict[str, object]:
    """What a record says of each field, as the columns hold it; silence is left out."""
    values: dict[str, object] = {
        "title": record.title,
        "abstract": record.abstract,
        "summary": record.summary,
        "one_line": record.one_line,
        "authors": list(record.authors),
        "names": list(record.names),
        "keywords": list(record.keywords),
        "categories": " ".join(record.categories),
        "submitted_at": record.submitted_at,
        "updated_on": record.updated_on,
        "version": record.version,
        "comments": record.comments,
        "journal_ref": record.journal_ref,
        "doi": record.doi,
        "licence": record.licence,
    }
    spoken = {field: value for field, value in values.items() if value}
    if record.is_withdrawn or record.source.startswith("arxiv_"):
        spoken["is_withdrawn"] = record.is_withdrawn
    return spoken
