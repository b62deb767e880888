"""The documents: paper, edition, search, what is similar, claims about a name. Values in, Markdown out."""

from collections.abc import Sequence

from broadsheet.deliver.emptiness import Emptiness
from broadsheet.deliver.likeness import Neighbour
from broadsheet.deliver.lists import Item, PaperList, page_path
from broadsheet.deliver.markdown import parts
from broadsheet.deliver.markdown.text import code, line, link, paragraph
from broadsheet.deliver.words import counted, short_date
from broadsheet.domain.addresses import arxiv_url, doi_url, paper_path
from broadsheet.domain.edition import View
from broadsheet.domain.ids import paper_ref
from broadsheet.rank.search import Results
from broadsheet.store.claims import About, ClaimList
from broadsheet.store.page_values import EditionHead, Facts, PaperPage, Placed

_CLAIMS_SAID = (
    "The authors’ own claims, read out of their abstracts by machine. Nobody here has checked or repeated"
    " them; figures of two papers may not be comparable."
)


def paper(page: PaperPage, near: Sequence[Neighbour]) -> str:
    one = page.paper
    claims = parts.bullets(parts.claim(claim) for claim in one.claims)
    stood = parts.bullets(
        f"{parts.edition_link(at.window)}: {at.rank:,} of {at.paper_count:,}. {line(at.reason)}"
        for at in page.stood
    )
    similar = parts.bullets(f"{parts.link_to_paper(to.key, to.title)}: {line(to.why)}" for to in near)
    return parts.document(
        f"# {line(one.title)}",
        "**Withdrawn by its authors.** What stands here was known before." if one.is_withdrawn else "",
        f"> {paragraph(one.one_line)}" + (" (machine-written)" if one.written_by else "")
        if one.one_line
        else "",
        parts.bullets(_facts(page)),
        _section("Summary", paragraph(one.summary)),
        _section("Abstract", paragraph(one.abstract)),
        _section("Figures it claims", claims),
        _section("Where it stood", stood),
        _section("Similar papers", similar),
        page=paper_path(one.key),
    )


def _facts(page: PaperPage) -> list[str]:
    one, kind = page.paper, page.paper.key.partition(":")[0]
    ref = paper_ref(one.key)
    doi = page.doi or (one.key.removeprefix("doi:") if kind == "doi" else "")
    submitted = f"Submitted {short_date(page.submitted_at.date())}" if page.submitted_at else ""
    announced = f"Announced {short_date(page.announced_on)}" if page.announced_on else ""
    version = f"Version {page.version}" if page.version else ""
    links = [(name.capitalize(), url) for name, url in [*page.links, *page.links_read]]
    return [
        parts.authors(one.authors, len(one.authors)),
        f"Categories: {' '.join(map(code, one.categories))}" if one.categories else "",
        " · ".join(filter(None, (submitted, announced, version))),
        f"arXiv: {link(ref, arxiv_url(ref))}" if kind == "arxiv" else "",
        f"DOI: {link(doi, doi_url(doi))}" if doi else "",
        f"Journal: {line(page.journal_ref)}" if page.journal_ref else "",
        f"Comments: {line(page.comments)}" if page.comments else "",
        " · ".join(link(name, url) for name, url in links),
        " · ".join(parts.signals(one)),
        f"Names: {', '.join(map(line, page.names))}" if page.names else "",
        f"Topics: {', '.join(map(line, page.keywords))}" if page.keywords else "",
        f"Licence: {line(page.licence)}" if page.licence else "",
    ]


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""


def edition(head: EditionHead, places: Sequence[Placed], *, category: str, page: int) -> str:
    state = "as printed when it closed" if head.view is View.PRINTED else "as counted now"
    within = f", {code(category)}" if category else ""
    about = f"{counted(head.paper_count, 'paper')} in all, {state}, ranked by {code(head.formula)}."
    return parts.document(
        f"# {line(head.window.title)}{within}",
        about + (f" Page {page}." if page > 1 else ""),
        *(parts.entry(place.rank, place.paper, place.reason) for place in places),
        _neighbours(head),
        page=page_path(head.window) + (f"?cat={category}" if category else ""),
    )


def _neighbours(head: EditionHead) -> str:
    around = [one for one in (head.window.previous, head.window.next) if one]
    return "See also " + ", ".join(map(parts.edition_link, around)) + "." if around else ""


def empty(head: EditionHead, why: Emptiness) -> str:
    page = page_path(head.window)
    return parts.document(f"# {line(why.headline)}", line(why.words), _neighbours(head), page=page)


def search(results: Results, papers: Sequence[Facts], *, first: int, path: str) -> str:
    count = counted(results.total, "paper") if papers else "Nothing found"
    mended = f"Searched for “{line(results.mended)}” instead." if results.mended else ""
    return parts.document(
        f"# Search: {line(results.query)}",
        " ".join([f"{count}.", mended, *map(line, results.asked.notes)]).strip(),
        *(parts.entry(number, one) for number, one in enumerate(papers, start=first)),
        page=path,
    )


def papers(told: PaperList, items: Sequence[Item]) -> str:
    """A list of papers that has no more to say of itself."""
    return parts.document(
        f"# {line(told.title)}",
        f"{counted(len(items), 'paper')}." if items else "No papers.",
        *(parts.entry(one.rank, one.paper, one.reason) for one in items),
        page=told.path,
    )


def claims(about: About, found: ClaimList, *, page: int) -> str:
    what = "on" if about is About.BENCHMARK else "about"
    return parts.document(
        f"# Figures claimed {what} {line(found.name)}",
        f"{counted(found.count, 'figure')}. {_CLAIMS_SAID}" + (f" Page {page}." if page > 1 else ""),
        parts.bullets(parts.claim(row.claimed, row) for row in found.rows),
        page=f"/{about}/{found.name}",
    )
