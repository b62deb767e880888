"""Text from outside as Markdown (CommonMark and GitHub's) that is nothing but text: no link, no HTML.

Only what can mean something is escaped, so that the source reads well too. Formulas stand in spans of code,
with a dollar sign on either side: GitHub shows them as formulas, others as their source.
"""

import re
from urllib.parse import quote

from broadsheet.deliver import bare_hosts
from broadsheet.deliver.latex import readable
from broadsheet.deliver.maths import pieces
from broadsheet.lib.text import plain_line, without_hidden

_SIGNS = re.compile(r"([\\`*_\[\]~@|])")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_ADDRESS = re.compile(r"\\@(?=\S)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")  # begins HTML for a reader that knows no spans of code
_LEADING = re.compile(r"^([#+\-=>:]|\d{1,9}(?=[.)]))")
_NAME = re.compile(r"[A-Za-z][\w.-]{0,60}", re.ASCII)
_IN_ADDRESSES = ":/?#@!$&'*+,;=%~-._"
_JOINER = "\u2060"  # takes no room, and ends what would be a mail address


def line(text: str) -> str:
    r"""For within a line.

    >>> line("[x](http://a.b) <b> & &lt; $a_1$ at a@b.c")
    '\\[x\\](http:/\\/a\\.b) &lt;b> & &amp;lt; $`a_1`$ at a\\@\u2060b\\.c'
    """
    return "".join(
        _formula(piece) if is_formula else _escaped(readable(piece))
        for is_formula, piece in pieces(without_hidden(plain_line(text)))
    )


def paragraph(text: str) -> str:
    r"""For where a line begins: no list, heading or quotation either.

    >>> paragraph("1. One"), paragraph("# Two"), paragraph("- Three")
    ('1\\. One', '\\# Two', '\\- Three')
    """
    return _LEADING.sub(lambda found: f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}", line(text))


def code(text: str) -> str:
    """A short name as it is, where it is none of those that mean something."""
    return f"`{text}`" if _NAME.fullmatch(text) else line(text)


def link(label: str, url: str) -> str:
    """An address that is none is left away; signs that would end it are quoted."""
    shown = line(label)
    if not url.startswith(("https://", "http://")):
        return shown
    return f"[{shown}]({quote(url, safe=_IN_ADDRESSES)})"


def _escaped(text: str) -> str:
    text = _SIGNS.sub(r"\\\1", _ENTITY.sub("&amp;", text)).replace("<", "&lt;")
    text = bare_hosts.DOT.sub(r"\.", text.replace("//", "/\\/"))
    return _ADDRESS.sub(rf"\\@{_JOINER}", text)


def _formula(source: str) -> str:
    inner = (source.strip("$") if source.startswith("$") else source[2:-2]).strip()
    inner = _TAG.sub(r"\\lt ", inner)
    return f"$`{inner}`$" if inner and "`" not in inner else _escaped(source)
