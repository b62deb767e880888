"""Cuts what was read around a figure down to names: no verbs, no pronouns. Blank is better than wrong."""

import re

from broadsheet.enrich.readings.claims.words import CLASS_OF, word_set

_VERBS = word_set(
    "achieve achieved achieves achieving attained attaining attains averages beats brings causes "
    "causing climbs closes comes completes contains costs cuts decreased decreases decreasing degrades "
    "delivered delivering delivers differ differs dominates doubles dropped dropping drops ends "
    "exceeded exceeding exceeds fail fails falls fell finding finds fits get gets gives grow grows improve "
    "improved improves improving increased increases increasing incurs keeps lands leading leads lift "
    "lifting lifts lowering lowers makes making matches meaning narrows needs obtains outperform "
    "outperformed outperforms peaks preserves raise raises raising reach reached reaches reaching "
    "recovers reduced reduces reducing remains requires retaining retains rises rising runs saves "
    "shrink shrinks sits slows speeding speeds stays surpass surpassed surpasses surpassing takes "
    "trails uses widening wins yielding yields"
)
_LOOSE = word_set(
    "above against along approximately around at below by both compared for from in into its most of on only "
    "or over per roughly than that the to under up with within about as and is are was were a an such should "
    "must may might can could would will solving range other none down up every maximum"
)
_NOBODY = word_set(
    "it its them they that this these those which what we our ours other others one ones himself itself up-to"
)
_WORK = word_set("baseline baselines model models method methods recipe systems approach approaches")
_HEADS_OF_MEASURES = frozenset(
    word for word, classes in CLASS_OF.items() if not {"metric", "gain"}.isdisjoint(classes)
) - {"pass", "win", "average", "mean", "success", "map", "pq"}

_SIZE = re.compile(r"[0-9][0-9.]{0,6}(?:-{1,2}[0-9.]{1,6})?[KMBT]B?")


def tidy_metric(metric: str, *others: str) -> str:
    """Others are what is read as subject and baseline: that is no metric.

    >>> tidy_metric("Ranking improves pretraining loss"), tidy_metric("detection falls")
    ('pretraining loss', 'detection')
    >>> tidy_metric("BigReader", "Fleet", "BigReader"), tidy_metric("nearly"), tidy_metric("GPT-4.1-mini")
    ('', '', '')
    """
    words = _stripped(_beside_verb(metric.removeprefix("scores ").split()))
    if any("=" in word or "%" in word or _is_model(word) for word in words) or (
        words and words[0][0].isdigit()
    ):
        return ""
    if any(set(words) <= set(other.split()) for other in others) or not _WORK.isdisjoint(words):
        return ""
    return " ".join(_before(words, "against"))


def tidy_place(place: str) -> str:
    """
    >>> tidy_place("OmanicSynth brings transfer gains"), tidy_place("VQA accuracy"), tidy_place("2-7B models")
    ('OmanicSynth', '', '')
    """
    words = _stripped(_up_to_verb(place.split()))
    if any("%" in word for word in words) or (words and words[-1].lower() in _HEADS_OF_MEASURES):
        return ""
    if words and _SIZE.fullmatch(words[0]):
        return ""
    return " ".join(words)


def tidy_baseline(baseline: str) -> str:
    """
    >>> tidy_baseline("it"), tidy_baseline("FIFA baseline score of"), tidy_baseline("GPT-4 by")
    ('', 'FIFA baseline score', 'GPT-4')
    """
    words = _stripped(_up_to_verb(baseline.split()))
    return "" if words and words[0].lower() in _NOBODY else " ".join(words).rstrip("-")


def tidy_subject(subject: str, own: str) -> str:
    """
    >>> tidy_subject("Speedups", "Fleet"), tidy_subject("Against the baseline", "Fleet")
    ('Fleet', 'Fleet')
    """
    words = subject.split()
    if not words or words[0].lower() in _LOOSE or words[0].lower() in _VERBS:
        return own
    is_measure = words[-1].lower() in _HEADS_OF_MEASURES and not any(_is_name(word) for word in words)
    return own if is_measure else subject


def _is_model(word: str) -> bool:
    """Longer than "HD95" or "nDCG@10"."""
    is_mixed = any(sign.isdigit() for sign in word) and any(sign.isalpha() for sign in word)
    return is_mixed and len(word) > 6 and "@" not in word and word.lower() not in CLASS_OF


def _is_name(word: str) -> bool:
    return any(sign.isupper() or sign.isdigit() for sign in word[1:])


def _beside_verb(words: list[str]) -> list[str]:
    """What stands behind the last verb, "improves quality", or else before it, "detection falls"."""
    places = [place for place, word in enumerate(words) if word.lower() in _VERBS]
    if not places:
        return words
    return words[places[-1] + 1 :] or _beside_verb(words[: places[-1]])


def _up_to_verb(words: list[str]) -> list[str]:
    place = next((place for place, word in enumerate(words) if word.lower() in _VERBS and place), len(words))
    return words[:place]


def _before(words: list[str], word: str) -> list[str]:
    return words[: words.index(word)] if word in words else words


def _stripped(words: list[str]) -> list[str]:
    first, last = 0, len(words)
    while first < last and words[first].lower() in _LOOSE:
        first += 1
    while first < last and _is_loose_end(words[last - 1]):
        last -= 1
    return words[first:last]


def _is_loose_end(word: str) -> bool:
    return word.lower() in _LOOSE or (len(word) > 5 and word.endswith("ly") and word.islower())
