"""Says in plain features what speaks for a candidate to be the paper's own name, and what against it."""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from broadsheet.enrich.readings.name_candidates import Candidate, Candidates
from broadsheet.enrich.readings.name_contexts import Contexts
from broadsheet.enrich.readings.words import CAPITAL, NAMED, NUMBER, Words, word_set

MOST_READ = 5  # mentions of one candidate
COMMON = 40  # papers; a name that as many mention is theirs, unless it is in the title
HOPELESS, LIKELY = -2.0, 1.5  # strengths below which nothing is a name, and above which one surely is
FAR = 25  # words back to the beginning of a sentence
_NOUNS = word_set(
    "dataset benchmark model models framework method approach algorithm system tool suite corpus metric"
    " metrics architecture strategy technique paradigm pipeline library toolkit family module mechanism"
    " loss network agent datasets methods evaluation platform scheme codebase variant variants subsets"
    " benchmarks tasks task"
)
_SMALL = word_set("a an the of in on to for with and or as is are it at by from your you we not")
_ODD_FIRST = re.compile(  # heads of titles that name no work: "Towards …", "How to …", "Scaling …"
    r"(?:towards?|beyond|from|how|why|what|when|where|which|is|are|do|does|can|on|in|to|the|\w+ing|a|an|not|one|all|no)"
)
_VERSION = re.compile(r"[-\s]?v?\d")
_DIGIT = re.compile(r"\d")
_AFTER = {left: "after " + left for left in ("our", "proposed", "the", "novel", "new")}
_WORDS = [f"words {number}" for number in range(6)]
_LENGTH = [f"length {number}" for number in range(7)]
_PLACE = [f"place {number}" for number in range(5)]
_TITLE_LEFT = word_set("via with by through using introducing for of in on and from")
_ENDINGS = (
    "bench",
    "eval",
    "net",
    "former",
    "gpt",
    "llm",
    "llms",
    "lm",
    "qa",
    "coder",
    "score",
    "gym",
    "rag",
)

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class View:
    """All that one candidate is compared with."""

    title: Words
    abstract: Words
    candidates: Candidates
    contexts: Mapping[str, list[float]]  # how much each mention reads like one's own work; by key
    known: Callable[[str], int]  # how many papers mention that key as work of others
    anchor: Candidate | None  # the likeliest name of all


def view_of(
    title: Words, abstract: Words, found: Candidates, weights: Contexts, known: Callable[[str], int]
) -> View:
    contexts: dict[str, list[float]] = {}
    kept: Candidates = {}
    best, anchor = LIKELY, None
    for key, candidate in found.items():
        count = candidate.known = known(key)
        if count >= COMMON and not (candidate.in_title or candidate.long_form):
            continue
        read = candidate.in_abstract[:MOST_READ]
        odds = contexts[key] = [weights.weigh(start, end, abstract) for start, end in read]
        strength = _strength(candidate, odds, count)
        if strength > HOPELESS or candidate.long_form:
            kept[key] = candidate
            if strength > best:
                best, anchor = strength, candidate
    return View(title, abstract, kept, contexts, known, anchor)


def _strength(candidate: Candidate, contexts: list[float], known: int) -> float:
    strength = 0.0
    if "head" in candidate.found_by:
        strength += 5 if contexts else 3
    if contexts:
        strength += max(-3, min(5, contexts[0])) / 2 + max(-3, min(5, max(contexts))) / 4
    if candidate.text.islower():
        strength -= 3
    return strength - math.log1p(known) / 1.5


def features_of(candidate: Candidate, view: View) -> Features:
    flags, values = told_of(candidate, view)
    return dict.fromkeys(flags, 1.0) | values


def told_of(candidate: Candidate, view: View) -> tuple[set[str], Features]:
    """What a candidate has or has not, which the parts may say twice, and what has a value."""
    shape = look_of(candidate.text)
    flags = ["by " + how for how in candidate.found_by]
    values = _contexts(candidate, shape, view, flags)
    _rarity(candidate, shape, view, flags, values)
    _looks(candidate.text, flags)
    _in_title(candidate, shape, view, flags)
    _neighbours(candidate, view, flags)
    _anchored(candidate, shape, view, flags)
    _paired(candidate, shape, view, flags, values)
    _nested(candidate, view, flags)
    return set(flags), values


def look_of(text: str) -> str:
    """
    >>> [look_of(name) for name in ("LoRA", "GLUE", "SMPs", "Titans", "Ring Self-Attention", "task hinting")]
    ['camel', 'all caps', 'caps plural', 'capital', 'multi title', 'multi lower']
    """
    words = text.split(" ")
    if len(words) > 1:
        return "multi " + _look_of_many(text, words)
    if text.islower():
        return "lower"
    if all(part[1:] == part[1:].lower() for part in text.split("-")):
        return "hyphen capital" if "-" in text else "capital"
    letters = [sign for sign in text if sign.isalpha()]
    if all(sign.isupper() for sign in letters):
        return "all caps"
    return "caps plural" if text[-1] == "s" and all(sign.isupper() for sign in letters[:-1]) else "camel"


