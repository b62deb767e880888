"""What surrounds a figure, as a set of cues: the features that the decision weighs."""

import re

from broadsheet.enrich.readings.claims.figures import Figure
from broadsheet.enrich.readings.claims.words import CLASS_OF

# Beginnings of words. Each pattern begins with a plain space, which the search can skip to.
_STEMS = {
    "own": "(?:we|our|ours|this paper|this work|proposed)\\b",
    "outcome": "(?:result|experiment|evaluat|achiev|outperform|surpass|demonstrat|empirical|improv"
    "|reduc|show|find|found|faster"
    "|exceed|attain|obtain|yield|speed)",
    "made of": "(?:contain|compris|consist|collect|cover|curat|annotat|span|corpus|dataset|benchmark"
    "|releas|includ)",
    "others": "(?:existing|previous|prior|recent|typical|traditional|current|however|often)",
}
_BEGINNINGS = [(name, re.compile(" " + stems)) for name, stems in _STEMS.items()]
_OWN = re.compile(r" (?:we|our|ours|this (?:paper|work)|proposed)\b")
# "compared to 77.0 %", "surpassing ArenaHard's 0.91": a figure of somebody else.
_AGAINST = re.compile(
    r"\b(?:vs\.?|versus|compared (?:to|with)|against|than|surpassing|exceeding|over|beating|whereas"
    r"|while|from)"
    r" {1,2}(?!by\b)(?:[^ ]{1,25} {1,2}){0,7}[(~<>]?$",
)
_STEP = re.compile(
    r"(?<!compared )(?<!relative )\b(?:by|of|to|at least|up to|than|around|about|roughly|nearly|over"
    r"|achieves?|reach\w{0,3}|a|an|and) {1,2}[~<>+(]?$"
)
# Closer still: nothing but a name or an article between.
_RIVAL = re.compile(
    r"(?:\bvs\.?|\bversus|\bcompared (?:to|with)|\bsurpassing|\bthan the|\bas opposed to|\brather than"
    r"|[a-z0-9]'s?) {1,2}(?:(?:the|an?|only|just|about|around|nearly|[a-z0-9.-]{2,20}'s?|previous|prior"
    r"|baseline|best|human|state-of-the-art|sota|average|accuracy|score|f1|of) ){0,3} {0,2}[(~<]?$"
)
_POSSESSIVE = re.compile(r"[A-Za-z0-9]'s? {1,2}[~]?$")
_RELATIVE = re.compile(r"\b(?:which|that|whose) (?:[a-z]{1,12} ){1,3}[~<>]?$")
_SET_UP = re.compile(
    r"\b(?:learning rate|temperature|batch size|resolution|threshold|dropout|weight decay"
    r"|seed)s?\b[^,;]{0,12}$"
)
_CHANCE = re.compile(r"\b[pz](?:-values?)? {0,2}[<=>~]{1,2} {0,2}$")
_VERSUS = re.compile(r"[^.;]{0,25}\b(?:vs|versus|compared (?:to|with)|against|than)\b")
_PORTION = re.compile(
    r" {0,2}(?:of |the |its |all |original |available |downstream |labell?ed |full |model |post-?|pre-?"
    r"|training ){0,6}"
    r"(?:data|labels|parameters|samples|annotations|dataset|weights|neurons|tokens|supervision)\b"
)
# With what must be there at all, which is quicker to look for.
_BEFORE = (
    ("rival", ("vs", "versus", "compared", "surpass", "than ", "opposed", "'"), _RIVAL),
    ("possessive", ("'",), _POSSESSIVE),
    ("relative", ("which ", "that ", "whose "), _RELATIVE),
    ("set up", ("rate", "temp", "batch", "resol", "thresh", "drop", "decay", "seed"), _SET_UP),
    ("chance", ("p ", "z ", "p=", "p<", "z=", "value"), _CHANCE),
    (
        "against",
        ("vs", "versus", "compared", "against", "than", "ing ", "over", "whereas", "while", "from"),
        _AGAINST,
    ),
)
_METRIC_NEAR = frozenset({"left1 metric", "left2 metric", "right1 metric", "right2 metric"})
_TRIM = ".,;:!?()[]\"'~<>+=%"
REACH = 64


