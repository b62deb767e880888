"""What an entry of a feed holds: a title without formulas, HTML with them, and links that work anywhere."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape

from broadsheet.deliver.latex import without_maths
from broadsheet.deliver.lists import Item, PaperList
from broadsheet.deliver.maths import to_html
from broadsheet.domain.addresses import arxiv_url, paper_url, similar_path
from broadsheet.domain.ids import paper_ref
from broadsheet.lib.text import without_controls
from broadsheet.store.page_values import Facts

AUTHORS_SHOWN = 40
# Names, not addresses: a site that moves to another host keeps what its readers have read.
_OURS = uuid.UUID("6a4e8d0e-6f0b-5d0a-9a52-0c9d6d3b7f11")


@dataclass(frozen=True, slots=True)
class Story:
    id: str
    title: str
    url: str
    html: str
    text: str  # one line or the reason, for lists of titles
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published: datetime
    updated: datetime


def list_id(told: PaperList) -> str:
    return _name(told.name)


def story_of(told: PaperList, item: Item, site_url: str) -> Story:
    paper = item.paper
    url = paper_url(site_url, paper.key)
    return Story(
        id=_name(f"{told.name} {paper.key}"),
        title=_plain(paper.title),
        url=url,
        html=without_controls(_html(item, site_url)),
        text=_plain(paper.one_line or item.reason),
        authors=tuple(_plain(name) for name in paper.authors[:AUTHORS_SHOWN]),
        categories=paper.categories,
        published=item.published,
        updated=item.updated,
    )


def _name(text: str) -> str:
    return uuid.uuid5(_OURS, text).urn


def _plain(text: str) -> str:
    return without_controls(without_maths(text))


def _html(item: Item, site_url: str) -> str:
    paper = item.paper
    parts = [
        f"<p><em>{escape(item.reason)}</em></p>" if item.reason else "",
        f"<p>{escape(_authors(paper))}</p>" if paper.authors else "",
        f"<p><strong>{to_html(paper.one_line)}</strong></p>" if paper.one_line else "",
        f"<p>{to_html(paper.abstract or paper.summary)}</p>" if paper.abstract or paper.summary else "",
        f"<p>{_links(paper, site_url)}</p>",
    ]
    return "".join(parts)


def _authors(paper: Facts) -> str:
    more = len(paper.authors) - AUTHORS_SHOWN
    shown = ", ".join(paper.authors[:AUTHORS_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _links(paper: Facts, site_url: str) -> str:
    found = [("Similar papers", site_url + similar_path(paper.key))]
    if paper.key.startswith("arxiv:"):
        found.insert(0, ("arXiv", arxiv_url(paper_ref(paper.key))))
    found += [(name, url) for name, url in (("Code", paper.code), ("Project", paper.project)) if url]
    return " · ".join(f'<a href="{escape(url)}">{name}</a>' for name, url in found)
