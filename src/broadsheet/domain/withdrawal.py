"""Tells from a paper's own text whether it was withdrawn; arXiv has no field for it."""

import re

# As written on arXiv: "This paper has been withdrawn by the author due to …", "Withdrawn by arXiv
# administrators", "this submission is withdrawn". A paper about withdrawn drugs says none of these.
_SAYS_SO = re.compile(
    r"\b(?:paper|article|manuscript|submission|preprint|work|version|note|it)\s+"
    r"(?:has\s+been|was|is|is\s+being|is\s+now|have\s+been)\s+(?:temporarily\s+)?(?:withdrawn|retracted)\b"
    r"|\bwithdrawn\s+by\s+(?:the\s+)?(?:authors?|arxiv|submitter)\b"
    r"|^\W*(?:paper\s+)?withdrawn\b",
    re.IGNORECASE,
)
_START = 400  # abstracts of withdrawn papers begin with it; a long one that mentions it late tells of others


def is_withdrawn(abstract: str, comments: str) -> bool:
    """
    >>> is_withdrawn("This paper has been withdrawn by the author due to an error in Lemma 2.", "")
    True
    >>> is_withdrawn("We study why drugs are withdrawn.", "12 pages")
    False
    """
    return _says_so(comments) or _says_so(abstract[:_START])


def _says_so(text: str) -> bool:
    lowered = text.lower()
    return ("withdrawn" in lowered or "retracted" in lowered) and _SAYS_SO.search(text) is not None
