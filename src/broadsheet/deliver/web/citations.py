"""Writes a paper as BibTeX, for people to copy."""

import re

from broadsheet.deliver.latex import readable
from broadsheet.domain.ids import paper_ref
from broadsheet.lib.text import folded
from broadsheet.store.page_values import PaperPage

_UNSAFE = re.compile(r"[{}\\]")


def bibtex(page: PaperPage) -> str:
    paper = page.paper
    year = (page.submitted_at.date() if page.submitted_at else paper.dated_on) or page.first_seen_at.date()
    lines = [("title", f"{{{_clean(paper.title)}}}"), ("author", " and ".join(map(_clean, paper.authors)))]
    lines.append(("year", str(year.year)))
    if paper.key.startswith("arxiv:"):
        lines += [("eprint", paper_ref(paper.key)), ("archivePrefix", "arXiv")]
        lines.append(("primaryClass", paper.categories[0] if paper.categories else ""))
    doi = page.doi or (paper.key.removeprefix("doi:") if paper.key.startswith("doi:") else "")
    lines += [("doi", _clean(doi)), ("note", _clean(page.journal_ref))]
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in lines if value)
    return f"@misc{{{_label(page, year.year)},\n{fields}\n}}"


def _clean(text: str) -> str:
    return _UNSAFE.sub("", readable(text))


def _label(page: PaperPage, year: int) -> str:
    """wu2026clinseekagent: first author, year, first long word of the title."""
    authors = folded(page.paper.authors[0]).split() if page.paper.authors else []
    words = [word for word in folded(page.paper.title).split() if len(word) > 3]
    return f"{authors[-1] if authors else 'anonymous'}{year}{words[0] if words else ''}"
