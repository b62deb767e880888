"""What a model may ask: each tool with its arguments, and the function that answers. None writes anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.emptiness import why_empty
from broadsheet.deliver.likeness import similar_to
from broadsheet.deliver.lists import page_path
from broadsheet.deliver.mcp import values
from broadsheet.deliver.mcp.arguments import Argument, Choice, Text, Whole, read
from broadsheet.deliver.mcp.frame import Answer
from broadsheet.deliver.named import BadArgument
from broadsheet.domain.addresses import similar_path
from broadsheet.domain.edition import CALENDAR, View, Window, WindowKind, window_of
from broadsheet.domain.ids import paper_ref
from broadsheet.index.base import Sort
from broadsheet.lib.text import plain_line
from broadsheet.rank.search import search as ask
from broadsheet.store import claims, pages
from broadsheet.store.answers import upvotes
from broadsheet.store.page_values import EditionHead, PaperPage

MOST = 50  # papers of one answer
_LIMIT = Whole("limit", "How many papers, at most.", 1, MOST, 10)
_PAGE = Whole("page", "Which page of the answer, counted from 1.", 1, 50, 1)
_ID = Text("id", "An arXiv id (2401.01234), a DOI, or the address of a paper.", named.LONGEST_REF)
_CATEGORY = Text("category", "Only papers of this arXiv category, like cs.LG. Empty: all.", 40, "")
_KINDS = [kind.value for kind in CALENDAR]


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    title: str
    help: str
    arguments: Sequence[Argument]
    run: Callable[..., Answer]

    def answer(self, given: Mapping[str, Any]) -> Answer:
        """Raises BadArgument, NotHeld, IndexDamaged."""
        return self.run(**read(self.arguments, given))


def search(query: str, sort: str, limit: int, page: int) -> Answer:
    text = named.query(query, "query")
    first = (page - 1) * limit
    how: Any = {"limit": limit, "offset": first, "sort": Sort(sort), "votes": upvotes, "counts": True}
    results = ask(wiring.engines(), text, **how)
    if results.key is not None:
        return _named_by(results.key)
    found = pages.papers_by_ids([one.paper_id for one in results.found])
    told = {
        "papers_found": results.total,
        "notes": list(results.asked.notes),
        "page": f"{wiring.site_url()}/search?{urlencode({'q': text})}",
    }
    mended = {"searched_instead": results.mended} if results.mended else {}
    return Answer(told, mended | {"papers": [values.listed(one) for one in found]})


def _named_by(key: str) -> Answer:
    """The query is the name of a paper: that one, if it is here."""
    try:
        found = [values.listed(named.paper(key).paper)]
    except named.NotHeld:
        found = []
    note = f"The query is the name of a paper{'' if found else ', which is not held here'}."
    return Answer({"papers_found": len(found), "notes": [note]}, {"papers": found})


def get_paper(id: str) -> Answer:
    page = named.paper(id)
    return Answer(_about(page), {"paper": values.whole(page)})


def _about(page: PaperPage) -> dict[str, Any]:
    told_by = {"told_by": page.told_by, "here_since": page.first_seen_at.date().isoformat()}
    note = "Its authors have withdrawn this paper; what stands here was known before."
    return told_by | ({"note": note} if page.paper.is_withdrawn else {})


def similar(id: str, limit: int) -> Answer:
    paper, engines = named.paper(id).paper, wiring.engines()
    near = similar_to(engines, paper, limit=limit)
    told: dict[str, Any] = {"page": wiring.site_url() + similar_path(paper.key)}
    if not near:
        told["note"] = "Its meaning has not been read yet; search for words of its title instead."
    found = [values.listed(one.paper, why=one.why, score=round(one.score, 3)) for one in near]
    return Answer(told, {"to": values.listed(paper)["title"], "papers": found})


def trending(window: str, category: str, limit: int) -> Answer:
    today = timezone.now().date()
    if window == "all":
        return _edition(window_of(WindowKind.ALL, today), category, limit, 1)
    return _edition(named.window(WindowKind.TRENDING, named.NEWEST, today), category, limit, 1)


def edition(kind: str, when: str, category: str, limit: int, page: int) -> Answer:
    window = named.window(WindowKind(kind), when, timezone.now().date())
    return _edition(window, category, limit, page)


def _edition(window: Window, category: str, limit: int, page: int) -> Answer:
    named.category(category)
    head = pages.edition_head(window)
    if head.edition_id is None:
        empty = why_empty(head, pages.source_lines(), timezone.now())
        return Answer({"edition": window.title, "papers_in_all": 0, "note": empty.words}, {"papers": []})
    placed = pages.first_places(head, limit, category, behind=(page - 1) * limit)
    found = [values.listed(one.paper, rank=one.rank, reason=one.reason) for one in placed]
    return Answer(_told_of(head, category), {"papers": found})


def _told_of(head: EditionHead, category: str) -> dict[str, Any]:
    more = f"?{urlencode({'cat': category})}" if category else ""
    return {
        "edition": head.window.title + (f", {category}" if category else ""),
        "state": "as printed when it closed" if head.view is View.PRINTED else "as counted now",
        "papers_in_all": head.paper_count,
        "formula": head.formula,
        "page": wiring.site_url() + page_path(head.window) + more,
    }


def find_claims(name: str, benchmark: str, paper: str, sort: str, page: int) -> Answer:
    given = [one for one in (name, benchmark, paper) if one]
    if len(given) != 1:
        raise BadArgument("name, benchmark, paper", given, "exactly one of the three")
    if paper:
        return _claims_of(paper)
    about = claims.About.NAME if name else claims.About.BENCHMARK
    found = claims.claims_about(about, plain_line(given[0]), sort=claims.Sort(sort), page=page)
    told: dict[str, Any] = {
        "claims_found": found.count,
        "page": page,
        "pages": -(-found.count // claims.PAGE_SIZE),
    }
    if found.has_other:
        other = "benchmark" if name else "name"
        told["note"] = f"There are also claims where it is given as {other}."
    return Answer(told, {"about": found.name, "claims": [values.claim_row(row) for row in found.rows]})


def _claims_of(paper: str) -> Answer:
    """Some papers state dozens: what does not fit says so."""
    found = named.paper(paper, "paper").paper
    told = {"claims_found": len(found.claims), "page": 1, "pages": 1}
    about = {"paper": paper_ref(found.key), "title": values.listed(found)["title"]}
    return Answer(told, about | {"claims": [values.claim(one) for one in found.claims]})


TOOLS = (
    Tool(
        "search",
        "Search papers",
        'Search all papers held here by words and by meaning. Operators: "a phrase", -without, author:name,'
        " title:word, cat:cs.LG, year:2025, from:2025-01, has:code. An arXiv id or DOI finds that paper.",
        (
            Text("query", "What to look for, in words or with operators.", named.LONGEST_QUERY),
            Choice("sort", "The order of the answer.", [one.value for one in Sort], Sort.RELEVANCE.value),
            _LIMIT,
            _PAGE,
        ),
        search,
    ),
    Tool(
        "get_paper",
        "Get one paper",
        "All that is known of one paper: abstract, authors, dates, links, figures it claims, signals, and"
        " where it stood in editions. The full text is not held here.",
        (_ID,),
        get_paper,
    ),
    Tool(
        "trending",
        "Trending papers",
        "The papers that gained most attention in the last seven days, whatever their age, with the reason of"
        " each place; or of all time.",
        (Choice("window", "The last days, or all time.", ("now", "all"), "now"), _CATEGORY, _LIMIT),
        trending,
    ),
    Tool(
        "similar",
        "Similar papers",
        "The papers nearest in meaning to one, with the words they share.",
        (_ID, _LIMIT),
        similar,
    ),
    Tool(
        "edition",
        "One edition",
        "The ranked papers of one day, ISO week or month, with the reason of each place. A day without papers"
        " says why.",
        (
            Choice("kind", "Of a day, a week or a month.", _KINDS, "day"),
            Text("when", "newest, or 2026-05-22, 2026-W21, 2026-05, as the kind is.", 20, named.NEWEST),
            _CATEGORY,
            _LIMIT,
            _PAGE,
        ),
        edition,
    ),
    Tool(
        "claims",
        "Claimed figures",
        "The figures that papers claim, each with the sentence that states it: about a name, on a benchmark,"
        " or of one paper. Give exactly one of the three. They are the authors' own claims, unchecked.",
        (
            Text(
                "name",
                "A model or a method whose figures are wanted, or that others compare with.",
                named.LONGEST_NAME,
                "",
            ),
            Text("benchmark", "A benchmark or a data set.", named.LONGEST_NAME, ""),
            Text("paper", "One paper: an arXiv id, a DOI or its address.", named.LONGEST_REF, ""),
            Choice("sort", "The order.", [one.value for one in claims.Sort], claims.Sort.DATE.value),
            _PAGE,
        ),
        find_claims,
    ),
)
BY_NAME = {tool.name: tool for tool in TOOLS}
