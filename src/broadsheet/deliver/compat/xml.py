"""Writes XML as text: large answers of one shape, for which a tree of elements takes twice the time."""

import re

from broadsheet.lib.text import without_controls

_SPECIAL = re.compile('[&<>"]')


def escaped(text: str) -> str:
    """For the text of an element and for attributes alike.

    >>> escaped('<a & "b">')
    '&lt;a &amp; &quot;b&quot;&gt;'
    """
    if not (text.isascii() and text.isprintable()):
        text = without_controls(text)
    if _SPECIAL.search(text) is None:  # nearly all names and dates
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text.replace(">", "&gt;").replace('"', "&quot;")


def element(name: str, text: str, **attributes: str) -> str:
    """
    >>> element("link", "", href="a&b")
    '<link href="a&amp;b"></link>'
    """
    if not attributes:
        return f"<{name}>{escaped(text)}</{name}>"
    told = "".join(f' {one}="{escaped(value)}"' for one, value in attributes.items())
    return f"<{name}{told}>{escaped(text)}</{name}>"
