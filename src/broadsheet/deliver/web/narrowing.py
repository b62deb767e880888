"""Narrows a search: filters are written into the query itself, so that one box and one address hold all."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from broadsheet.index.base import Facets, Filters, Sort
from broadsheet.index.fields import read_filter
from broadsheet.rank.search import Engines, Results, facets

MOST_CATEGORIES = 10
MOST_YEARS = 8
_PIECE = re.compile(
    r'(?<!\S)-?(?P<name>cat|year|from|to|has):(?P<value>"[^"]*"|[^\s()"]+)|"[^"]*"', re.IGNORECASE
)
_YEARS = ("year", "from", "to")
_SORTS = ((Sort.RELEVANCE, "Relevance"), (Sort.NEWEST, "Newest"), (Sort.TRENDING, "Trending"))


@dataclass(frozen=True, slots=True)
class Asking:
    """A search as a reader asks for it: what makes its address."""

    query: str
    sort: Sort = Sort.RELEVANCE
    mends: bool = True

    @property
    def address(self) -> str:
        """With nothing in it that goes without saying."""
        more = {"sort": self.sort.value} if self.sort is not Sort.RELEVANCE else {}
        return "?" + urlencode({"q": self.query, **more, **({} if self.mends else {"mend": "no"})})

    def of(self, query: str) -> "Asking":
        return replace(self, query=query)


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    count: int
    address: str
    is_on: bool  # then the address leads to the search without it


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Filter:
    text: str  # as it stands in the query
    rest: Asking  # the search without it


def sorts(asking: Asking) -> list[tuple[str, str, bool]]:
    """Every order: its name, where it is, whether it is this one."""
    return [(label, replace(asking, sort=sort).address, sort is asking.sort) for sort, label in _SORTS]


def filters_in(asking: Asking) -> list[Filter]:
    """Those that narrow; a value that could not be read does not, and is explained elsewhere."""
    query = asking.query
    found = (match for match in _PIECE.finditer(query) if match["name"] and _narrows(match))
    return [
        Filter(match[0], asking.of(_joined(query[: match.start()], query[match.end() :]))) for match in found
    ]


def _narrows(piece: re.Match[str]) -> bool:
    return isinstance(read_filter(piece["name"].lower(), piece["value"].strip('"')), Filters)


def without_filters(query: str) -> str:
    return _without(query, "cat", "has", *_YEARS)


def _without(query: str, *names: str) -> str:
    """
    >>> _without('graphs cat:cs.LG "cat: a" year:2024', "cat")
    'graphs "cat: a" year:2024'
    """
    return _joined(
        _PIECE.sub(lambda match: "" if (match["name"] or "").lower() in names else match[0], query)
    )


def _joined(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def groups(engines: Engines, results: Results, asking: Asking) -> list[Group]:
    """What the papers found have, with counts. A group's own filter does not shrink its own counts, so that
    the other choices in it can be seen and taken instead."""
    filters = results.asked.filters
    every = _counted(engines, results, filters)
    by_category = _counted(engines, results, replace(filters, categories=())) if filters.categories else every
    dated = filters.since or filters.until
    by_year = _counted(engines, results, replace(filters, since=None, until=None)) if dated else every
    categories = [(name, count, f"cat:{name}") for name, count in by_category.categories[:MOST_CATEGORIES]]
    years = [(str(year), count, f"year:{year}") for year, count in by_year.years[:MOST_YEARS]]
    code = [("Code", every.with_code, "has:code")] if every.with_code else []
    found = [
        Group("Category", _choices(categories, asking, "cat")),
        Group("Year", _choices(years, asking, *_YEARS)),
        Group("With", _choices(code, asking, "has")),
    ]
    return [group for group in found if group.choices]


def _counted(engines: Engines, results: Results, filters: Filters) -> Facets:
    return facets(engines, replace(results, asked=replace(results.asked, filters=filters)))


def _choices(rows: list[tuple[str, int, str]], asking: Asking, *names: str) -> list[Choice]:
    """A choice takes the place of others by the same names; one that is on leads to the search without it."""
    rest = _without(asking.query, *names)
    on = {one.text.lower() for one in filters_in(asking)}
    return [
        Choice(
            label,
            count,
            asking.of(rest if piece.lower() in on else _joined(rest, piece)).address,
            is_on=piece.lower() in on,
        )
        for label, count, piece in rows
    ]
