"""Counts what the papers that a query finds have: categories, years, code."""

from datetime import date
from typing import Any

import tantivy
from tantivy import Query

from broadsheet.index.base import Facets
from broadsheet.index.clauses import EPOCH

MOST_CATEGORIES = 12
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


def count(searcher: tantivy.Searcher, query: Query) -> Facets:
    told = searcher.aggregate(query, _ASKED)
    years = [
        (int(bucket["key"]), int(bucket["doc_count"]))
        for bucket in told["years"]["buckets"]
        if bucket["doc_count"] and bucket["key"].isdigit()  # before and after come as "*-…" and "…-*"
    ]
    return Facets(
        categories=[(one["key"], int(one["doc_count"])) for one in told["categories"]["buckets"]],
        years=sorted(years, reverse=True),
        with_code=sum(int(one["doc_count"]) for one in told["code"]["buckets"] if one["key"]),
    )
