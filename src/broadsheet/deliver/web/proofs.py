"""The sentence a claim was read from, with the words marked; and chips, which open to show it.

Written straight as HTML: an edition has some fifty of them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from broadsheet.deliver.figures import context_of, headlines, value_of, what_of
from broadsheet.deliver.latex import readable
from broadsheet.deliver.maths import to_html
from broadsheet.deliver.web.passages import sentences
from broadsheet.domain.reading import Span
from broadsheet.store.page_values import Claimed, Facts

LONGEST = 600  # characters of a sentence; of a longer one what stands around the words


def chips(paper: Facts) -> SafeString:
    """At most three figures, each with its sentence. What was taken back claims nothing."""
    if not paper.claims or paper.is_withdrawn:
        return SafeString("")
    items = "".join(_chip(one, paper.text) for one in headlines(paper.claims))
    return SafeString(f'<ul class="claims chips" aria-label="Figures claimed">{items}</ul>')


def _chip(one: Claimed, text: str) -> str:
    parts = [f"<b>{_said(value_of(one.claim))}</b>"]
    parts += [f" {_said(what)}" for what in [what_of(one.claim)] if what]
    context = "".join(f" <span>· {_said(words)}</span>" for words in context_of(one.claim))
    link = f'<a href="{claim_address(one.claim_id)}">Wrong?<span class="sr"> Report this figure</span></a>'
    return (
        f"<li><details><summary>{''.join(parts)}{context}</summary>"
        f"<p>{proof(text, one.claim.quote)} {link}</p></details></li>"
    )


def _said(text: str) -> str:
    return escape(readable(text))


def claim_address(claim_id: int) -> str:
    return reverse("claim", args=[claim_id])


def proof(text: str, quote: Span) -> SafeString:
    """The sentence around the quote; the quote alone where the text has changed since it was read."""
    if text[quote.start : quote.end] != quote.text:
        return SafeString(f"<mark>{to_html(quote.text)}</mark>")
    around = _around(text, quote)
    start, end = _whole_formulas(text, around, quote)
    before, after = text[around.start : start], text[end : around.stop]
    first = "… " if around.start and before and not text[: around.start].rstrip().endswith(_ENDS) else ""
    last = " …" if around.stop < len(text) and not text[: around.stop].rstrip().endswith(_ENDS) else ""
    return SafeString(
        f"{first}{to_html(before)}<mark>{to_html(text[start:end])}</mark>{to_html(after)}{last}"
    )


_ENDS = (".", "!", "?", "。", "！", "？")


def _around(text: str, quote: Span) -> slice:
    """The sentences that the quote touches, cut where they are long."""
    reach = slice(max(0, quote.start - 2 * LONGEST), min(len(text), quote.end + 2 * LONGEST))
    touched = [one for one in _in(text, reach) if one.start < quote.end and quote.start < one.stop]
    start = min((one.start for one in touched), default=quote.start)
    stop = max((one.stop for one in touched), default=quote.end)
    if stop - start <= LONGEST:
        return slice(start, stop)
    near = max(0, LONGEST - len(quote.text)) // 2
    first, last = max(start, quote.start - near), min(stop, quote.end + near)
    first = start if first == start else text.find(" ", first, quote.start) + 1 or quote.start
    last = stop if last == stop else max(quote.end, text.rfind(" ", quote.end, last))
    return slice(first, last)


def _in(text: str, reach: slice) -> Iterator[slice]:
    for one in sentences(text[reach]):
        yield slice(one.start + reach.start, one.stop + reach.start)


def _whole_formulas(text: str, around: slice, quote: Span) -> tuple[int, int]:
    """A mark that begins or ends within a formula takes all of it in."""
    start, end = quote.start, quote.end
    if text.count("$", around.start, start) % 2:
        start = text.rfind("$", around.start, start)
    if text.count("$", around.start, end) % 2:
        end = text.find("$", end, around.stop) + 1 or end
    return start, end


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an abstract, and which of its paper's claims were read from it."""

    html: SafeString
    number: int  # of those that prove something; 0: it proves nothing
    claims: tuple[int, ...]  # claim_id


def proven(text: str, claims: Sequence[Claimed]) -> list[Sentence]:
    """The text sentence by sentence. A claim belongs to the last one that begins before its words do."""
    wholes = list(_whole(text))
    starts = [whole.start for whole in wholes]
    held: dict[int, list[int]] = {}
    for one in claims:
        held.setdefault(max(0, bisect_right(starts, one.claim.quote.start) - 1), []).append(one.claim_id)
    numbers = {place: number for number, place in enumerate(sorted(held), start=1)}
    return [
        Sentence(to_html(text[whole]), numbers.get(place, 0), tuple(held.get(place, ())))
        for place, whole in enumerate(wholes)
    ]


def _whole(text: str) -> Iterator[slice]:
    """Sentences, none of which ends within a formula."""
    start: int | None = None
    stop = 0
    for one in sentences(text):
        start, stop = one.start if start is None else start, one.stop
        if text.count("$", start, stop) % 2 == 0:
            yield slice(start, stop)
            start = None
    if start is not None:
        yield slice(start, stop)
