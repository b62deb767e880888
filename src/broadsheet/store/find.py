"""Finds the stored papers that the records of a batch speak of, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from broadsheet.domain.ids import PaperKey, title_hash
from broadsheet.domain.paper import Link, LinkKind, ListingKind, PaperRecord, Removal
from broadsheet.domain.signal import SignalKind
from broadsheet.lib.text import folded
from broadsheet.store import models
from broadsheet.store.drafts import COLUMNS, Draft, PaperRow
from broadsheet.store.merge import Teller

_FEWEST_WORDS = 3  # a shorter title alone ("Technical Report") does not tell two papers apart
# Of an abstract and another's summary of the same paper, half of the shorter one's long words agree (0.67
# at the median of 464 pairs); of those of two papers 0.12, and 0.45 at most.
_SAME_SUBJECT = 0.5


class Drafts:
    """The drafts of a batch, by every name under which a record may ask for them."""

    def __init__(self) -> None:
        self.all: list[Draft] = []
        self._by_key: dict[str, Draft] = {}
        self._by_doi: dict[str, Draft] = {}
        self._by_title: dict[int, list[Draft]] = defaultdict(list)

    def add(self, draft: Draft, *keys: str) -> None:
        self.all.append(draft)
        self.note(draft, *keys)

    def note(self, draft: Draft, *keys: str) -> None:
        """Let the draft be found by its present names and some more keys."""
        for key in (draft.paper.key, *keys):
            self._by_key[key] = draft
        if draft.paper.doi:
            self._by_doi.setdefault(draft.paper.doi, draft)
        drafts = self._by_title[draft.paper.title_hash]
        if draft not in drafts:
            drafts.append(draft)

    def forget(self, gone: Draft, instead: Draft) -> None:
        """After a merge of two rows: every name of the one leads to the other."""
        self.all.remove(gone)
        for names in (self._by_key, self._by_doi):
            for name, draft in names.items():
                if draft is gone:
                    names[name] = instead
        for drafts in self._by_title.values():
            if gone in drafts:
                drafts.remove(gone)

    def by_key(self, key: str) -> Draft | None:
        return self._by_key.get(key)

    def same_works(self, record: PaperRecord) -> list[Draft]:
        """Stored papers that the record speaks of: under its key, its DOI, or its title; best first."""
        found: list[Draft] = []
        for draft in (self._by_key.get(record.key), self._with_doi(record), self._with_title(record)):
            if draft is not None and draft not in found:
                keys = (record.key, *(other.paper.key for other in found))
                if not any(_are_two_numbers(draft.paper.key, key) for key in keys):
                    found.append(draft)
        return found

    def _with_doi(self, record: PaperRecord) -> Draft | None:
        if record.key.startswith("doi:"):
            return self._by_doi.get(record.key.removeprefix("doi:"))
        return self._by_key.get(f"doi:{record.doi}") if record.doi else None

    def _with_title(self, record: PaperRecord) -> Draft | None:
        candidates = [
            draft
            for draft in self._by_title.get(title_hash(record.title), ())
            if _may_be_one(record.key, draft.paper.key) and is_same_work(record, draft.paper)
        ]
        with_id = [draft for draft in candidates if draft.paper.key.startswith("arxiv:")]
        if len(with_id) > 1:
            return None  # two papers share this title and nothing says which is meant
        return next(iter(with_id or candidates), None)


def _may_be_one(key: str, other: str) -> bool:
    """Two different ids of one kind name two papers, whatever their titles say."""
    kinds = {key.partition(":")[0], other.partition(":")[0]}
    return key == other or len(kinds) == 2


def _are_two_numbers(key: str, other: str) -> bool:
    """Two papers of arXiv stay two, even where both name the same publication."""
    return key != other and key.startswith("arxiv:") and other.startswith("arxiv:")


def is_same_work(record: PaperRecord, paper: PaperRow) -> bool:
    """Whether two descriptions with the same folded title are of one paper."""
    if record.authors and paper.authors:
        return bool(_surnames(record.authors) & _surnames(paper.authors))
    if len(record.abstract) > 200 and len(paper.abstract) > 200:
        return _share_of_words(record.abstract, paper.abstract) > 0.5
    if len(folded(record.title).split()) >= _FEWEST_WORDS:
        return True
    told = (record.abstract, record.summary, record.one_line, *record.keywords)
    held = (paper.abstract, paper.summary, paper.one_line, *paper.keywords)
    return _shared_subject(" ".join(told), " ".join(held)) >= _SAME_SUBJECT


def _shared_subject(one: str, other: str) -> float:
    """The share of the shorter text's long words (by their beginnings) that the other has too."""
    words, others = ({word[:6] for word in folded(text).split() if len(word) > 4} for text in (one, other))
    return len(words & others) / max(1, min(len(words), len(others)))


def _surnames(authors: Iterable[str]) -> set[str]:
    """Last words, and first words before a comma: "Vaswani, A." and "Ashish Vaswani" agree."""
    return {folded(name.split(",")[0]).split(" ")[-1] for name in authors if folded(name.split(",")[0])}


def _share_of_words(one: str, other: str) -> float:
    words, others = set(folded(one).split()), set(folded(other).split())
    return len(words & others) / max(1, len(words | others))


def load_drafts(records: Sequence[PaperRecord | Removal]) -> Drafts:
    """All stored papers that any of the records may speak of, with what is attached to them."""
    keys = {record.key for record in records}
    papers_only = [record for record in records if isinstance(record, PaperRecord)]
    dois = {record.doi for record in papers_only if record.doi}
    doi_names = {key.removeprefix("doi:") for key in keys if key.startswith("doi:")}
    former = dict(models.FormerKey.objects.filter(key__in=keys).values_list("key", "paper_id"))
    papers: dict[int, PaperRow] = {}
    for wanted in (
        Q(key__in=keys | {PaperKey(f"doi:{doi}") for doi in dois}),
        Q(title_hash__in={title_hash(record.title) for record in papers_only}),
        Q(doi__in=doi_names) & ~Q(doi="") if doi_names else None,
        Q(pk__in=set(former.values())) if former else None,
    ):
        if wanted is not None:
            rows = models.Paper.objects.filter(wanted).values("pk", *COLUMNS)
            papers.update((row["pk"], PaperRow(**row)) for row in rows)
    drafts = Drafts()
    by_id = {pk: Draft(paper) for pk, paper in papers.items()}
    if by_id:
        _attach(by_id)
    for draft in by_id.values():
        drafts.add(draft)
    for key, pk in former.items():
        drafts.note(by_id[pk], key)
    return drafts


def _attach(drafts: dict[int, Draft]) -> None:
    ids = list(drafts)
    for told in models.PaperSource.objects.filter(paper_id__in=ids):
        draft = drafts[told.paper_id]
        draft.tellers[told.source] = Teller(told.source, told.told_on)
        draft.digests[told.source] = told.digest
    for link in models.Link.objects.filter(paper_id__in=ids):
        drafts[link.paper_id].links[link.url] = Link(LinkKind(link.kind), link.url)
    for listing in models.Listing.objects.filter(paper_id__in=ids):
        drafts[listing.paper_id].listings[listing.list_name, listing.day] = ListingKind(listing.kind)
    for signal in models.Signal.objects.filter(paper_id__in=ids):
        drafts[signal.paper_id].signals[SignalKind(signal.kind), signal.day] = signal.value
    for draft in drafts.values():
        draft.days_before = frozenset[date](draft.edition_days())
