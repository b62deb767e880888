"""Papers as RIS, which every reference manager takes: one line a value, ended by CR and LF."""

from broadsheet.deliver.cite.kinds import THESES, Kind
from broadsheet.deliver.cite.reference import Reference
from broadsheet.deliver.people import Person

_TYPES = {Kind.ARTICLE: "JOUR", Kind.MEETING: "CPAPER", Kind.PREPRINT: "UNPB"} | dict.fromkeys(THESES, "THES")
_WHERE = {Kind.MEETING: "T2"} | dict.fromkeys(THESES, "PB")


def ris(of: Reference) -> str:
    """
    Tags: https://en.wikipedia.org/wiki/RIS_(file_format); DA is year/month/day/, what is unknown left empty.
    """
    lines = [
        ("TY", _TYPES[of.kind]),
        ("ID", of.label),
        ("TI", of.title),
        *(("AU", _name(one)) for one in of.people),
        ("PY", str(of.year)),
        ("DA", _date(of)),
        (_WHERE.get(of.kind, "JO"), of.where),
        ("AB", of.abstract),
        *(("KW", word) for word in of.keywords),
        ("DO", of.doi),
        ("UR", of.url),
        ("L2", of.work.code),
        ("AN", f"arXiv:{of.arxiv}" if of.arxiv else ""),
        ("DB", "arXiv" if of.arxiv else ""),
    ]
    written = "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value)
    return f"{written}ER  - \r\n\r\n"


def _name(of: Person) -> str:
    """Last name, first name, suffix; a name that is whole may hold no comma, which would part it."""
    if of.is_whole:
        return of.family.replace(",", " ").replace("  ", " ")
    return of.turned


def _date(of: Reference) -> str:
    year, *rest = of.date
    month, day = ([f"{part:02}" for part in rest] + ["", ""])[:2]
    return f"{year}/{month}/{day}/"
