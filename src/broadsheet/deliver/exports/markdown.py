"""A list, or one paper, as Markdown (CommonMark): what others wrote stays text, formulas stay as they are."""

import re

from broadsheet.deliver.cite.reference import Reference
from broadsheet.deliver.exports.plain import Told
from broadsheet.domain.addresses import paper_url
from broadsheet.lib.tex import split_maths
from broadsheet.lib.text import plain_line

AUTHORS_SHOWN = 8
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_UNSAFE_IN_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"})


def page(title: str, url: str, told: list[Told], site_url: str) -> str:
    """A heading, and a numbered list in the order of the page."""
    entries = "".join(_entry(one, site_url) for one in told)
    return f"# {escaped(title)}\n\n<{_address(url)}>\n\n{entries or 'No papers.'}\n"


def paper(of: Reference, site_url: str) -> str:
    work = of.work
    facts = [
        ("Authors", ", ".join(work.authors)),
        ("Submitted", "-".join(f"{part:02}" for part in of.date)),
        ("Categories", " ".join(work.categories)),
        ("Journal", work.journal_ref),
        ("Comments", work.comments),
    ]
    lines = [f"- {name}: {escaped(text)}" for name, text in facts if text]
    lines += [f"- {name}: <{_address(url)}>" for name, url in _links(of, site_url) if url]
    withdrawn = "**Withdrawn by its authors.**" if work.is_withdrawn else ""
    one_line = f"**{escaped(work.one_line)}**" if work.one_line else ""
    parts = [
        f"# {escaped(work.title)}",
        withdrawn,
        one_line,
        "\n".join(lines),
        f"## Summary\n\n{escaped(work.summary)}" if work.summary else "",
        f"## Abstract\n\n{escaped(work.abstract)}" if work.abstract else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _entry(told: Told, site_url: str) -> str:
    work = told.of.work
    head = f"{told.rank}. [{escaped(work.title)}]({_address(paper_url(site_url, work.key))})"
    names = ", ".join(work.authors[:AUTHORS_SHOWN])
    more = len(work.authors) - AUTHORS_SHOWN
    lines = [
        escaped(names + (f" and {more} more" if more > 0 else "")),
        escaped(work.one_line),
        f"*{escaped(told.reason)}*" if told.reason else "",
        f"[Code]({_address(work.code)})" if work.code else "",
    ]
    indent = " " * (len(str(told.rank)) + 2)
    return head + "".join(f"  \n{indent}{line}" for line in lines if line) + "\n"


def _links(of: Reference, site_url: str) -> list[tuple[str, str]]:
    page = paper_url(site_url, of.work.key)
    return [("Here", page), ("At home", of.url), ("Code", of.work.code), ("Project", of.work.project)]


def _address(url: str) -> str:
    return url.translate(_UNSAFE_IN_ADDRESS)


def escaped(text: str) -> str:
    r"""
    >>> escaped("1. *Bold* claims of <b>A_B</b> on $x_i$")
    '1\\. \\*Bold\\* claims of \\<b\\>A\\_B\\</b\\> on $x_i$'
    """
    parts = split_maths(plain_line(text))
    written = [
        part.replace("<", "\\lt ") if place % 2 else _MARKS.sub(r"\\\1", part)
        for place, part in enumerate(parts)
    ]
    found = "".join(written)
    numbered = re.sub(r"^(\d+)([.)])", r"\1\\\2", found)
    return re.sub(r"^([-+=])", r"\\\1", numbered)
