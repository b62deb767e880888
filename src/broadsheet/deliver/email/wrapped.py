"""Lines of the text part."""

from textwrap import fill

WIDTH = 72
INDENT = "     "


def lines(text: str, indent: str = "") -> str:
    """
    >>> lines("Two words", INDENT)
    '     Two words'
    """
    if not text:
        return ""
    return fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
