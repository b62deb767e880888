"""Cuts the noun phrase that begins or ends at an offset out of the view. No grammar, only where it "
"must stop."""

import re

from broadsheet.enrich.readings.claims.words import word_set

_WORD = re.compile(r"[^\s,;:()\[\]]{1,40}")
_STOP_AFTER = word_set(
    "on by in with while for and when at using across but which that is are was were to under without "
    "as from or if than where who whose achieving reaching over into during after before via within "
    "among between since because respectively has have had can could may will would being be thereby "
    "through despite its their we it they our this only take takes leads lead remains outperforms "
    "outperform achieves achieve shows show suggesting indicating demonstrating making demonstrate "
    "demonstrates reveal reveals confirm confirms indicate indicates requires require averaged "
    "measured"
)
_STOP_BEFORE = _STOP_AFTER | word_set("of also further even not both")
_LEADING = word_set("the a an our its their this these those all both even most of")
_TRIM = ".,;:!?\"'~<>"


def phrase_after(view: str, start: int, end: int, most: int = 7) -> tuple[int, int]:
    """The span of at most `most` words from `start` on, without leading articles.

    >>> text = "than the MobileViTv2 x1.0 baseline on GPU"
    >>> text[slice(*phrase_after(text, 4, len(text)))]
    'MobileViTv2 x1.0 baseline'
    """
    first = last = None
    words = 0
    for found in _WORD.finditer(view, start, min(end, start + 160)):
        gap = view[last if last is not None else start : found.start()]
        word = found[0]
        if words and gap.strip(" \"'"):
            break
        if first is None and word.lower() in _LEADING:
            start = found.end()
            continue
        if word.lower() in _STOP_AFTER or words == most or gap.strip():
            break
        first = found.start() if first is None else first
        last = found.end()
        words += 1
        if word[-1] in ".!?" and not word[:-1].endswith(("vs", "al")):
            break
    if first is None or last is None:
        return start, start
    return first, first + len(view[first:last].rstrip(_TRIM))


def phrase_before(view: str, start: int, end: int, most: int = 6) -> tuple[int, int]:
    """The span of at most `most` words that ends at `end`, without leading articles.

    >>> text = "On GPUs, the small BigReader model outperforms"
    >>> text[slice(*phrase_before(text, 0, 35))]
    'small BigReader model'
    """
    kept: list[re.Match[str]] = []
    for found in reversed(list(_WORD.finditer(view, max(start, end - 120), end))):
        gap = view[found.end() : kept[-1].start() if kept else end]
        if gap.strip(" \"'") or found[0].lower() in _STOP_BEFORE or (kept and found[0][-1] in ".!?"):
            break
        kept.append(found)
        if len(kept) == most:
            break
    while len(kept) > 1 and kept[-1][0].lower() in _LEADING:
        kept.pop()
    return (kept[-1].start(), kept[0].end()) if kept else (end, end)
