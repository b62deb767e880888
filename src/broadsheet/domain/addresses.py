"""Addresses of papers, here and elsewhere: made here alone, so that each sign of an id stays one of the path.

A DOI may hold nearly anything: unquoted, `10.1000/a#b` leads to `10.1000/a`, which is another paper.
"""

from urllib.parse import quote

from broadsheet.domain.ids import paper_ref

_AS_THEY_ARE = "/:;,()"  # as they stand in many DOIs; they mean nothing else within a path


def paper_path(key: str) -> str:
    """
    >>> paper_path("arxiv:hep-th/9901001"), paper_path("doi:10.1000/a#b?c")
    ('/paper/hep-th/9901001', '/paper/doi:10.1000/a%23b%3Fc')
    """
    return f"/paper/{paper_in_path(key)}"


def paper_url(site_url: str, key: str) -> str:
    return site_url + paper_path(key)


def similar_path(key: str) -> str:
    return f"/similar/{paper_in_path(key)}"


def card_url(site_url: str, key: str) -> str:
    return f"{site_url}/card/{paper_in_path(key)}.png"


def paper_in_path(key: str) -> str:
    """The short name of a paper as a part of any path."""
    return _quoted(paper_ref(key))


def doi_url(doi: str) -> str:
    """
    >>> doi_url("10.1000/a#b"), doi_url("10.1016/s0370-2693(99)00123-4")
    ('https://doi.org/10.1000/a%23b', 'https://doi.org/10.1016/s0370-2693(99)00123-4')
    """
    return f"https://doi.org/{_quoted(doi)}"


def arxiv_url(number: str) -> str:
    """
    >>> arxiv_url("2401.01234")
    'https://arxiv.org/abs/2401.01234'
    """
    return f"https://arxiv.org/abs/{_quoted(number)}"


def _quoted(name: str) -> str:
    """Where a part is `..` slashes are quoted as well, or programs would take it for the folder above.

    >>> _quoted("10.1000/../x")
    '10.1000%2F..%2Fx'
    """
    has_dots = any(part in (".", "..") for part in name.split("/"))
    return quote(name, safe=_AS_THEY_ARE.replace("/", "") if has_dots else _AS_THEY_ARE)
