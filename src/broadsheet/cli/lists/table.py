"""What can be listed: for each its address in the API, what may be asked, how a row looks, where its file is.

A test compares it with the OpenAPI document. It knows no site and no Django.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from broadsheet.cli.lists import rows
from broadsheet.cli.lists.rows import Entry, Row
from broadsheet.client.asking import by_author

WINDOWS = ("day", "week", "month", "trending", "all")
Asked = Mapping[str, Any]  # what was typed, by the names of the API's parameters
Shown = Callable[[Row, int], Entry]
FirstPage = Callable[[], Row]


class Extent(Enum):
    PAGES = auto()  # page after page
    CUT = auto()  # `limit` rows and no more
    ALL = auto()  # all at once
    ONE = auto()  # no list: one thing


@dataclass(frozen=True, slots=True)
class Takes:
    """A word (`name`) or an option (`--name`) of the command, and the API's parameter that it is."""

    flag: str
    parameter: str
    more: Mapping[str, Any] = field(default_factory=dict)  # for argparse


@dataclass(frozen=True, slots=True)
class Listing:
    operation: str  # of the OpenAPI document
    path: str
    help: str
    takes: tuple[Takes, ...] = ()
    extent: Extent = Extent.PAGES
    shown: Shown = rows.paper
    told: Callable[[Row], Iterator[tuple[str, str]]] = rows.fields_of  # of one thing: names and values
    file: Callable[[Asked, FirstPage], tuple[str, dict[str, str]]] | None = None  # its page: path and query
    is_of_papers: bool = False


def _edition_file(asked: Asked, first: FirstPage) -> tuple[str, dict[str, str]]:
    """Of the edition that was told: the newest one may have no name of its own in what was typed."""
    edition = first().get("edition")
    told = edition if isinstance(edition, dict) else {}
    kind, slug = str(told.get("kind")), str(told.get("slug"))
    query = {"cat": asked.get("category") or "", "view": asked.get("view") or ""}
    return f"/{'trending' if kind == 'all' else kind}/{slug}", {
        name: one for name, one in query.items() if one
    }


REF = Takes("paper", "ref", {"help": "an arXiv number, a DOI, an address"})
CATEGORY = Takes("--category", "category", {"metavar": "cs.CL", "help": "of one category, or as cs of many"})
LISTINGS = {
    "papers": Listing(
        "list_papers",
        "/papers",
        "all papers, the newest first",
        (
            CATEGORY,
            Takes("--since", "since", {"metavar": "DATE", "help": "dated on this day or later"}),
            Takes("--until", "until", {"metavar": "DATE", "help": "dated on this day or before"}),
        ),
        is_of_papers=True,
    ),
    "trending": Listing(
        "trending",
        "/trending",
        "what gains most just now, or most of a day, week, month, all time",
        (
            Takes("--window", "window", {"choices": WINDOWS, "help": "default: trending"}),
            Takes("--date", "date", {"metavar": "DATE", "help": "a day of the window; default: the newest"}),
            CATEGORY,
        ),
        file=_edition_file,
        is_of_papers=True,
    ),
    "search": Listing(
        "search",
        "/search",
        "papers that answer a query",
        (
            Takes("query", "q", {"nargs": "+", "help": "words and operators, or one id or address"}),
            Takes("--sort", "sort", {"choices": ("relevance", "new", "trending")}),
            Takes(
                "--as-typed",
                "mend",
                {"action": "store_const", "const": "false", "help": "do not mend mistyped words"},
            ),
        ),
        file=lambda asked, _: ("/search", {"q": asked["q"], "sort": asked.get("sort") or "relevance"}),
        is_of_papers=True,
    ),
    "similar": Listing(
        "list_similar",
        "/similar/{ref}",
        "papers near to one in meaning",
        (REF,),
        Extent.CUT,
        file=lambda asked, _: (f"/similar/{asked['ref']}", {}),
        is_of_papers=True,
    ),
    "author": Listing(
        "search",
        "/search",
        "papers of all who bear a name, the newest first",
        (Takes("name", "q", {"nargs": "+", "help": "as papers have it"}),),
        file=lambda asked, _: (f"/author/{asked['q']}", {}),
        is_of_papers=True,
    ),
    "editions": Listing(
        "list_editions",
        "/editions",
        "the editions there are, the newest first",
        (Takes("--kind", "kind", {"choices": WINDOWS, "help": "default: day"}),),
        shown=rows.edition,
    ),
    "edition": Listing(
        "get_edition",
        "/editions/{kind}/{slug}",
        "the papers of one edition",
        (
            Takes(
                "kind", "kind", {"nargs": "?", "choices": WINDOWS, "default": "day", "help": "default: day"}
            ),
            Takes(
                "slug",
                "slug",
                {
                    "nargs": "?",
                    "default": "newest",
                    "metavar": "when",
                    "help": "2026-05-22, 2026-W21, 2026-05; default: newest",
                },
            ),
            CATEGORY,
            Takes(
                "--latest",
                "view",
                {
                    "action": "store_const",
                    "const": "latest",
                    "help": "as counted now, also where it is printed",
                },
            ),
        ),
        file=_edition_file,
        is_of_papers=True,
    ),
    "claims": Listing(
        "list_claims",
        "/claims",
        "figures that papers claim",
        (
            Takes("--name", "name", {"help": "by or against this model or method"}),
            Takes("--benchmark", "benchmark", {"help": "on this benchmark or data set"}),
            Takes("--paper", "paper", {"help": "of this paper"}),
        ),
        shown=rows.claim,
    ),
    "claim": Listing(
        "get_claim",
        "/claims/{id}",
        "one figure with its proof",
        (Takes("number", "id", {"type": int, "help": "of the claim"}),),
        Extent.ONE,
    ),
    "names": Listing(
        "list_names",
        "/names",
        "names that figures are claimed about",
        (
            Takes("--about", "about", {"choices": ("name", "benchmark"), "help": "default: name"}),
            Takes("--beginning", "beginning", {"help": "names that begin so"}),
        ),
        shown=rows.name,
    ),
    "categories": Listing(
        "list_categories", "/categories", "categories, most papers first", (), Extent.ALL, rows.category
    ),
    "paper": Listing(
        "get_paper",
        "/papers/{ref}",
        "one paper with all that is known of it",
        (REF,),
        Extent.ONE,
        file=lambda asked, _: ("/paper/" + asked["ref"], {}),
    ),
    "signals": Listing(
        "get_signals",
        "/signals/{ref}",
        "the signals of a paper, day by day",
        (REF,),
        Extent.ONE,
        told=rows.series_of,
    ),
    "subscription": Listing(
        "get_subscription", "/subscription", "the subscription of a token", (), Extent.ONE
    ),
    "status": Listing("get_status", "/status", "how sources and jobs are doing", (), Extent.ONE),
}


def asked_of(listing: Listing, typed: Asked) -> dict[str, Any]:
    """By the API's parameters, those in the path among them. Words that were typed apart are one text."""
    found = {one.parameter: typed[destination(one.flag)] for one in listing.takes}
    words = {name: " ".join(value) for name, value in found.items() if isinstance(value, list)}
    return {name: value for name, value in (found | words).items() if value not in (None, "")}


def query_of(listing: Listing, asked: Asked) -> dict[str, Any]:
    """What is asked behind the path."""
    query = {name: value for name, value in asked.items() if f"{{{name}}}" not in listing.path}
    return {"q": by_author(query["q"]), "sort": "new"} if listing is LISTINGS["author"] else query


def destination(flag: str) -> str:
    """Where argparse keeps what was typed."""
    return flag.lstrip("-").replace("-", "_")
