"""The lines of small print around a paper in every list, written straight as HTML.

A list page holds some thirty of them; as templates they took a third of the time of such a page.
"""

from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from broadsheet.deliver import words
from broadsheet.deliver.latex import readable
from broadsheet.deliver.web import charts
from broadsheet.domain.edition import Window, WindowKind, day_in_words
from broadsheet.store.page_values import Facts

AUTHORS_SHOWN = 3
_SIGNALS = ("upvotes", "stars", "comments", "points", "citations")


@lru_cache(maxsize=1_024)
def page_of(window: Window) -> str:
    """The address of a window's edition."""
    return reverse(window.kind, args=[window.slug] if window.kind is not WindowKind.ALL else [])


def byline(paper: Facts, window: Window | None = None) -> SafeString:
    """Who, in which categories, with what code. In an edition a category leads to its papers there;
    elsewhere the date tells what the edition would."""
    parts = [_authors(paper.authors)]
    if window is None and paper.dated_on:
        parts.append(day(paper.dated_on))
    if paper.categories:
        parts.append(f'<span class="cats dots">{_chips(paper.categories, window)}</span>')
    links = [
        _link(url, word, paper.title) for word, url in (("Code", paper.code), ("Project", paper.project))
    ]
    if any(links):
        parts.append(f'<span class="cats dots">{"".join(links)}</span>')
    return SafeString("\n".join(part for part in parts if part))


def figures(paper: Facts) -> SafeString:
    """Upvotes, stars and comments as far as a source told them, with the word each takes."""
    known = [(kind, paper.latest(kind)) for kind in _SIGNALS] if paper.series else []  # type: ignore[arg-type]
    told = "".join(
        f"<div><dt>{kind if value != 1 else kind[:-1]}</dt><dd>{value:,}</dd></div>"
        for kind, value in known
        if value is not None
    )
    return SafeString(
        f'<div class="figures">\n{charts.spark(paper)}\n<dl>{told}</dl>\n</div>' if told else ""
    )


def day(when: date) -> SafeString:
    """A near day in relation to today, another by its date; the weekday on hover."""
    return _day(when, timezone.now().date())


@lru_cache(maxsize=4_096)
def _day(when: date, today: date) -> SafeString:
    said = words.days_ago(when, today)
    return SafeString(f'<time datetime="{when.isoformat()}" title="{day_in_words(when)}">{said}</time>')


def _authors(authors: tuple[str, ...]) -> str:
    if not authors:
        return ""
    shown = escape(", ".join(readable(name) for name in authors[:AUTHORS_SHOWN]))
    more = len(authors) - AUTHORS_SHOWN
    rest = f' <span class="plus">+ {more}<span class="sr"> more authors</span></span>' if more > 0 else ""
    return f"<span>{shown}{rest}</span>"


@lru_cache(maxsize=4_096)
def _chips(categories: tuple[str, ...], window: Window | None) -> str:
    if window is None:
        return "".join(f"<span>{escape(name)}</span>" for name in categories)
    edition = escape(page_of(window))
    return "".join(
        f'<a class="quiet" href="{edition}?cat={quote(name)}">{escape(name)}</a>' for name in categories
    )


def _link(url: str, word: str, title: str) -> str:
    if not url:
        return ""
    heard = f'<span class="sr"> of {escape(readable(title))}</span>'
    return f'<a href="{escape(url)}" rel="noreferrer">{word}{heard}</a>'
