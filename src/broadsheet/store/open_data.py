"""Everything that is nobody's secret, as plain values, part by part: what `broadsheet export` writes.

No reader, subscription, vote or count of readers, no owner's note, no key. Each part holds a few thousand
rows in memory at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Model

from broadsheet.domain.ids import paper_ref
from broadsheet.domain.signal import OF_READERS
from broadsheet.store.claims import all_claims
from broadsheet.store.models import Edition, Link, Listing, Paper, PaperSource, Place, Reading, Signal

AT_ONCE = 2_000
Row = dict[str, Any]

ARXIV = "arXiv's metadata: CC0-1.0 (https://info.arxiv.org/help/license)"
OF_OTHERS = (
    "what other sources told of a paper, and what the site's owner imported: facts, under the terms of their"
    " source, which `origins` names field by field"
)
OURS = "made by this site from the texts above by published rules: CC0-1.0"
COUNTS = (
    "counts as Hugging Face, GitHub, Hacker News (Algolia), Semantic Scholar (ODC-BY-1.0) and OpenAlex"
    " (CC0-1.0) tell them: facts, under the terms of each"
)
QUOTES = "figures are facts; each quote is a sentence of the paper's abstract (arXiv's metadata: CC0-1.0)"


# Of a paper. What the model gains is told once it stands here; a test asks for that to be decided.
TOLD = (
    *("key", "title", "abstract", "summary", "one_line", "authors", "names", "keywords", "categories"),
    *("submitted_at", "announced_on", "updated_on", "dated_on", "version", "comments", "journal_ref", "doi"),
    *("licence", "is_withdrawn", "origins", "first_seen_at"),
)
NOT_TOLD = ("id", "title_hash", "change_no")  # of this database alone


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    about: str
    licence: str
    rows: Callable[[], Iterator[Row]]


def _papers() -> Iterator[Row]:
    last = 0
    while batch := list(Paper.objects.filter(pk__gt=last).order_by("pk").values("pk", *TOLD)[:AT_ONCE]):
        ids = [row["pk"] for row in batch]
        last = ids[-1]
        links = _by_paper(Link, ids, "kind", "url", "source")
        listings = _by_paper(Listing, ids, "list_name", "day", "kind")
        told_by = _by_paper(PaperSource, ids, "source", "first_told_at")
        for row in batch:
            pk, key = row.pop("pk"), row["key"]
            more = {
                "links": links.get(pk, []),
                "listings": listings.get(pk, []),
                "told_by": told_by.get(pk, []),
            }
            yield {"id": paper_ref(key), **row, "categories": row["categories"].split(), **more}


def _by_paper(model: type[Model], ids: list[int], *fields: str) -> dict[int, list[Row]]:
    rows = model._default_manager.filter(paper_id__in=ids).order_by("paper_id", "id")
    groups = groupby(rows.values("paper_id", *fields), key=lambda row: row["paper_id"])
    return {pk: [{name: row[name] for name in fields} for row in group] for pk, group in groups}


def _signals() -> Iterator[Row]:
    """A line for each series: a paper and a kind."""
    rows = Signal.objects.exclude(kind__in=OF_READERS).order_by("paper_id", "kind", "day")
    told = rows.values_list("paper__key", "kind", "day", "value").iterator(AT_ONCE)
    for (key, kind), group in groupby(told, key=lambda row: (row[0], row[1])):
        yield {"paper": paper_ref(key), "kind": kind, "days": [[day, value] for _, _, day, value in group]}


def _editions() -> Iterator[Row]:
    fields = ("pk", "kind", "start", "view", "paper_count", "formula", "made_at")
    for row in list(Edition.objects.order_by("start", "kind", "view").values(*fields)):
        places = Place.objects.filter(edition_id=row.pop("pk")).order_by("rank")
        told = places.values_list("rank", "paper__key", "score", "reason")
        yield {**row, "places": [[rank, paper_ref(key), score, why] for rank, key, score, why in told]}


def _readings() -> Iterator[Row]:
    fields = ("reader", "kind", "names", "keywords", "links", "sizes", "one_line")
    rows = Reading.objects.order_by("pk").values("paper__key", *fields).iterator(AT_ONCE)
    return ({"paper": paper_ref(row.pop("paper__key")), **row} for row in rows)


PARTS = (
    Part("papers", "papers, with links, lists and who told of them", f"{ARXIV}; {OF_OTHERS}", _papers),
    Part("signals", "counts of each paper by day, but for those of readers here", COUNTS, _signals),
    Part("editions", "editions, each place as rank, paper, score, reason", OURS, _editions),
    Part("readings", "names, keywords, sizes, links and a line read out of abstracts", OURS, _readings),
    Part("claims", "figures that papers claim, as they stand", f"{QUOTES}; {OURS}", all_claims),
)
