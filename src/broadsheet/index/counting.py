"""Counts what the papers that a query finds have: categories, years, code."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import tantivy
from tantivy import Query

from broadsheet.index.base import Asked, Facets
from broadsheet.index.clauses import EPOCH, Clauses

MOST_CATEGORIES = 12
MOST_COUNTED = 20_000  # papers; some 10 ms
BEST = 1_000
YEARS = range(1985, 2101)  # arXiv's own begin in 1986; earlier papers come from libraries
_STARTS = [(date(year, 1, 1) - EPOCH).days for year in [*YEARS, YEARS.stop]]
_ASKED: dict[str, Any] = {
    "categories": {"terms": {"field": "category", "size": MOST_CATEGORIES}},
    "years": {
        "range": {
            "field": "day",
            "ranges": [
                {"key": str(year), "from": first, "to": after}
                for year, first, after in zip(YEARS, _STARTS, _STARTS[1:], strict=False)
            ],
        }
    },
    "code": {"terms": {"field": "has_code"}},
}


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts all papers that a query finds, or of very many the best: a page does not wait for a million."""

    clauses: Clauses
    most: int = MOST_COUNTED

    def facets(self, asked: Asked) -> Facets:
        query, searcher = self.clauses.of(asked), self.clauses.vocabulary.searcher
        order = None if asked.has_words else "day"
        found = searcher.search(query, BEST, count=True, order_by_field=order)
        if int(getattr(found, "count", None) or 0) <= self.most:
            return _counted(searcher, query)
        ids = searcher.fast_field_values("id", [place for _, place in found.hits])
        best = _counted(searcher, self.clauses.among([int(one or 0) for one in ids]))
        return replace(best, of_best=len(ids))


def _counted(searcher: tantivy.Searcher, query: Query) -> Facets:
    told = searcher.aggregate(query, _ASKED)
    years = [
        (int(bucket["key"]), int(bucket["doc_count"]))
        for bucket in told["years"]["buckets"]
        if bucket["doc_count"] and bucket["key"].isdigit()  # before and after come as "*-…" and "…-*"
    ]
    return Facets(
        categories=tuple((one["key"], int(one["doc_count"])) for one in told["categories"]["buckets"]),
        years=tuple(sorted(years, reverse=True)),
        with_code=sum(int(one["doc_count"]) for one in told["code"]["buckets"] if one["key"]),
    )
