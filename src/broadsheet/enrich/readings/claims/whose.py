"""Whose figure it is: the one the sentence speaks of, or else the paper's own work."""

import re
from dataclasses import dataclass

from broadsheet.enrich.readings.claims.nouns import phrase_after, phrase_before

_HEAD = re.compile(r"[A-Za-z0-9][\w.+^/-]{1,30}(?: [A-Za-z0-9][\w.+-]{0,20}){0,3}")
_INTRODUCED = re.compile(
    r"\b(?:propos\w{1,3}|introduc\w{1,3}|present|presents|develop|develops|devise|release|construct|create|curate|build|"
    r"design|describe|explore|offer|contribute)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:called|named|dubbed|termed|namely|coined|as|, )\s{1,3}(?=[A-Z])")
_NAME = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z0-9][\w.+-]{0,24}|[A-Z][a-z]{1,15}[A-Z0-9-][\w.+-]{0,24}")
_IS_SET = re.compile(r"\b(?:benchmark|dataset|data set|corpus|test ?bed|suite|leaderboard)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:achiev|outperform|surpass|exceed|improv|reduc|attain|obtain|reach|yield|deliver|demonstrat|show|increas|decreas"
    r"|boost|accelerat|sav|cut|lower|provid|offer|enabl|perform|run|score|beat|solv|produc|gain|gives|give|get|gets|takes|take"
    r"|requires|require|uses|use|consum|contain|match|retain|maintain|recover|leads|lead|result|speed|degrad|drop|struggl"
    r"|can|could|is|are|was|were|has|have|remain|generat|train|scale|bring|need|make|complet|answer|transfer|rank)[a-z]{0,4}\b"
)
_PRONOUN = frozenset(
    "it they we this that these which results result experiments experiment our evaluation evaluations ones model method "
    "approach framework models methods technique system algorithm there he she one study analysis findings".split()
)
_OURS = re.compile(r"\b(?:our|the proposed|this) {1,2}(?=[A-Z])")
_SETS_OUT = 600  # a paper says what it brings within these many characters of "we propose"


@dataclass(frozen=True, slots=True)
class Own:
    """The paper's own work: what it is called, and whether that is something to measure others on."""

    name: str
    is_data: bool


def own_work(title: str, view: str) -> Own:
    """
    >>> own_work("Fleet: Fast Readers", "We present Fleet, a benchmark of reading.")
    Own(name='Fleet', is_data=True)
    """
    head, colon, _ = title[:200].partition(":")
    found = _INTRODUCED.search(view)
    near = view[found.end() : found.end() + 160] if found is not None else ""
    is_data = _IS_SET.search(near) is not None or _IS_SET.search(title[:200]) is not None
    if colon and len(head.split()) <= 4 and _NAME.search(head + ("" if len(head.split()) > 1 else "-")):
        return Own(head.strip(), is_data)
    if (name := _NAME.search(near)) is not None:
        return Own(name[0].rstrip(".,-"), is_data)
    if colon and len(head.split()) <= 4:
        return Own(head.strip(), is_data)
    if found is not None:
        start, end = phrase_after(view, found.end(), min(len(view), found.end() + 160), most=6)
        return Own(view[start:end], is_data)
    return Own("", is_data)


def subject_of(view: str, sentence: tuple[int, int], at: int, own: Own) -> str:
    """The noun phrase before the last verb before the figure; a pronoun or "our method" is the paper's own."""
    start = max(sentence[0], at - 260)
    if (ours := _last(_OURS, view, start, at)) is not None and (
        name := _NAME.match(view, ours.end())
    ) is not None:
        return name[0].rstrip(".,-")
    for verb in reversed(list(_VERB.finditer(view, start, at))):
        first, last = phrase_before(view, start, verb.start())
        phrase = view[first:last].strip()
        words = phrase.lower().split()
        if not words or len(words) == 1 and words[0] in _VERBISH:
            continue
        if words[-1] in _PRONOUN or words[0] in ("our", "we", "it"):
            return _described(phrase, words, own)
        if phrase[:1].isupper() or any(map(_is_name, phrase.split())):
            return phrase
    return own.name


_VERBISH = frozenset(
    "can could may might will would also further not to even that shows show and is are".split()
)


def _described(phrase: str, words: list[str], own: Own) -> str:
    if len(words) > 1 and words[0] not in ("our", "we", "it") and any(map(_is_name, phrase.split())):
        return phrase
    return own.name


def _is_name(word: str) -> bool:
    return any(sign.isupper() or sign.isdigit() for sign in word)


def _last(pattern: re.Pattern[str], view: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(view, start, end):
        pass
    return found
