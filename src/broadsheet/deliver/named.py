"""What is named from outside (a paper, an edition, a category), read in one way and refused in words."""

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict

from broadsheet.domain.edition import ONE_DAY, BadWindow, Window, WindowKind, parse_window, window_of
from broadsheet.domain.ids import PaperKey, find_key, paper_ref
from broadsheet.lib.text import plain_line, shortened
from broadsheet.store import pages
from broadsheet.store.held_papers import held_key
from broadsheet.store.page_values import PaperPage
from broadsheet.store.paper_page import other_name, read_paper

NEWEST = "newest"
LONGEST_REF = 500
LONGEST_QUERY = 2_000  # characters
LONGEST_NAME = 200
CATEGORY = r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?"
A_CATEGORY = "a category like cs.LG"
A_PAPER = "an arXiv id like 2401.01234, a DOI like 10.1000/xyz, or the address of a paper"
_LONGEST_TOLD = 60
_CATEGORY = re.compile(CATEGORY)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_ONE_SLASH = re.compile(r"^(https?:)/(?=[^/])")  # some proxies make "//" in a path one


Kind = TypeVar("Kind", bound=StrEnum)


class Refused(Exception):
    status = 400


class BadArgument(Refused, ValueError):
    """What was asked makes no sense; says which field, its value, and what is expected."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(f"{field}: got {shortened(repr(value), _LONGEST_TOLD)}, expected {expected}")
        self.field = field
        self.expected = expected


class NotHeld(Refused, LookupError):
    """It is well named, and not here."""

    status = 404


def find(text: str) -> PaperKey | None:
    """The paper that a text from outside names, held or not."""
    return find_key(_ONE_SLASH.sub(r"\1//", text)) if text.isprintable() else None


def key(text: str, field: str = "id") -> PaperKey:
    """Raises BadArgument."""
    found = find(text)
    if found is None:
        raise BadArgument(field, text, A_PAPER)
    return found


def held(text: str, field: str = "id") -> PaperKey:
    """The key of today of a paper under any of its names. Raises BadArgument, NotHeld."""
    named = key(text, field)
    found = held_key(named)
    if found is None:
        raise _missing(named, field)
    return found


def paper(text: str, field: str = "id") -> PaperPage:
    """The paper under any of its names. Raises BadArgument, NotHeld."""
    named = key(text, field)
    found = page_of(named)
    if found is None:
        raise _missing(named, field)
    return found


def page_of(named: PaperKey) -> PaperPage | None:
    """Under this name, or one that it had before."""
    found = read_paper(named)
    if found is None and (name := other_name(named)):
        found = read_paper(PaperKey(name))
    return found


def _missing(named: PaperKey, field: str) -> NotHeld:
    return NotHeld(f"{field}: no paper named {shortened(paper_ref(named), 100)} is held here")


def category(text: str, field: str = "category") -> str:
    """A category, or "" for all."""
    if text and not is_category(text):
        raise BadArgument(field, text, A_CATEGORY)
    return text


def is_category(text: str) -> bool:
    return bool(_CATEGORY.fullmatch(text))


def window(kind: WindowKind, slug: str, today: date, field: str = "when") -> Window:
    """The window of that name; "newest" is the newest that has papers, or today's."""
    if slug == NEWEST and kind is not WindowKind.ALL:
        return pages.newest_window(kind, up_to=today + ONE_DAY) or window_of(kind, today)
    try:
        return parse_window(kind, slug)
    except BadWindow as error:
        examples = {WindowKind.WEEK: "2026-W21", WindowKind.MONTH: "2026-05"}
        expected = f"{NEWEST}, or a {kind} like {examples.get(kind, '2026-05-22')}"
        raise BadArgument(field, slug, expected) from error


def query(text: str, field: str = "q", *, longest: int = LONGEST_QUERY) -> str:
    found = plain_line(text[: longest + 1])
    if not found or len(text) > longest:
        raise BadArgument(field, text, f"a query of 1 to {longest} characters")
    return found


def name(text: str, field: str = "name") -> str:
    """Of an author, a model, a benchmark."""
    found = plain_line(text).replace('"', " ").strip()
    if not found or len(found) > LONGEST_NAME:
        raise BadArgument(field, text, f"a name of 1 to {LONGEST_NAME} characters")
    return found


def one_of(kinds: type[Kind], text: str, field: str) -> Kind:
    try:
        return kinds(text)
    except ValueError as error:
        raise BadArgument(field, text, f"one of {', '.join(kinds)}") from error


def whole_number(given: QueryDict, field: str, usual: int, *, least: int = 1, most: int) -> int:
    text = given.get(field, "").strip()
    if not text:
        return usual
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise BadArgument(field, text, f"a whole number from {least} to {most:,}")
    return int(text)
