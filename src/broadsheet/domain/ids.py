"""Names for papers. One paper has one PaperKey, whichever source told us of it."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NewType
from urllib.parse import unquote, urlsplit

from broadsheet.lib.text import folded

PaperKey = NewType("PaperKey", str)  # "arxiv:2401.01234", "doi:10.1000/xyz" or "title:<20 hex digits>"

# Four digits after the dot until the end of 2014, five since: https://info.arxiv.org/help/arxiv_identifier.html
_NEW = r"(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}(?!\d)|(?:1[5-9]|[2-8]\d)(?:0[1-9]|1[0-2])\.\d{5}"
_OLD = r"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[A-Z]{2})?/(?P<digits>\d{7})"
_ARXIV = re.compile(rf"(?:^|[/:])(?:(?P<new>{_NEW})|{_OLD})(?:v\d+)?$")
_DIGITS = re.compile(r"[0-9]+$")
_DOI = re.compile(r"10\.\d{4,9}/\S{1,400}$")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
_ARXIV_HOSTS = (
    "arxiv.org", "huggingface.co", "alphaxiv.org", "semanticscholar.org", "hf.co", "ar5iv.org", "archive.org",
    "arxiv-vanity.com", "scirate.com", "adsabs.harvard.edu",
)  # fmt: skip
# What people type and paste: capitals anywhere, a file name, a full stop; old ids of real archives only,
# since "abs/1234567" and "page/1234567" look like some.
ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics"
    "|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_TYPED = re.compile(
    rf"(?<![^/:])(?:(?P<new>{_NEW})|(?P<archive>{ARCHIVES})(?:\.[a-z]{{2}})?/(?P<digits>\d{{7}}))"
    r"(?:v\d+)?(?:\.pdf|\.md)?[/.,;]?$",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:oai:arxiv\.org:|(?:arxiv|doi)(?:\s*:\s*|\s+))|\s*\[[A-Za-z.-]{2,20}\]$", re.IGNORECASE
)
_FIELD = re.compile(r"^id:\s*", re.IGNORECASE)  # of the query language
_DOI_IN_PATH = re.compile(r"/doi:(10\..+)$", re.IGNORECASE)  # api.semanticscholar.org/DOI:10.1000/xyz
_PUBLISHED = re.compile(  # dl.acm.org/doi/pdf/10.1145/1, link.springer.com/article/10.1007/1
    r"/(?:doi|articles?|chapter|book|content|abstract)/(?:(?:abs|full|fullHtml|pdf|epdf|epub|html|book|reader)/)?"
    r"(10\.\d{4,9}/\S+?)"
    r"(?:\.pdf)?(?:/(?:full|pdf|html|meta|abstract|(?:figures|tables)/.*))?/?$",
    re.IGNORECASE,
)
_OF_THE_SITE = re.compile(  # what academic.oup.com and biorxiv.org put behind a DOI
    r"(?<=^10\.1093/)(?P<oxford>[^/]+/[^/]+)/\d+$|(?<=^10\.1101/)(?P<biorxiv>[\d.]+)v\d+(?:\.full(?:-text)?)?$"
)
_ADDRESS = re.compile(r"[<(\[\"]?(?:https?://|[a-z\d.-]+\.[a-z]{2,}/)", re.IGNORECASE)
_BEHIND = " .,;"  # what a copied sentence leaves behind an id
FIRST_YEAR_OF_ARXIV = 91
_TITLE_KEY = re.compile(r"title:[0-9a-f]{20}$")


class BadPaperId(ValueError):
    """A text that should name a paper does not; the message says what was expected."""


def arxiv_key(text: str) -> PaperKey:
    """Make one key from any spelling of an arXiv id; every version of a paper shares it.

    >>> arxiv_key("http://arxiv.org/abs/2401.01234v3")
    'arxiv:2401.01234'
    >>> arxiv_key("math.GT/0309136")
    'arxiv:math/0309136'
    """
    found = _ARXIV.search(text.strip())
    if found is None:
        raise BadPaperId(f"{text[:80]!r} is not an arXiv id; expected one like 2401.01234 or hep-th/9901001")
    number = found["new"] or f"{found['archive']}/{found['digits']}"
    return PaperKey(f"arxiv:{number}")


def arxiv_key_of_number(text: str) -> PaperKey:
    """Mend an id that some program has read as a decimal number: zeros lost, digits made up.

    >>> arxiv_key_of_number("704.295"), arxiv_key_of_number("1912.1328899999999")
    ('arxiv:0704.2950', 'arxiv:1912.13289')
    """
    month, _, digits = text.strip().partition(".")
    if not (_DIGITS.match(month) and len(month) in (3, 4) and _DIGITS.match(digits) and len(digits) < 20):
        return arxiv_key(text)
    width = 4 if month.zfill(4) < "1501" else 5
    number = round(float(f"0.{digits}") * 10**width)
    return arxiv_key(f"{month.zfill(4)}.{number:0{width}}")


def doi_key(text: str) -> PaperKey:
    """Make a key from a DOI, bare or as an address; arXiv's own DOIs give the arXiv key.

    >>> doi_key("https://doi.org/10.1000/XYZ")
    'doi:10.1000/xyz'
    >>> doi_key("10.48550/arXiv.2401.01234")
    'arxiv:2401.01234'
    """
    bare = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text.strip(), flags=re.IGNORECASE)
    if _ARXIV_DOI.match(bare):
        return arxiv_key(":" + _ARXIV_DOI.sub("", bare))
    if not _DOI.match(bare):
        raise BadPaperId(f"{text[:80]!r} is not a DOI; expected one like 10.1000/xyz")
    return PaperKey(f"doi:{bare.lower()}")


@lru_cache(maxsize=20_000)  # a batch asks three times for each of its titles
def _title_digest(title: str) -> bytes:
    return hashlib.sha1(folded(title).encode(), usedforsecurity=False).digest()


def title_key(title: str) -> PaperKey:
    """The key of a paper that no source has given an id yet, from its folded title."""
    return PaperKey(f"title:{_title_digest(title).hex()[:20]}")


def title_hash(title: str) -> int:
    """64 bits of the folded title, signed: to look up who may share a title, in a small index."""
    return int.from_bytes(_title_digest(title)[:8], signed=True)


def paper_ref(key: str) -> str:
    """The short name used in addresses and exports: an arXiv number stands bare.

    >>> paper_ref("arxiv:2401.01234")
    '2401.01234'
    """
    return key.removeprefix("arxiv:")


def first_month(key: str) -> tuple[int, int] | None:
    """The year and month that an arXiv number was given in, which no later version changes.

    >>> first_month("arxiv:2401.01234"), first_month("arxiv:hep-th/9901001"), first_month("doi:10.1000/x")
    ((2024, 1), (1999, 1), None)
    """
    if not key.startswith("arxiv:"):
        return None
    digits = key.removeprefix("arxiv:").rpartition("/")[2]
    year, month = int(digits[:2]), int(digits[2:4])
    if not 1 <= month <= 12:
        return None
    return (1900 if year >= FIRST_YEAR_OF_ARXIV else 2000) + year, month


def find_key(text: str) -> PaperKey | None:
    """The paper that a pasted id, DOI or address means, or None when it is just words.

    >>> find_key("https://huggingface.co/papers/2401.01234")
    'arxiv:2401.01234'
    >>> find_key("arXiv:2401.01234v2 [cs.LG]")
    'arxiv:2401.01234'
    >>> find_key("attention is all you need") is None
    True
    """
    if len(text) > 500:
        return None
    text = _FIELD.sub("", _unquoted(text.strip())).rstrip(_BEHIND)
    text = text[1:-1] if text[:1] + text[-1:] in ("<>", "()", "[]", '""') else text
    text = text.rstrip(_BEHIND)
    bare = _LABEL.sub("", text)
    if " " in bare or not bare.isprintable():
        return None
    if _TITLE_KEY.match(bare):
        return PaperKey(bare)
    if bare.lower().startswith(("http://", "https://")):
        return _key_in_address(bare)
    return _key_in_id(bare) or _key_in_address(f"https://{bare}")


def _unquoted(text: str) -> str:
    """But of an address, which is taken apart first: or a `#` of a DOI would become its end."""
    return text if _ADDRESS.match(text) else unquote(text)


def _key_in_address(text: str) -> PaperKey | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    host, path = (parts.hostname or "").removeprefix("www."), unquote(parts.path)
    if " " in path or not path.isprintable():  # no database keeps a key with a NUL in it
        return None
    if host in ("doi.org", "dx.doi.org"):
        return _key_in_id(path.lstrip("/"))
    if published := _PUBLISHED.search(path):
        return _try_key(doi_key, _OF_THE_SITE.sub(_bare, published[1]))
    is_known = any(host == known or host.endswith(f".{known}") for known in _ARXIV_HOSTS)
    if not is_known:
        return None
    doi = _DOI_IN_PATH.search(path)
    return _try_key(doi_key, doi[1]) if doi else _key_typed(_TYPED.search(path))


def _bare(found: re.Match[str]) -> str:
    return found["oxford"] or found["biorxiv"]


def _key_in_id(text: str) -> PaperKey | None:
    return _try_key(doi_key, text) if text.startswith("10.") else _key_typed(_TYPED.match(text))


def _key_typed(found: re.Match[str] | None) -> PaperKey | None:
    if found is None:
        return None
    number = found["new"] or f"{found['archive'].lower()}/{found['digits']}"
    return PaperKey(f"arxiv:{number}")


def _try_key(make: Callable[[str], PaperKey], text: str) -> PaperKey | None:
    try:
        return make(text)
    except BadPaperId:
        return None
