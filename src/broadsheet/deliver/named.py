"""What programs name in a call (a paper, an edition, a category), read in one way and refused in words."""

import re
from datetime import date

from broadsheet.domain.edition import ONE_DAY, BadWindow, Window, WindowKind, parse_window, window_of
from broadsheet.domain.ids import PaperKey, find_key, paper_ref
from broadsheet.lib.text import shortened
from broadsheet.store import pages
from broadsheet.store.page_values import PaperPage
from broadsheet.store.paper_page import other_name, read_paper

NEWEST = "newest"
LONGEST_REF = 500
_LONGEST_TOLD = 60
_CATEGORY = re.compile(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")
_A_PAPER = "an arXiv id like 2401.01234, a DOI like 10.1000/xyz, or the address of a paper"


class BadArgument(ValueError):
    """What was asked makes no sense; says which field, its value, and what is expected."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(f"{field}: got {shortened(repr(value), _LONGEST_TOLD)}, expected {expected}")
        self.field = field
        self.expected = expected


class NotHeld(LookupError):
    """It is well named, and not here."""


def paper(text: str, field: str = "id") -> PaperPage:
    """The paper under any of its names. Raises BadArgument, NotHeld."""
    key = find_key(text) if len(text) <= LONGEST_REF and text.isprintable() else None
    if key is None:
        raise BadArgument(field, text, _A_PAPER)
    found = read_paper(key)
    if found is None and (name := other_name(key)):
        found = read_paper(PaperKey(name))
    if found is None:
        raise NotHeld(f"{field}: no paper named {shortened(paper_ref(key), 100)} is held here")
    return found


def category(text: str, field: str = "category") -> str:
    if text and not _CATEGORY.fullmatch(text):
        raise BadArgument(field, text, "a category like cs.LG")
    return text


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
