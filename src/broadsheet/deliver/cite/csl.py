"""Papers as CSL-JSON, the form that pandoc, Zotero and citeproc read; only fields that its schema knows."""

from typing import Any

from broadsheet.deliver.cite.kinds import THESES, Kind
from broadsheet.deliver.cite.reference import Reference
from broadsheet.deliver.people import Person

_TYPES = {Kind.ARTICLE: "article-journal", Kind.MEETING: "paper-conference", Kind.PREPRINT: "article"}
_GENRES = {Kind.DOCTORAL: "PhD thesis", Kind.MASTERS: "Master's thesis"}


def csl(of: Reference) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": of.label,
        "type": _TYPES.get(of.kind, "thesis"),
        "title": of.title,
        "author": [_name(one) for one in of.people],
        "issued": {"date-parts": [list(of.date)]},
        "genre": _GENRES.get(of.kind, ""),
        "publisher" if of.kind in THESES else "container-title": of.where,
        "abstract": of.abstract,
        "keyword": ", ".join(of.keywords),
        "DOI": of.doi,
        "URL": of.url,
        "categories": list(of.work.categories),
        "version": str(of.work.version or ""),
    }
    if of.arxiv:
        told |= {"number": f"arXiv:{of.arxiv}", "archive": "arXiv", "archive_location": of.arxiv}
        told |= {"publisher": "arXiv"} if of.kind is Kind.PREPRINT else {}
    return {name: value for name, value in told.items() if value}


def _name(of: Person) -> dict[str, str]:
    if of.is_whole or not of.given:
        return {"literal": of.family}
    parts = {"family": of.family, "given": of.given, "suffix": of.suffix}
    parts["non-dropping-particle"] = of.particle
    return {name: value for name, value in parts.items() if value}
