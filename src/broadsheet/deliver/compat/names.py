"""Cuts names of people into what is put first in catalogues, and the rest."""

from typing import NamedTuple

_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "m.d."})
_PARTICLES = frozenset(
    {"af", "al", "bin", "ibn", "d'", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du"}
    | {"el", "la", "le", "lo", "ten", "ter", "van", "von", "zu", "zum", "zur"}
)
_GROUPS = ("collaboration", "team", "group", "consortium", "project", "authors", "community", "committee")


class Name(NamedTuple):
    key: str  # the family name, or all of a name that is not a person's
    fore: str
    suffix: str


def parted(name: str) -> Name:
    """Put together again as forenames, key name, suffix it reads as before.

    >>> parted("Johannes Diderik van der Waals")
    Name(key='van der Waals', fore='Johannes Diderik', suffix='')
    >>> parted("Martin L. King Jr."), parted("ATLAS Collaboration")
    (Name(key='King', fore='Martin L.', suffix='Jr.'), Name(key='ATLAS Collaboration', fore='', suffix=''))
    >>> parted("Lovelace, Ada")
    Name(key='Lovelace', fore='Ada', suffix='')
    """
    last, comma, first = name.partition(",")
    if comma and first.strip().lower() not in _SUFFIXES:
        return Name(last.strip(), first.strip(), "")
    words = name.replace(",", " ").split()
    suffix = words.pop() if len(words) > 1 and words[-1].lower() in _SUFFIXES else ""
    if len(words) < 2 or words[-1].lower() in _GROUPS:
        return Name(" ".join(words), "", suffix)
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].lower() in _PARTICLES:
        cut -= 1
    return Name(" ".join(words[cut:]), " ".join(words[:cut]), suffix)
