r"""Papers as BibTeX: accents as commands, which the oldest programs read; other scripts in UTF-8.

Titles stand in two braces, so that no style changes their capitals. Braces are balanced in every value, also
for programs that count `\{`; an `@` stands in braces, or some take what follows for the next entry.
"""

import re

from broadsheet.deliver.cite.kinds import Kind
from broadsheet.deliver.cite.reference import Reference
from broadsheet.deliver.people import Person
from broadsheet.lib.tex import split_maths, with_accent_commands

_TYPES = {  # and the field that says where it appeared
    Kind.ARTICLE: ("article", "journal"),
    Kind.MEETING: ("inproceedings", "booktitle"),
    Kind.DOCTORAL: ("phdthesis", "school"),
    Kind.MASTERS: ("mastersthesis", "school"),
    Kind.PREPRINT: ("misc", "howpublished"),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES = {
    **{sign: f"\\{sign}" for sign in "&%#_${}"},
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "@": "{@}",
}
_SPECIAL = re.compile(r"[&%#_${}\\~^@]|--|''|``")
_LONE_BRACES = {"\\{": r"\ensuremath{\lbrace}", "\\}": r"\ensuremath{\rbrace}"}
_UNSAFE_IN_MATHS = re.compile(r"(?<!\\)[%#]|@(?=\w*[ \t]*\{)")
_BRACE = re.compile(r"\\?[{}]")
_UNSAFE_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", '"': "%22"})


def bibtex(of: Reference, *, has_abstract: bool = True) -> str:
    type_, where = _TYPES[of.kind]
    fields = [
        ("title", f"{{{escaped(of.title)}}}"),
        ("author", " and ".join(map(_name, of.people))),
        (where, escaped(of.where)),
        ("year", str(of.year)),
        ("month", _MONTHS[of.date[1] - 1] if len(of.date) > 1 else ""),
        ("eprint", of.arxiv),
        ("archivePrefix", "arXiv" if of.arxiv else ""),
        ("primaryClass", of.work.categories[0] if of.arxiv and of.work.categories else ""),
        ("doi", of.doi.translate(_UNSAFE_IN_ADDRESS)),
        ("url", of.url.translate(_UNSAFE_IN_ADDRESS)),
        ("keywords", escaped(", ".join(of.keywords)) if has_abstract else ""),
        ("abstract", escaped(of.abstract) if has_abstract else ""),
    ]
    written = ((name, value if name == "month" else f"{{{value}}}") for name, value in fields if value)
    joined = ",\n".join(f"  {name} = {value}" for name, value in written)
    return f"@{type_}{{{of.label},\n{joined}\n}}\n"


def escaped(text: str) -> str:
    r"""
    >>> escaped(r"R&D of $\alpha_i$ at 5% by Erdős@home {x}")
    'R\\&D of $\\alpha_i$ at 5\\% by Erd{\\H{o}}s{@}home \\{x\\}'
    """
    parts = split_maths(text)
    written = [_maths(part) if place % 2 else _text(part) for place, part in enumerate(parts)]
    return "".join(written)


def _text(text: str) -> str:
    found = _SPECIAL.sub(_escape, text)
    if "{" in text or "}" in text:
        found = found if _is_balanced(text) else _without_lone_braces(found)
    return with_accent_commands(found)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    return _ESCAPES[sign] if len(sign) == 1 else f"{sign[0]}{{}}{sign[1]}"  # two that TeX would join


def _without_lone_braces(text: str) -> str:
    return re.sub(r"\\[{}]", lambda found: _LONE_BRACES[found[0]], text)


def _maths(formula: str) -> str:
    """As it is, dollars included, where its braces are balanced however they are counted; else as text."""
    signs = _BRACE.findall(formula)
    bare = [sign for sign in signs if len(sign) == 1]
    if not _is_balanced("".join(bare)):
        return _text(formula)
    if not _is_balanced("".join(signs).replace("\\", "")):
        formula = re.sub(r"\\([{}])", lambda one: r"\lbrace{}" if one[1] == "{" else r"\rbrace{}", formula)
    return _UNSAFE_IN_MATHS.sub(lambda one: "{@}" if one[0] == "@" else f"\\{one[0]}", formula)


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _name(of: Person) -> str:
    """As printed, which every program takes apart the same way; but for Jr., which needs commas."""
    if of.is_whole:
        return f"{{{escaped(of.family)}}}"
    if of.suffix:
        return ", ".join(_words(part) for part in (of.last, of.suffix, of.given))
    return _words(" ".join(part for part in (of.given, of.particle, of.family) if part))


def _words(name: str) -> str:
    """al-Hassan in braces, or BibTeX takes "al" for a word of its own, and drops the hyphen."""
    words = ((word, escaped(word)) for word in name.split())
    return " ".join(
        f"{{{written}}}" if "-" in word and not word[0].isupper() else written for word, written in words
    )
