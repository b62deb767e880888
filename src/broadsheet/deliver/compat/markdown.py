"""A paper as Markdown, for programs that read Hugging Face's pages that way."""

import re

from broadsheet.deliver.latex import readable
from broadsheet.domain.addresses import arxiv_url, doi_url, paper_url
from broadsheet.domain.ids import paper_ref
from broadsheet.lib.text import without_controls
from broadsheet.store.page_values import PaperPage

_SPECIAL = re.compile(r"([\\`*_\[\]#|])")

_LEADING = re.compile(r"^[#>*+\-|`~]")


def as_markdown(page: PaperPage, site_url: str) -> str:
    """Its text is a quotation from outside: no sign of it becomes a heading, a link or HTML."""
    paper = page.paper
    parts = [
        f"# {_plain(paper.title)}",
        _plain(", ".join(paper.authors)),
        "**Withdrawn by its authors.**" if paper.is_withdrawn else "",
        _plain(" · ".join([*([str(paper.dated_on)] if paper.dated_on else []), *paper.categories])),
        f"**{_plain(paper.one_line)}**" if paper.one_line else "",
        f"## Abstract\n\n{_text(paper.abstract or paper.summary)}" if paper.abstract or paper.summary else "",
        "## Links\n\n" + "\n".join(f"- <{url}>" for url in _links(page, site_url)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _links(page: PaperPage, site_url: str) -> list[str]:
    key = page.paper.key
    upstream = [arxiv_url(paper_ref(key))] if key.startswith("arxiv:") else []
    published = [doi_url(page.doi)] if page.doi else []
    others = [url for _, url in page.links]
    found = [paper_url(site_url, key), *upstream, *published, *others]
    return [url for url in found if url.isprintable() and not set(url) & set(" <>")]


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _html_free(text))


def _text(text: str) -> str:
    """Formulas keep their TeX, which readers of Markdown know; only what would be a link or a heading is not
    left so."""
    return _LEADING.sub(r"\\\g<0>", _html_free(text).replace("](", "]&#40;"))


def _html_free(text: str) -> str:
    """In one line, so that nothing begins a block."""
    return " ".join(without_controls(readable(text)).replace("&", "&amp;").replace("<", "&lt;").split())