def _look_of_many(text: str, words: list[str]) -> str:
    if text.islower():
        return "lower"
    if any("-" not in word and not word.isdigit() and word[1:] != word[1:].lower() for word in words):
        return "camel"
    return "title" if all(word[:1].isupper() or word[:1].isdigit() for word in words) else "mixed"


def _looks(text: str, flags: list[str]) -> None:
    count = text.count(" ") + 1
    flags.append(_WORDS[min(count, 5)])
    if count > 1:
        return
    flags.append(_LENGTH[min(len(text), 12) // 2])
    lower = text.lower()
    if lower.endswith(_ENDINGS):
        flags += ["ends " + ending for ending in _ENDINGS if lower.endswith(ending)]
    if "-" in text:
        flags.append("hyphen")
    if not text.isalpha() and any(sign.isdigit() for sign in text):
        flags.append("digit")


def _squashed(value: float) -> float:
    return max(-4.0, min(4.0, value)) / 2


def _level(contexts: list[float]) -> str:
    if not contexts:
        return "none"
    most = max(contexts)
    return "neg" if most < -2 else "low" if most < 0 else "mid" if most < 2 else "high"


def _contexts(candidate: Candidate, shape: str, view: View, flags: list[str]) -> Features:
    contexts = view.contexts[candidate.key]
    flags += _cell(shape, _rarity_level(candidate.known), _level(contexts))
    if not contexts:
        return {}
    first, most, count = contexts[0], _squashed(max(contexts)), math.log(len(contexts))
    place = candidate.in_abstract[0][0] / len(view.abstract.words)
    flags += ("once" if len(contexts) == 1 else "again", _PLACE[int(place * 4)])
    return {
        "context first": _squashed(first),
        "context first above 0": _squashed(max(0.0, first)),
        "context most": most,
        "context mean": _squashed(sum(contexts) / len(contexts)),
        "context most " + shape: most,
        "mentions": count,
        "mentions " + shape: count,
        "place": place,
    }


@cache
def _cell(shape: str, known: int, level: str) -> tuple[str, ...]:
    """All that is said of a look, how many know the name, and what stands around it."""
    look = "multi" if shape.startswith("multi ") else shape
    flags = ["shape " + shape, f"known {known}", f"known {known} {shape}"]
    flags += [f"cell {known} {level}", f"cell {look} {known} {level}"]
    if level == "none":
        return (*flags, "not in abstract", "not in abstract " + shape)
    return (*flags, f"context {level}", f"cell {shape} {level}")


def _rarity(candidate: Candidate, shape: str, view: View, flags: list[str], values: Features) -> None:
    key = candidate.key
    if candidate.known:
        values["known log"] = values["known log " + shape] = math.log(candidate.known) / 2
    if _DIGIT.search(key):
        family = _VERSION.split(key, maxsplit=1)[0]
        if len(family) > 1 and view.known(family):
            values["family known"] = math.log1p(view.known(family)) / 2
    if " " in candidate.text:
        words = key.split(" ")
        values["parts known"] = sum([view.known(word) > 0 for word in words]) / len(words)


def _rarity_level(known: int) -> int:
    return next(level for level in (20, 6, 3, 2, 1, 0) if known >= level) if known else 0


def _in_title(candidate: Candidate, shape: str, view: View, flags: list[str]) -> None:
    lower = view.title.lower
    for start, end in candidate.in_title:
        flags.append("in title")
        if start and lower[start - 1] in _TITLE_LEFT:
            flags.append("title after " + lower[start - 1])
        if end == len(lower):
            flags.append("title last")
    how = "head" if "head" in candidate.found_by else "whole" if "whole title" in candidate.found_by else ""
    if not how:
        return
    where = "in" if candidate.in_abstract else "not in"
    words = candidate.text.lower().split(" ")
    is_odd = len(words) > 1 and _ODD_FIRST.fullmatch(words[0]) is not None
    has_small = not _SMALL.isdisjoint(words)
    flags += (f"{how} {shape}", f"{how} {where} abstract", f"{how} words {min(len(words), 5)}")
    if is_odd or has_small:
        flags += [*["head odd"] * is_odd, *["head small"] * has_small]
    elif len(words) > 1:
        flags.append(f"{how} clean {where} abstract")


def _neighbours(candidate: Candidate, view: View, flags: list[str]) -> None:
    text = view.abstract
    lower, gaps, shapes = text.lower, text.gaps, text.shapes
    for start, end in candidate.in_abstract[:MOST_READ]:
        if start and gaps[start] == " ":
            left = lower[start - 1]
            if left in _NOUNS:
                flags.append("noun before")
            elif left in _AFTER:
                flags.append(_AFTER[left])
            elif shapes[start - 1] in (CAPITAL, NAMED) and not text.begins[start - 1]:
                flags.append("began before")
        if end < len(lower) and gaps[end] == " ":
            if lower[end] in _NOUNS:
                flags.append("noun after")
            elif shapes[end] in (CAPITAL, NAMED, NUMBER):
                flags.append("goes on")
        _listed(start, end, view, flags)


def _listed(start: int, end: int, view: View, flags: list[str]) -> None:
    """What kind of names the mention is listed with: "A, B and C"."""
    text = view.abstract
    lower, gaps, shapes = text.lower, text.gaps, text.shapes
    before = start - 2 if start > 1 and lower[start - 1] in ("and", "or") else start - 1
    is_listed = before < start - 1 or (gaps[start] != " " and gaps[start].strip() in (",", "/"))
    if is_listed and before >= 0 and shapes[before] == NAMED:
        flags.append("listed after " + _whose(lower[before], view))
    after = end + 1 if end < len(lower) and lower[end] in ("and", "or") else end
    is_listed = after > end or (gaps[end] != " " and gaps[end].strip() in (",", "/"))
    if is_listed and after < len(lower) and shapes[after] == NAMED:
        flags.append("listed before " + _whose(lower[after], view))


def _whose(word: str, view: View) -> str:
    key = word.replace("-", " ")
    if view.anchor is not None and key == view.anchor.key:
        return "own"
    return "known" if view.known(key) > 2 else "other"


def _anchored(candidate: Candidate, shape: str, view: View, flags: list[str]) -> None:
    anchor, starts = view.anchor, view.abstract.starts
    if anchor is None:
        return
    if anchor is candidate:
        flags += ("anchor", "anchor " + shape)
        return
    flags.append("has anchor")
    if "head" in anchor.found_by:
        flags += ("has head", "has head " + shape)
    if _begin_alike(anchor.key.replace(" ", ""), candidate.key.replace(" ", "")):
        flags += ("begins as anchor", "begins as anchor " + shape)
    for start, _ in candidate.in_abstract[:MOST_READ]:
        begin = starts[bisect_right(starts, start) - 1]
        begin = begin if begin > start - FAR else 0
        before = next((place for place, _ in anchor.in_abstract if begin <= place), start)
        if before < start:
            flags += ("after anchor", "subject anchor")[: 1 + (before <= begin + 1)]


def _begin_alike(one: str, other: str) -> bool:
    return one[:4] == other[:4] or (len(one) > 1 and other.startswith(one))


def _paired(candidate: Candidate, shape: str, view: View, flags: list[str], values: Features) -> None:
    """How the words look that an acronym stands for, and whether the title has them."""
    if candidate.long_form in view.candidates:
        _add_long(candidate, view.candidates[candidate.long_form], view, flags, values)
    if candidate.short_form in view.candidates:
        short = view.candidates[candidate.short_form]
        case = "lower" if candidate.text.islower() else "upper"
        level = _level(view.contexts[candidate.key])
        flags += ("has short", "has short " + shape, f"long {case} {level}")
        if short.in_title:
            flags.append("short in title")
        if short.known:
            flags += ("short known", f"long {case}, short known")
        if candidate.in_title:
            flags += ("long form in title", "long form in title " + shape)


def _add_long(candidate: Candidate, long: Candidate, view: View, flags: list[str], values: Features) -> None:
    case = "lower" if long.text.islower() else "upper"
    level, contexts = _rarity_level(candidate.known), view.contexts[long.key]
    flags += ("has long", "long " + case, f"short {case} {level}", f"short {case} {_level(contexts)}")
    if contexts:
        values["long context"] = _squashed(contexts[0])
        values["long context most"] = _squashed(max(contexts))
    if long.in_title:
        flags.append("long in title")
    if long.known:
        flags.append("long known")


def _nested(candidate: Candidate, view: View, flags: list[str]) -> None:
    """Whether it stands within a longer candidate, or holds a shorter one."""
    padded, count, is_one = f" {candidate.key} ", len(candidate.in_abstract), " " not in candidate.text
    for key, other in view.candidates.items():
        if other is candidate or (is_one and " " not in key):
            continue
        if padded in f" {key} ":
            flags += ("inside other", "always inside")[: 1 + (count <= len(other.in_abstract))]
        elif not is_one and f" {key} " in padded:
            flags += ("holds other", "holds commoner")[: 1 + (len(other.in_abstract) > count)]
