"""The text as figures are looked for in it: TeX's signs blanked, odd dashes and crosses made plain.

The view is as long as the text, so that an offset into one is an offset into the other.
"""

import re
from typing import NamedTuple

_PLAIN = {
    "\\{}$": " ",
    "‐‑‒–—−": "-",
    "×✕": "x",
    "∼～≈≃≅": "~",
    "％": "%",
    "’‘": "'",
    "“”": '"',
    "≤⩽": "<",
    "≥⩾": ">",
}
_TABLE = {ord(sign): plain for signs, plain in _PLAIN.items() for sign in signs}
# Control signs, and the spaces and marks that have no width or turn the text around.
_UNSEEN = ((0, 32), (0x7F, 0xA1), (0xAD, 0xAE), (0x2000, 0x2010), (0x2028, 0x2030), (0x205F, 0x2070))
_TABLE |= {code: " " for first, after in _UNSEEN for code in range(first, after)}
_TABLE |= dict.fromkeys((0x1680, 0x3000, 0xFEFF), " ")


def plain_view(text: str) -> str:
    r"""
    >>> plain_view(r"by $4.7\times$, 12\,–\,15\%")
    'by  4.7 times , 12  -  15 %'
    """
    if "\\" in text:
        text = _COMMAND.sub(_blanked, text)
    return text.translate(_TABLE)


# Commands that only say how a figure looks, and those that mean "about".
_COMMAND = re.compile(
    r"\\(?:(?P<about>sim|approx|simeq)|textbf|textit|textsc|texttt|text|emph|mathbf|mathrm|mathit|bf|it"
    r"|[,;!: ])"
    r"(?![A-Za-z])|\\[,;!: ]"
)


def _blanked(found: re.Match[str]) -> str:
    return ("~" if found["about"] else " ").ljust(len(found[0]))


class Texts(NamedTuple):
    view: str
    lower: str  # the view in small letters


def texts_of(text: str) -> Texts:
    view = plain_view(text)
    return Texts(view, lowered(view))


def lowered(view: str) -> str:
    """In small letters and just as long; the few letters that become two when small stay."""
    low = view.lower()
    return low if len(low) == len(view) else view.translate(_SMALL)


_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
