"""Where the sentences of a text begin and end."""

import re
from bisect import bisect_right

from broadsheet.enrich.readings.claims.words import word_set

_END = re.compile(r"[.!?;][\"')\]]{0,2} {1,9}(?=[A-Z0-9(\"'~])")
# What a full stop after does not end: "e.g. GPT-4", "vs. 62.2", "et al. 2023".
_SHORT = word_set("e.g i.e vs al cf approx resp fig eq sec no w.r.t ca etc dr st")
LONGEST = 1_200  # text without a full stop is cut, so that no step looks at more at once


def sentence_starts(view: str) -> list[int]:
    """The offset of every sentence, and the length of the text at the end.

    >>> sentence_starts("It wins, e.g. On GLUE. We gain 3.5 points. ")
    [0, 23, 43]
    """
    starts = [0]
    for found in _END.finditer(view):
        end = found.end()
        if found[0][0] == "." and _is_short(view, found.start()):
            continue
        _cut_long(starts, end)
        starts.append(end)
    _cut_long(starts, len(view))
    if starts[-1] != len(view):
        starts.append(len(view))
    return starts


def _is_short(view: str, stop: int) -> bool:
    word = view[max(0, stop - 7) : stop].rpartition(" ")[2].lstrip("(").lower()
    return word in _SHORT


def _cut_long(starts: list[int], end: int) -> None:
    while end - starts[-1] > LONGEST:
        starts.append(starts[-1] + LONGEST)


def sentence_around(starts: list[int], at: int) -> tuple[int, int]:
    place = bisect_right(starts, at)
    if place >= len(starts):
        return starts[-2], starts[-1]
    return starts[place - 1], starts[place]
