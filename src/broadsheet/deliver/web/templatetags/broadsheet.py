"""What templates may call: a paper's text as HTML, numbers and times in words, charts."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from broadsheet.deliver import figures, words
from broadsheet.deliver.latex import readable
from broadsheet.deliver.maths import to_html
from broadsheet.deliver.web import charts, pieces, proofs
from broadsheet.domain.addresses import doi_url, paper_path, similar_path
from broadsheet.domain.claim_values import claim_of_json
from broadsheet.domain.edition import Window, day_in_words
from broadsheet.domain.ids import paper_ref
from broadsheet.lib.safe_url import web_address
from broadsheet.rank.reasons import ordinal

register = template.Library()
register.filter(pieces.page_of)

register.filter("html", to_html)
register.filter("plain", readable)
register.filter("byline", pieces.byline)
register.filter("figures", pieces.figures)
register.filter("chips", proofs.chips)
register.filter("claim_address", proofs.claim_address)
register.filter("claim_value", figures.value_of)
register.filter("claim_what", figures.what_of)
register.filter("in_figures", figures.in_words)
register.filter("on", pieces.day)
register.filter("counted", words.counted)
register.filter("source_name", words.source_name)
register.filter("list_name", words.list_name)
register.filter("short_date", words.short_date)
register.filter("short_day", charts.short_day)
register.filter("ref", paper_ref)
register.filter("address", paper_path)
register.filter("similar_address", similar_path)
register.filter("doi_address", doi_url)
register.filter("in_words", day_in_words)


@register.filter
def figure(value: float) -> str:
    return f"{value:,.10g}"


@register.filter
def exact(value: float | None) -> str:
    """As it is typed into a field."""
    return "" if value is None else f"{value:.15g}"


@register.filter
def told_claim(told: dict[str, Any]) -> str:
    """A claim as a correction keeps it."""
    return figures.in_words(claim_of_json(told))


@register.filter
def score(value: float) -> str:
    return f"{value:.2f}"


@register.filter
def neighbour(window: Window) -> str:
    """A window as the links to the one before and after name it: Thursday 21, Week 20, April."""
    if window.kind in ("day", "trending"):
        return f"{window.start:%A} {window.start.day}"
    return window.title.partition(" of ")[0] if window.kind == "week" else f"{window.start:%B}"


@register.filter
def ago(when: datetime) -> SafeString:
    """How long ago, with the exact time on hover."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        f"{when:%Y-%m-%dT%H:%M:%SZ}",
        words.moment_in_words(when),
        words.ago(when, timezone.now()),
    )


@register.filter
def moment(when: datetime) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>', f"{when:%Y-%m-%dT%H:%M:%SZ}", words.moment_in_words(when)
    )


@register.filter
def soon(when: datetime) -> SafeString:
    """A moment of the next days, for which nobody needs the year."""
    said = f"{when:%A} {when.day} {when:%B, %H:%M} UTC"
    return format_html('<time datetime="{}">{}</time>', f"{when:%Y-%m-%dT%H:%M:%SZ}", said)


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.filter
def word(number: int, singular: str) -> str:
    """The word in the number it takes."""
    return singular if number == 1 else f"{singular}s"


@register.filter
def quoted(text: str) -> str:
    """A name of several words as a phrase of the query language."""
    bare = text.replace('"', " ").strip()
    return f'"{bare}"' if " " in bare else bare


@register.filter
def changed(mended: str, typed: str) -> SafeString:
    """A mended query, with the words marked that were not typed so."""
    as_typed = set(typed.lower().split())
    words = ((word, word.lower() in as_typed) for word in mended.split())
    marked = (format_html("{}" if is_same else "<mark>{}</mark>", word) for word, is_same in words)
    return format_html_join(" ", "{}", ((word,) for word in marked))


@register.filter
def host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


@register.filter
def licence(text: str) -> str | SafeString:
    """A licence that is an address becomes a link; its text is the address without the scheme."""
    found = web_address(text)
    if found is None:
        return text
    return format_html('<a href="{}" rel="noreferrer">{}</a>', found, found.partition("//")[2].rstrip("/"))


@register.filter
def shown_json(value: Any) -> str:
    return json.dumps(value, default=str, indent=1)


register.filter("ordinal", ordinal)