def first_own_word(lower: str) -> int:
    """Where the paper first speaks of itself; what stands before is what others did."""
    found = _OWN.search(lower)
    return found.start() if found is not None and not lower.startswith(("we ", "our ", "this ")) else 0


def sentence_cues(lower: str, sentence: tuple[int, int], first_own: int) -> list[str]:
    start, end = sentence
    text = " " + lower[start:end]
    cues = [name for name, pattern in _BEGINNINGS if pattern.search(text)]
    place = start / max(1, len(lower))
    cues.append("early" if place < 0.35 else "middle" if place < 0.7 else "late")
    if end <= first_own:
        cues.append("before own")
    return cues


def figure_cues(view: str, lower: str, figure: Figure, sentence: tuple[int, int]) -> list[str]:
    head = figure.list_head or figure  # what stands before and after a list is said of all in it
    start, stop = head.start, figure.said_from
    first, last = max(sentence[0], start - REACH), min(sentence[1], stop + REACH)
    left, right = lower[first:start], lower[stop:last]
    cues = _shape(figure)
    before, after = _left_words(left, view[first:start]), _right_words(right)
    cues += before + after
    if figure.kind == "bare" and not _METRIC_NEAR.isdisjoint(before + after):
        cues.append("score decimal" if figure.is_decimal else "score whole")
    cues += _around(left, right)
    if left.rstrip(" ~<>").endswith("(") or right.lstrip().startswith(")"):
        cues.append("bracket")
    return cues


def _around(left: str, right: str) -> list[str]:
    cues = []
    for name, hints, pattern in _BEFORE:
        if _any_in(hints, left) and pattern.search(left):
            cues.append(name)
    if "against" in cues and _STEP.search(left):
        cues.remove("against")
    if _PORTION.match(right):
        cues.append("portion")
    if _VERSUS.match(right):
        cues.append("versus")
    return cues


def _any_in(hints: tuple[str, ...], text: str) -> bool:
    for hint in hints:  # noqa: SIM110 - any() with a generator takes twice as long, and this is most of the time
        if hint in text:
            return True
    return False


def _shape(figure: Figure) -> list[str]:
    kind = figure.kind
    cues = [f"kind {kind}"]
    if figure.is_phrase:
        cues.append("phrase")
    elif figure.is_word:
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
    words = left.split()[-3:]
    cues: list[str] = []
    for where, word in zip(_LEFT, reversed(words), strict=False):
        cues += where.get(word) or where.get(_plain(word), ())
    if words:
        last = _plain(words[-1])
        is_name = as_written.rsplit(maxsplit=1)[-1] != words[-1]
        cues.append(f"left= {last}" if last in CLASS_OF else "left name" if is_name else "left other")
    return cues


def _right_words(right: str) -> list[str]:
    words = right.split()[:3]
    cues: list[str] = []
    for where, word in zip(_RIGHT, words, strict=False):
        cues += where.get(word) or where.get(_plain(word), ())
        if word[-1] in ".;:":
            break
    if not words or right[0] in ".,;:)":
        cues.append("right stop")
    return cues


def _plain(word: str) -> str:
    """Without what is stuck to it: "(nDCG@10," is "ndcg"."""
    return word.strip(_TRIM).partition("@")[0]


def _cues_at(where: str) -> dict[str, tuple[str, ...]]:
    """The cues of each word that stands there, made once."""
    return {
        word: tuple(f"{where} {name}" for name in names if name != "plain")
        for word, names in CLASS_OF.items()
    }


_LEFT1, _LEFT2, _RIGHT1, _RIGHT2 = map(_cues_at, ("left1", "left2", "right1", "right2"))
_LEFT = (_LEFT1, _LEFT2, _LEFT2)
_RIGHT = (_RIGHT1, _RIGHT2, _RIGHT2)
