"""What a paper's page tells programs: `citation_*` for reference managers, schema.org, social cards."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from broadsheet.deliver.latex import without_maths
from broadsheet.deliver.people import person
from broadsheet.domain.addresses import arxiv_url, card_url, doi_url, paper_url
from broadsheet.domain.ids import paper_ref
from broadsheet.lib.text import shortened, without_controls
from broadsheet.store.page_values import PaperPage

MOST_AUTHORS = 500
LONGEST_DESCRIPTION = 300
CARD_WIDTH, CARD_HEIGHT = 1200, 630
# Within a script element nothing may look like its end or like a comment's beginning.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def metadata_of(page: PaperPage, site_url: str) -> dict[str, Any]:
    """For the template: pairs of names and contents, and JSON-LD."""
    url = paper_url(site_url, page.paper.key)
    return {
        "citation": list(_citation(page, url)),
        "social": list(_social(page, url, site_url)),
        "json_ld": _json_ld(page, url),
        "oembed": f"{site_url}/oembed?{urlencode({'url': url})}",
        "url": url,
    }


def _title(page: PaperPage) -> str:
    return without_controls(without_maths(page.paper.title))


def _citation(page: PaperPage, url: str) -> Iterator[tuple[str, str]]:
    paper = page.paper
    yield "citation_title", _title(page)
    yield from (("citation_author", name) for name in _authors(paper.authors[:MOST_AUTHORS]))
    if day := _published(page):
        yield "citation_publication_date", day.replace("-", "/")
    if page.updated_on:
        yield "citation_online_date", page.updated_on.isoformat().replace("-", "/")
    if paper.key.startswith("arxiv:"):
        number = paper_ref(paper.key)
        yield "citation_arxiv_id", number
        yield "citation_pdf_url", f"https://arxiv.org/pdf/{number}"
    if doi := _doi(page):
        yield "citation_doi", doi
    if text := paper.abstract or paper.summary:
        yield "citation_abstract", without_controls(text)
    yield "citation_abstract_html_url", url
    if page.keywords:
        yield "citation_keywords", without_controls("; ".join(page.keywords))


def _authors(names: Sequence[str]) -> Iterator[str]:
    """The family name first. Zotero takes a sole "van der Waals, Johannes Diderik" for two people, but for
    the semicolon that ends a list of one."""
    for name in names:
        found = person(without_controls(name))
        is_two_to_zotero = len(names) == 1 and " " in found.last and " " in found.given
        yield found.turned + (";" if is_two_to_zotero else "")


def _social(page: PaperPage, url: str, site_url: str) -> Iterator[tuple[str, str]]:
    title = f"Withdrawn: {_title(page)}" if page.paper.is_withdrawn else _title(page)
    yield "og:type", "article"
    yield "og:site_name", "Broadsheet"
    yield "og:title", title
    yield "og:description", _description(page)
    yield "og:url", url
    yield "og:image", card_url(site_url, page.paper.key)
    yield "og:image:type", "image/png"
    yield "og:image:width", str(CARD_WIDTH)
    yield "og:image:height", str(CARD_HEIGHT)
    yield "og:image:alt", shortened(title, LONGEST_DESCRIPTION)
    yield "twitter:card", "summary_large_image"


def _description(page: PaperPage) -> str:
    paper = page.paper
    text = paper.one_line or paper.summary or paper.abstract or paper.title
    return shortened(without_controls(without_maths(text)), LONGEST_DESCRIPTION)


def _json_ld(page: PaperPage, url: str) -> SafeString:
    """Data, not script: browsers run nothing of it, and a policy that forbids scripts lets it stand."""
    paper, title = page.paper, _title(page)
    known = {
        "author": [
            {"@type": "Person", "name": without_controls(name)} for name in paper.authors[:MOST_AUTHORS]
        ],
        "datePublished": _published(page),
        "dateModified": page.updated_on.isoformat() if page.updated_on else "",
        "description": _description(page),
        "identifier": _identifiers(page),
        "sameAs": _same_as(page),
        "keywords": [without_controls(word) for word in page.keywords],
        "license": page.licence,
        "creativeWorkStatus": "Withdrawn" if paper.is_withdrawn else "",
    }
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": url,
        "url": url,
        "headline": shortened(title, 110),
        "name": title,
        **{name: value for name, value in known.items() if value},
    }
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  (escaped above)


def _identifiers(page: PaperPage) -> list[dict[str, str]]:
    number = paper_ref(page.paper.key) if page.paper.key.startswith("arxiv:") else ""
    named = [("arXiv", number), ("DOI", _doi(page))]
    return [{"@type": "PropertyValue", "propertyID": kind, "value": name} for kind, name in named if name]


def _same_as(page: PaperPage) -> list[str]:
    number = paper_ref(page.paper.key) if page.paper.key.startswith("arxiv:") else ""
    known = [arxiv_url(number) if number else "", *(url for _, url in page.links)]
    return [url for url in [*known, doi_url(_doi(page)) if _doi(page) else ""] if url]


def _doi(page: PaperPage) -> str:
    key = page.paper.key
    return page.doi or (key.removeprefix("doi:") if key.startswith("doi:") else "")


def _published(page: PaperPage) -> str:
    day = page.submitted_at.date() if page.submitted_at else page.paper.dated_on
    return day.isoformat() if day else ""
