"""The papers of a digest as text and as HTML, as many and as full as a mail has room for.

A paper is written once and kept, in full and in short, whoever gets it: only its number is put in.
"""

import secrets
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string

from broadsheet.deliver.email.digest import Story
from broadsheet.deliver.email.own import MARKS
from broadsheet.deliver.email.wrapped import INDENT, lines

MOST_HTML = 100_000  # bytes; Gmail shows 102 KB
MOST_TEXT = 95_000
MOST_KEPT = 3_000  # papers, of some 5 KB
_RANK = secrets.token_hex(8)  # where the number goes; as secret as the other marks


class Written(NamedTuple):
    full: str
    short: str
    full_bytes: int
    short_bytes: int


def as_html(stories: Sequence[Story], site_url: str, room: int) -> list[str]:
    """The first of them leads."""
    written = [
        _lead(story, site_url) if at == 0 else _row(story, site_url) for at, story in enumerate(stories)
    ]
    return [html.replace(_RANK, str(rank), 1) for rank, html in enumerate(fitting(written, room), start=1)]


def as_text(stories: Sequence[Story], site_url: str, room: int) -> list[str]:
    """The first of them leads."""
    told = fitting([_told(story, site_url, at == 0) for at, story in enumerate(stories)], room)
    return [f"{rank:>3}. {text[len(INDENT) :]}" for rank, text in enumerate(told, start=1)]


def fitting(written: Sequence[Written], room: int) -> list[str]:
    """All in full if that fits; else the first in full and the others in short; else as many as there is
    room for.
    """
    if sum(one.full_bytes for one in written) <= room:
        return [one.full for one in written]
    chosen: list[str] = []
    short = sum(one.short_bytes for one in written)
    for one in written:
        short -= one.short_bytes
        if one.full_bytes + short <= room:
            chosen.append(one.full)
            room -= one.full_bytes
        elif one.short_bytes <= room:
            chosen.append(one.short)
            room -= one.short_bytes
        else:
            break
    return chosen


@lru_cache(MOST_KEPT)
def _row(story: Story, site_url: str) -> Written:
    return _written(lambda is_full: _rendered("email/story.html", story, site_url, is_full))


@lru_cache(MOST_KEPT)
def _lead(story: Story, site_url: str) -> Written:
    return _written(lambda is_full: _rendered("email/lead.html", story, site_url, is_full))


@lru_cache(MOST_KEPT)
def _told(story: Story, site_url: str, is_lead: bool) -> Written:
    about = [story.one_line + story.mark, story.text] if is_lead else [story.line + story.mark]
    return _written(lambda is_full: _as_text(story, site_url, [*about, story.reason] if is_full else []))


def _written(write: Callable[[bool], str]) -> Written:
    full, short = write(True), write(False)
    return Written(full, short, len(full.encode()) + 2, len(short.encode()) + 2)  # with what stands between


def _rendered(template: str, story: Story, site_url: str, is_full: bool) -> str:
    links = {"more": feedback(story, site_url, "more"), "less": feedback(story, site_url, "less")}
    return render_to_string(template, {"story": story, "is_full": is_full, "rank": _RANK, **links})


def _as_text(story: Story, site_url: str, about: Sequence[str]) -> str:
    told = (
        lines(story.title, INDENT),
        lines(story.authors, INDENT),
        *(lines(words, INDENT) for words in about),
        f"{INDENT}{story.url}",
        f"{INDENT}Code: {story.code}" if story.code else "",
        f"{INDENT}More or less like this: {feedback(story, site_url)}",
    )
    return "\n".join(filter(None, told))


def feedback(story: Story, site_url: str, like: str = "") -> str:
    """Without `like` the page asks for it: plain text has no room for two long links beside each paper."""
    asked = f"&like={like}" if like else ""
    return f"{site_url}/feedback?token={MARKS.feedback}&paper={story.ref}{asked}"
