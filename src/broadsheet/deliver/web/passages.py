"""Chooses what of a paper's text a result shows: the sentences that hold most of the words asked for."""

import re
from collections.abc import Iterator

from broadsheet.rank.hits import Words, hits

LENGTH = 280  # characters
_BEFORE_HIT = 60
_END = re.compile(r"[.!?]\s+(?=[A-Z“\"$])|[。！？]")
_NO_END = ("e.g.", "i.e.", "et al.", "vs.", "cf.", "resp.")


def passage(text: str, words: Words) -> str:
    """The sentence with most of the words, or the first one; one more if it has others and there is room."""
    pieces = list(sentences(text))
    held = _held(text, pieces, words)
    best = max(range(len(pieces)), key=lambda at: (len(held[at]), -at))
    piece = _cut(text, pieces[best], words)
    others = [at for at in range(best + 1, len(pieces)) if held[at] - held[best]]
    more = max(others, key=lambda at: (len(held[at] - held[best]), -at), default=None)
    if more is not None:
        added = text[pieces[more]]
        if len(piece) + len(added) < LENGTH and not piece.endswith("…"):
            piece += f" {added}" if more == best + 1 else f" … {added}"
    return piece


def _held(text: str, pieces: list[slice], words: Words) -> list[set[str]]:
    held: list[set[str]] = [set() for _ in pieces]
    at = 0
    for hit in hits(text, words):
        while hit.start >= pieces[at].stop and at < len(pieces) - 1:
            at += 1
        held[at].add(hit.word)
    return held


def sentences(text: str) -> Iterator[slice]:
    start = 0
    for gap in _END.finditer(text):
        stop = gap.start() + 1
        if not text.endswith(_NO_END, start, stop):
            yield slice(start, stop)
            start = gap.end()
    if start < len(text) or not start:
        yield slice(start, len(text))


def _cut(text: str, sentence: slice, words: Words) -> str:
    """At most LENGTH characters around the first hit; an ellipsis stands wherever text is left out."""
    start, stop = sentence.start, sentence.stop
    first = next((hit.start for hit in hits(text, words) if start <= hit.start < stop), start)
    if stop - start > LENGTH and first - start > LENGTH - _BEFORE_HIT:
        start = _outside_formula(text, sentence.start, text.rfind(" ", 0, first - _BEFORE_HIT) + 1)
    piece = text[start:stop]
    if len(piece) > LENGTH:
        end = piece.rfind(" ", 0, LENGTH)
        piece = _without_half_formula(piece[: end if end > 0 else LENGTH]) + " …"
    return piece if start == 0 else f"… {piece}"


def _outside_formula(text: str, sentence: int, start: int) -> int:
    """A start within a formula goes behind it."""
    if text.count("$", sentence, start) % 2 == 0:
        return start
    return text.find("$", start) + 1 or start


def _without_half_formula(piece: str) -> str:
    return piece[: piece.rfind("$")].rstrip() if piece.count("$") % 2 else piece
