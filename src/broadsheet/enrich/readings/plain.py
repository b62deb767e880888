"""The plainest reading there is: a number before % or x, the words before a title's colon, an address.

Each function stands in until a module of its own reads better; `reader.py` says which of them are in use.
"""

import re

from broadsheet.domain.reading import (
    Claim,
    Direction,
    PaperKind,
    Size,
    Span,
    TextLink,
    TextLinkKind,
)
from broadsheet.lib.safe_url import web_address

LONGEST_NAME = 40
_FIGURE = re.compile(r"(?<![\w.,])(\d{1,9}(?:\.\d{1,6})?)\s{0,2}(\\?%|(?:[x×]|times)(?![A-Za-z]))")
_AROUND = 160  # characters
_SENTENCE_END = re.compile(r"[.!?]\s")
_AGAINST = re.compile(r"\b(?:over|than|compared (?:to|with)|vs\.?)\s((?:[A-Z0-9][\w.+-]{0,30}[ ,.]?){1,3})")
_ON = re.compile(r"\bon ((?:[A-Z][\w.+-]{1,30}[ ,.]?){1,3})")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]{4,300}")
_CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")


def read_names(title: str, abstract: str) -> list[str]:
    name, colon, _ = title.partition(":")
    return [name.strip()] if colon and 0 < len(name.strip()) <= LONGEST_NAME else []


def read_claims(title: str, abstract: str) -> tuple[list[Claim], list[Size]]:
    return [_claim(found, abstract) for found in _FIGURE.finditer(abstract)], []


def read_kind(title: str, abstract: str, names: list[str]) -> PaperKind | None:
    return PaperKind.SURVEY if "survey" in title.lower() else None


def read_keywords(title: str, abstract: str) -> list[str]:
    return []


def read_links(title: str, abstract: str, names: list[str]) -> list[TextLink]:
    found = (web_address(one.group().rstrip(".,;)")) for one in _ADDRESS.finditer(abstract))
    return [TextLink(url, _kind_of(url)) for url in dict.fromkeys(filter(None, found))]


def read_one_line(title: str, abstract: str) -> Span | None:
    end = _SENTENCE_END.search(abstract)
    text = abstract[: end.start() + 1] if end else abstract
    return Span(text, 0, len(text)) if 0 < len(text) <= 400 else None


def _kind_of(url: str) -> TextLinkKind:
    return TextLinkKind.CODE if any(host in url for host in _CODE_HOSTS) else TextLinkKind.PROJECT


def _claim(found: re.Match[str], text: str) -> Claim:
    start, end = _bounds(text, found.start(), found.end())
    against, on = _AGAINST.search(text, found.end(), end), _ON.search(text, found.end(), end)
    unit = "%" if found[2].endswith("%") else "x"
    return Claim(
        value=float(found[1]),
        unit=unit,
        quote=Span(text[start:end], start, end),
        baseline=against[1].strip(" ,.") if against else "",
        dataset=on[1].strip(" ,.") if on else "",
        direction=Direction.BETTER if against else None,
    )


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """A little of the sentence around a figure, cut between words."""
    first = max(0, start - _AROUND)
    behind = [stop.end() for stop in _SENTENCE_END.finditer(text, first, start)]
    first = behind[-1] if behind else text.find(" ", first, start) + 1 if first else 0
    ahead = _SENTENCE_END.search(text, end, end + _AROUND)
    last = ahead.start() if ahead else min(len(text), end + _AROUND)
    return first, last
