"""What surrounds a figure, as a set of cues: the features that the decision weighs."""

import re

from broadsheet.enrich.readings.claims.figures import Figure
from broadsheet.enrich.readings.claims.words import CLASS_OF

# Beginnings of words, each after a space: looking for these is faster than one expression for all.
_STEMS = {
    "own": (" we ", " our ", " ours ", " this paper", " this work", " proposed "),
    "outcome": (
        " result", " experiment", " evaluat", " achiev", " outperform", " surpass", " demonstrat", " empirical", " improv",
        " reduc", " show", " find", " found", " faster", " exceed", " attain", " obtain", " yield", " speed",
    ),
    "made of": (
        " contain", " compris", " consist", " collect", " cover", " curat", " annotat", " span", " corpus", " dataset",
        " benchmark", " releas", " includ",
    ),
    "others": (
        " existing", " previous", " prior", " recent", " typical", " traditional", " current", " however", " often",
    ),
}  # fmt: skip
_OWN = re.compile(r"\b(?:we|our|ours|this (?:paper|work)|proposed)\b")
# "compared to 77.0 %", "surpassing ArenaHard's 0.91": a figure of somebody else.
_AGAINST = re.compile(
    r"\b(?:vs\.?|versus|compared (?:to|with)|against|than|surpassing|exceeding|over|beating|whereas|while|from)"
    r" {1,2}(?!by\b)(?:[^ ]{1,25} {1,2}){0,7}[(~<>]?$",
)
_STEP = re.compile(
    r"\b(?:by|of|to|at least|up to|than|around|about|roughly|nearly|over|achieves?|reach\w{0,3}|a|an|and) {1,2}[~<>+(]?$"
)
_POSSESSIVE = re.compile(r"[A-Za-z0-9]'s? {1,2}[~]?$")
_RELATIVE = re.compile(r"\b(?:which|that|whose) (?:[a-z]{1,12} ){1,3}[~<>]?$")
_VERSUS = re.compile(r"[^.;]{0,25}\b(?:vs|versus|compared (?:to|with)|against|than)\b")
_PORTION = re.compile(
    r" {0,2}(?:of |the |its |all |original |available |downstream |labell?ed |full |model |post-?|pre-?|training ){0,6}"
    r"(?:data|labels|parameters|samples|annotations|dataset|weights|neurons|tokens|supervision)\b"
)
_METRIC_NEAR = frozenset({"left1 metric", "left2 metric", "right1 metric", "right2 metric"})
_TRIM = ".,;:!?()[]\"'~<>+=%"
REACH = 64


def first_own_word(lower: str) -> int:
    """Where the paper first speaks of itself; what stands before is what others did."""
    found = _OWN.search(lower)
    return found.start() if found is not None else 0


def sentence_cues(lower: str, sentence: tuple[int, int], first_own: int) -> list[str]:
    start, end = sentence
    text = " " + lower[start:end]
    cues = [name for name, stems in _STEMS.items() if any(stem in text for stem in stems)]
    place = start / max(1, len(lower))
    cues.append("early" if place < 0.35 else "middle" if place < 0.7 else "late")
    if end <= first_own:
        cues.append("before own")
    return cues


def figure_cues(view: str, lower: str, figure: Figure, sentence: tuple[int, int]) -> list[str]:
    head = figure.list_head or figure  # what stands before and after a list is said of all in it
    start, stop = head.start, max(figure.stop, head.list_stop)
    first, last = max(sentence[0], start - REACH), min(sentence[1], stop + REACH)
    left, right = lower[first:start], lower[stop:last]
    cues = _shape(figure)
    before, after = _left_words(left, view[first:start]), _right_words(right)
    cues += before + after
    if figure.kind == "bare" and not _METRIC_NEAR.isdisjoint(before + after):
        cues.append("score decimal" if figure.is_decimal else "score whole")
    if _PORTION.match(right):
        cues.append("portion")
    if _AGAINST.search(left) and not _STEP.search(left):
        cues.append("against")
    if _POSSESSIVE.search(left):
        cues.append("possessive")
    if _RELATIVE.search(left):
        cues.append("relative")
    if _VERSUS.match(right):
        cues.append("versus")
    if left.rstrip(" ~<>").endswith("(") or right.lstrip().startswith(")"):
        cues.append("bracket")
    return cues


def _shape(figure: Figure) -> list[str]:
    kind = figure.kind
    cues = [f"kind {kind}"]
    if figure.is_word:
        cues.append("word")
    if figure.is_scaled:
        cues.append("scaled")
    if figure.value_max is not None:
        cues.append("range")
    if figure.before is not None:
        cues.append("changed")
    if kind == "bare":
        cues.append(
            "bare decimal" if figure.is_decimal else "bare large" if figure.value >= 100 else "bare small"
        )
    elif figure.is_decimal:
        cues.append("decimal")
    return cues


def _left_words(left: str, as_written: str) -> list[str]:
    words = left.split()[-5:]
    cues = []
    for distance, word in enumerate(reversed(words)):
        plain = word.strip(_TRIM)
        where = "left1" if distance == 0 else "left2" if distance < 3 else "left"
        cues += [f"{where} {name}" for name in CLASS_OF.get(plain, ())]
        if distance == 0:
            cues.append(f"left= {plain}" if plain in CLASS_OF else "left name" if as_written.split()[-1:] != [word] else "left other")
    return cues


def _right_words(right: str) -> list[str]:
    words = right.split()[:5]
    cues = []
    for distance, word in enumerate(words):
        plain = word.strip(_TRIM)
        where = "right1" if distance == 0 else "right2" if distance < 3 else "right"
        cues += [f"{where} {name}" for name in CLASS_OF.get(plain, ())]
        if word[-1] in ".;:":
            break
    if not words or right[0] in ".,;:)":
        cues.append("right stop")
    return cues
