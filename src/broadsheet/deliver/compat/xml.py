"""Writes XML as text: large answers of one shape, for which a tree of elements takes twice the time."""

from broadsheet.lib.text import without_controls


def escaped(text: str) -> str:
    """For the text of an element and for attributes alike.

    >>> escaped('<a & "b">')
    '&lt;a &amp; &quot;b&quot;&gt;'
    """
    if not (text.isascii() and text.isprintable()):
        text = without_controls(text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def element(name: str, text: str, **attributes: str) -> str:
    """
    >>> element("link", "", href="a&b")
    '<link href="a&amp;b"></link>'
    """
    told = "".join(f' {one}="{escaped(value)}"' for one, value in attributes.items())
    return f"<{name}{told}>{escaped(text)}</{name}>"
