"""Takes a printed name apart, so that its parts in their order are the name again."""

import re
from dataclasses import dataclass

from broadsheet.deliver.latex import readable
from broadsheet.lib.text import plain_line

_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "m.d."}
_PARTICLES = frozenset(
    (
        *(
            "van",
            "von",
            "vom",
            "der",
            "den",
            "de",
            "del",
            "della",
            "dei",
            "di",
            "da",
            "do",
            "dos",
            "das",
            "du",
        ),
        *(
            "la",
            "le",
            "lo",
            "ten",
            "ter",
            "te",
            "zu",
            "zum",
            "zur",
            "af",
            "av",
            "bin",
            "ibn",
            "al",
            "el",
            "d'",
        ),
        *("’t", "'t", "dela", "des", "y"),
    )
)
_TOGETHER_WORDS = (
    *("collaboration", "collaborations", "consortium", "group", "team", "project", "society", "association"),
    *("university", "institute", "laboratory", "committee", "initiative", "network", "center", "centre"),
    *("department", "working", "foundation", "alliance", "community", "others", "authors"),
)
_TOGETHER = re.compile(rf"\b(?:{'|'.join(_TOGETHER_WORDS)}|et al)\b", re.IGNORECASE)
_UNUSUAL = frozenset((*_TOGETHER_WORDS, *_SUFFIXES, "and", "et", "al"))
_ODD = re.compile(r"[,;:{}\\()\[\]&/@0-9]|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """`given particle family suffix`; of what is no person's name, or a single word, all is `family`."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    is_whole: bool = False  # not to be taken apart by anybody

    @property
    def last(self) -> str:
        return f"{self.particle} {self.family}".strip()

    @property
    def turned(self) -> str:
        """As catalogues have it: "van Beethoven, Ludwig"."""
        return ", ".join(part for part in (self.last, self.given, self.suffix) if part)


def person(name: str) -> Person:
    """
    >>> person("Ludwig van Beethoven")
    Person(family='Beethoven', given='Ludwig', particle='van', suffix='', is_whole=False)
    >>> person("C. D. Roe Jr.").suffix, person("The ATLAS Collaboration").is_whole, person("Plato").family
    ('Jr.', True, 'Plato')
    """
    if usual := _usual(name):
        return usual
    name = plain_line(readable(name))
    words = _in_order(name).split()
    suffix = words.pop() if len(words) > 1 and words[-1].lower() in _SUFFIXES else ""
    if _ODD.search(" ".join(words)) or _TOGETHER.search(name):
        return Person(name, is_whole=True)
    if len(words) < 2:
        return Person(name, is_whole=bool(suffix))
    first = len(words) - 1
    while first > 1 and words[first - 1] in _PARTICLES:
        first -= 1
    return Person(words[-1], " ".join(words[:first]), " ".join(words[first:-1]), suffix)


def _usual(name: str) -> Person | None:
    """Half of all names are two plain words: a harvest takes a million of them apart."""
    given, space, family = name.partition(" ")
    if not space or not name.isascii() or not family.isalpha() or not given.rstrip(".").isalpha():
        return None
    if given.lower() in _UNUSUAL or family.lower() in _UNUSUAL:
        return None
    return Person(family, given)


def _in_order(name: str) -> str:
    """
    >>> _in_order("Lovelace, Ada"), _in_order("Martin L. King, Jr."), _in_order("A, B, C")
    ('Ada Lovelace', 'Martin L. King Jr.', 'A, B, C')
    """
    first, comma, second = name.partition(", ")
    if not comma or "," in second:
        return name
    return f"{first} {second}" if second.lower() in _SUFFIXES else f"{second} {first}"
