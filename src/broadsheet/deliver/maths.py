"""Turns the text of papers into safe HTML: LaTeX formulas into MathML, everything else escaped.

MathML from the converter is never trusted: `\\text{<script>}` and `\\href` come through it as they are.
Each formula is parsed and rebuilt from a short list of elements; one that has anything else stays source.
Elements: https://www.w3.org/TR/mathml-core/
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.html import escape
from django.utils.safestring import SafeString
from latex2mathml import exceptions
from latex2mathml.converter import convert

from broadsheet.deliver.latex import readable
from broadsheet.rank.hits import NONE, Words, hits

LONGEST_FORMULA = 400  # characters
LONGEST_TEXT = 20_000
_MOST_ELEMENTS = 600
_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "math mrow mi mn mo ms mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot"
        " mtable mtr mtd mstyle mpadded mphantom mmultiscripts mprescripts none",
    )
)
_ATTRIBUTES = {
    "display": re.compile("inline|block"),
    "displaystyle": re.compile("true|false"),
    "stretchy": re.compile("true|false"),
    "fence": re.compile("true|false"),
    "form": re.compile("prefix|infix|postfix"),
    "accent": re.compile("true|false"),
    "mathvariant": re.compile("normal"),
    "linethickness": re.compile(r"\d(\.\d+)?(em|px|pt)?"),
    "width": re.compile(r"-?\d?(\.\d+)?em"),
}
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<two>.{1,1000}?)\$\$|(?<!\\)\$(?P<one>[^$]+?)(?<!\\)\$|\\\((?P<round>.{1,1000}?)\\\)",
    re.DOTALL,
)
_SURELY_TEX = re.compile(r"[\\^_={}<>]")
# The converter's own errors have no common base, and odd input makes it stumble in other ways too.
_ITS_ERRORS = tuple(
    kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)
)
_BAD_LATEX = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,  # also RecursionError
    StopIteration,  # a formula that ends behind \text
    ParseError,
    DefusedXmlException,
)


@lru_cache(maxsize=2_048)  # an abstract takes some 5 KB
def to_html(text: str, words: Words = NONE) -> SafeString:
    """The text as HTML; words of a query stand in <mark>, outside of formulas."""
    if not any(sign in text for sign in "$\\`-'{~"):
        return SafeString(_marked(text, words))
    parts = (
        _formula(piece) if is_formula else _marked(readable(piece), words)
        for is_formula, piece in pieces(text)
    )
    return SafeString("".join(parts))


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text cut into formulas, with their signs, and what stands between them."""
    start = at = 0
    may_hold_some = len(text) <= LONGEST_TEXT and ("$" in text or "\\(" in text)
    while may_hold_some and (found := _FORMULA.search(text, at)):
        if not _is_formula(found, text):
            at = found.start() + 1
            continue
        if found.start() > start:
            yield False, text[start : found.start()]
        yield True, found.group()
        start = at = found.end()
    if start < len(text):
        yield False, text[start:]


def _is_formula(found: re.Match[str], text: str) -> bool:
    """Prices are not formulas: "$5 and $10" has a space before the second sign and a digit behind it."""
    inner = found["one"]
    if inner is None or _SURELY_TEX.search(inner):
        return True
    return inner.strip() == inner and not text[found.end() : found.end() + 1].isdigit()


def _marked(text: str, words: Words) -> str:
    end, out = 0, []
    for hit in hits(text, words):
        out += [escape(text[end : hit.start]), "<mark>", escape(text[hit.start : hit.end]), "</mark>"]
        end = hit.end
    return "".join([*out, escape(text[end:])])


def _formula(source: str) -> str:
    latex = source.strip("$").strip() if source.startswith("$") else source[2:-2].strip()
    return _mathml(latex) or escape(source)


@lru_cache(maxsize=8_192)
def _mathml(latex: str) -> str | None:
    if not latex or len(latex) > LONGEST_FORMULA:
        return None
    try:
        tree = fromstring(convert(latex))
        return _rebuild(tree, iter(range(_MOST_ELEMENTS)))
    except (*_BAD_LATEX, *_ITS_ERRORS):
        return None


def _rebuild(element: Element, budget: Iterator[int]) -> str:
    """The element written anew from what is allowed; ValueError on anything else."""
    name = element.tag.removeprefix(_MATHML)
    text = element.text or ""
    if name not in _ELEMENTS or next(budget, None) is None or "\\" in text:
        raise ValueError(f"{name} {text!r} is not for a page")
    inner = "".join(_rebuild(child, budget) + escape(child.tail or "") for child in element)
    kept = "".join(
        f' {key}="{value}"'
        for key, value in element.items()
        if key in _ATTRIBUTES and _ATTRIBUTES[key].fullmatch(value)
    )
    return f"<{name}{kept}>{escape(text)}{inner}</{name}>"
