"""On what a figure was measured, and against what."""

import re
from collections.abc import Iterator

from broadsheet.enrich.readings.claims.nouns import phrase_after
from broadsheet.enrich.readings.claims.view import Texts
from broadsheet.enrich.readings.claims.whose import Own
from broadsheet.enrich.readings.claims.words import CLASS_OF, word_set

_AGAINST = re.compile(
    r"\b(?:than(?! (?:[0-9]|a |an |one |half|two))|compared (?:to|with|against)|over(?! [0-9+])|against"
    r"|relative to"
    r"|with respect to|vs\.?|versus|in comparison (?:to|with)|superior(?:ity)? to|inferior to"
    r"|outperform\w{0,3}|surpass\w{0,3}"
    r"|exceed\w{0,3}|beat\w{0,3}|(?:improv|build)\w{0,7} (?:on|upon)|of the original)(?= )",
)
_ON = re.compile(
    r"\b(on|across|in|over|for|of|from|to|evaluating|solving|including|on-par with|set of|like)(?= )"
)
_NEARNESS = {
    "on": 4,
    "across": 4,
    "in": 2,
    "over": 1,
    "for": 2,
    "evaluating": 3,
    "solving": 2,
    "including": 2,
    "like": 1,
}
_EVALUATED = re.compile(
    r" (?:experiment|evaluat|benchmarked|tested|results|validate|assess)\w{0,6}\b[^.;]{0,70}?\b(?:on"
    r"|across)(?= )"
)
_SET_WORDS = word_set(
    "dataset datasets benchmark benchmarks task tasks set suite corpus split test challenge questions "
    "problems games retrieval generation classification segmentation detection reasoning translation "
    "summarization recognition domains languages images prediction answering scenarios environments "
    "leaderboard modeling tests nowcasting programming"
)
_NO_SET = word_set(
    "gpu gpus cpu cpus llm llms average device devices hardware kv parameters memory flops top-1 top-5 "
    "a100 h100"
)
_SKIP = re.compile(
    r"^(?:a|an|one|single|average|total|particular|addition|contrast|order|terms|up)\b|^[0-9.,+~]+ "
    r"?[%x]?(?: |$)|^[0-9]+(?: |$)"
)


def baseline_of(texts: Texts, sentence: tuple[int, int], start: int, stop: int) -> str:
    """
    >>> from broadsheet.enrich.readings.claims.view import texts_of
    >>> text = texts_of("On GLUE it is 3x faster than BigReader, with 2% higher F1 than the best rival.")
    >>> baseline_of(text, (0, 75), 14, 16)
    'BigReader'
    """
    near = min(sentence[1], stop + 150)
    if phrase := _first_phrase(texts.view, _AGAINST.finditer(texts.lower, stop, near), sentence[1]):
        return phrase
    clause = texts.view.rfind(";", sentence[0], start) + 1  # what was beaten before it is no rival behind it
    before = list(_AGAINST.finditer(texts.lower, max(sentence[0], clause, start - 240), start))
    if phrase := _first_phrase(texts.view, reversed(before), start):
        return phrase
    if phrase := _first_phrase(
        texts.view, _AGAINST.finditer(texts.lower, near, min(sentence[1], near + 300)), sentence[1]
    ):
        return phrase
    earlier = list(_AGAINST.finditer(texts.lower, max(0, sentence[0] - 250), sentence[0]))
    return _first_phrase(texts.view, reversed(earlier), sentence[0])


def _first_phrase(view: str, places: Iterator[re.Match[str]], end: int) -> str:
    for found in places:
        first, last = phrase_after(view, found.end(), end, most=8)
        text = view[first:last].strip()
        if text and not _SKIP.match(text.lower()):
            return text
    return ""


def dataset_of(texts: Texts, sentence: tuple[int, int], start: int, stop: int, own: Own) -> str:
    """What follows "on", "across" or "in" and looks most like something to measure on; the nearer of two."""
    first, last = max(sentence[0], start - 240), min(sentence[1], stop + 130)
    return (
        _likest(texts, (first, last), (start, stop), least=0)
        or (own.name if own.is_data else "")
        or _likest(texts, (max(0, sentence[0] - 250), sentence[0]), (start, stop), least=6)
        or own.measured_on()
    )


def _likest(texts: Texts, within: tuple[int, int], figure: tuple[int, int], least: float) -> str:
    best, view = "", texts.view
    for found in _ON.finditer(texts.lower, *within):
        first, last = phrase_after(view, found.end(), min(len(view), within[1] + 100), most=6)
        distance = min(abs(first - figure[1]), abs(figure[0] - last))
        likeness = (
            _set_likeness(view[first:last]) * (1 + _NEARNESS.get(found[1].lower(), 0)) * (1 - distance / 600)
        )
        if likeness > least:
            best, least = view[first:last], likeness
    return best


def evaluated_on(texts: Texts) -> str:
    """What "experiments on …" speaks of, anywhere in the abstract."""
    view = texts.view
    for found in _EVALUATED.finditer(texts.lower):
        first, last = phrase_after(view, found.end(), min(len(view), found.end() + 100), most=6)
        if _set_likeness(view[first:last]):
            return view[first:last]
    return ""


def _set_likeness(text: str) -> int:
    """0: nothing to measure on; 3: a name of a benchmark; between: a task in words."""
    words = text.lower().split()
    if not words or _SKIP.match(text.lower()) or words[0] in _NO_SET:
        return 0
    is_task = any(word.strip(".,") in _SET_WORDS for word in words)
    is_name = any(sign.isupper() for sign in text.partition(" ")[0]) and "metric" not in CLASS_OF.get(
        words[0], ()
    )
    if is_name and "@" not in words[0]:
        return 3
    return 2 if is_task else 0
