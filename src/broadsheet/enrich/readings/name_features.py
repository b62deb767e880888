"""Says in plain features what speaks for a candidate to be the paper's own name, and what against it."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from broadsheet.enrich.readings.name_candidates import Candidate, Candidates
from broadsheet.enrich.readings.name_contexts import context_of
from broadsheet.enrich.readings.words import CAPITAL, NAMED, NUMBER, Words, word_set

MOST_READ = 8  # mentions of one candidate
COMMON = 40  # papers; a name that as many mention is theirs, unless it is in the title
HOPELESS, LIKELY = -3.0, 1.5  # strengths below which nothing is a name, and above which one surely is
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
    title: Words,
    abstract: Words,
    found: Candidates,
    weights: Mapping[str, float],
    known: Callable[[str], int],
) -> View:
    worth = {
        key: candidate
        for key, candidate in found.items()
        if candidate.in_title or candidate.long_form or known(key) < COMMON
    }
    contexts = {
        key: [
            weights[""] + sum([weights.get(cue, 0.0) for cue in context_of(start, end, abstract)])
            for start, end in candidate.in_abstract[:MOST_READ]
        ]
        for key, candidate in worth.items()
    }
    strengths = {key: _strength(candidate, contexts[key], known(key)) for key, candidate in worth.items()}
    kept = {key: one for key, one in worth.items() if strengths[key] > HOPELESS or one.long_form}
    best = max(kept, key=strengths.__getitem__, default="")
    anchor = kept[best] if best and strengths[best] > LIKELY else None
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
    shape = look_of(candidate.text)
    features: Features = {"shape " + shape: 1.0}
    for how in candidate.found_by:
        features["by " + how] = 1.0
    for part in (_looks, _contexts, _rarity, _in_title, _neighbours, _anchored, _paired, _nested):
        part(candidate, shape, view, features)
    return features


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


def _flag(features: Features, *names: str) -> None:
    for name in names:
        features[name] = 1.0


def _looks(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    text = candidate.text
    count = text.count(" ") + 1
    _flag(features, f"words {min(count, 5)}")
    if count > 1:
        return
    _flag(features, f"length {min(len(text), 12) // 2}")
    lower = text.lower()
    _flag(features, *("ends " + ending for ending in _ENDINGS if lower.endswith(ending)))
    if "-" in text:
        features["hyphen"] = 1.0
    if not text.isalpha() and any(sign.isdigit() for sign in text):
        features["digit"] = 1.0


def _squashed(value: float) -> float:
    return max(-4.0, min(4.0, value)) / 2


def _level(contexts: list[float]) -> str:
    if not contexts:
        return "none"
    most = max(contexts)
    return "neg" if most < -2 else "low" if most < 0 else "mid" if most < 2 else "high"


def _contexts(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    contexts = view.contexts[candidate.key]
    if not contexts:
        _flag(features, "not in abstract", "not in abstract " + shape)
        return
    most = max(contexts)
    features["context first"] = _squashed(contexts[0])
    features["context first above 0"] = _squashed(max(0.0, contexts[0]))
    features["context most"] = _squashed(most)
    features["context mean"] = _squashed(sum(contexts) / len(contexts))
    features["context most " + shape] = _squashed(most)
    _flag(features, f"context {_level(contexts)}", f"cell {shape} {_level(contexts)}")
    features["mentions"] = math.log(len(contexts))
    features["mentions " + shape] = math.log(len(contexts))
    first = candidate.in_abstract[0][0] / len(view.abstract.words)
    features["place"] = first
    _flag(features, "once" if len(contexts) == 1 else "again", f"place {int(first * 4)}")


def _rarity(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    known = view.known(candidate.key)
    level = _rarity_level(known)
    _flag(features, f"known {level}", f"known {level} {shape}")
    if known:
        features["known log"] = math.log(known) / 2
        features["known log " + shape] = math.log(known) / 2
    cell = f"{level} {_level(view.contexts[candidate.key])}"
    _flag(features, f"cell {cell}", f"cell {'multi' if ' ' in candidate.text else shape} {cell}")
    family = _VERSION.split(candidate.key, maxsplit=1)[0]
    if len(family) > 1 and family != candidate.key and view.known(family):
        features["family known"] = math.log1p(view.known(family)) / 2
    if " " in candidate.text:
        words = candidate.key.split(" ")
        features["parts known"] = sum(view.known(word) > 0 for word in words) / len(words)


def _rarity_level(known: int) -> int:
    return next(level for level in (20, 6, 3, 2, 1, 0) if known >= level)


def _in_title(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    lower = view.title.lower
    for start, end in candidate.in_title:
        features["in title"] = 1.0
        if start and lower[start - 1] in _TITLE_LEFT:
            features["title after " + lower[start - 1]] = 1.0
        if end == len(lower):
            features["title last"] = 1.0
    how = "head" if "head" in candidate.found_by else "whole" if "whole title" in candidate.found_by else ""
    if not how:
        return
    where = "in" if candidate.in_abstract else "not in"
    words = candidate.text.lower().split(" ")
    is_odd = len(words) > 1 and _ODD_FIRST.fullmatch(words[0]) is not None
    has_small = any(word in _SMALL for word in words)
    _flag(features, f"{how} {shape}", f"{how} {where} abstract", f"{how} words {min(len(words), 5)}")
    if is_odd or has_small:
        _flag(features, *["head odd"] * is_odd, *["head small"] * has_small)
    elif len(words) > 1:
        features[f"{how} clean {where} abstract"] = 1.0


def _neighbours(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    text = view.abstract
    for start, end in candidate.in_abstract[:MOST_READ]:
        if start and text.gaps[start] == " ":
            left = text.lower[start - 1]
            if left in _NOUNS:
                features["noun before"] = 1.0
            elif left in ("our", "proposed", "the", "novel", "new"):
                features["after " + left] = 1.0
            elif text.shapes[start - 1] in (CAPITAL, NAMED) and not text.begins[start - 1]:
                features["began before"] = 1.0
        if end < len(text.words) and text.gaps[end] == " ":
            if text.lower[end] in _NOUNS:
                features["noun after"] = 1.0
            elif text.shapes[end] in (CAPITAL, NAMED, NUMBER):
                features["goes on"] = 1.0
        _listed(start, end, view, features)


def _listed(start: int, end: int, view: View, features: Features) -> None:
    """What kind of names the mention is listed with: "A, B and C"."""
    text = view.abstract
    before = start - 2 if start > 1 and text.lower[start - 1] in ("and", "or") else start - 1
    is_listed = before < start - 1 or text.gaps[start].strip() in (",", "/")
    if is_listed and before >= 0 and text.shapes[before] == NAMED:
        features[f"listed after {_whose(text.lower[before], view)}"] = 1.0
    after = end + 1 if text.lower[end : end + 1] in (["and"], ["or"]) else end
    is_listed = after > end or text.gaps[end].strip() in (",", "/")
    if is_listed and after < len(text.words) and text.shapes[after] == NAMED:
        features[f"listed before {_whose(text.lower[after], view)}"] = 1.0


def _whose(word: str, view: View) -> str:
    key = word.replace("-", " ")
    if view.anchor is not None and key == view.anchor.key:
        return "own"
    return "known" if view.known(key) > 2 else "other"


def _anchored(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    anchor, text = view.anchor, view.abstract
    if anchor is None:
        return
    if anchor is candidate:
        _flag(features, "anchor", "anchor " + shape)
        return
    features["has anchor"] = 1.0
    if "head" in anchor.found_by:
        _flag(features, "has head", "has head " + shape)
    if _begin_alike(anchor.key.replace(" ", ""), candidate.key.replace(" ", "")):
        _flag(features, "begins as anchor", "begins as anchor " + shape)
    for start, _ in candidate.in_abstract[:MOST_READ]:
        begin = next((place for place in range(start, max(0, start - FAR), -1) if text.begins[place]), 0)
        before = [place for place, _ in anchor.in_abstract if begin <= place < start]
        if before:
            _flag(features, "after anchor", *["subject anchor"] * (before[0] <= begin + 1))


def _begin_alike(one: str, other: str) -> bool:
    return one[:4] == other[:4] or (len(one) > 1 and other.startswith(one))


def _paired(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    """How the words look that an acronym stands for, and whether the title has them."""
    long, short = view.candidates.get(candidate.long_form), view.candidates.get(candidate.short_form)
    if long is not None:
        case = "lower" if long.text.islower() else "upper"
        level, contexts = _rarity_level(view.known(candidate.key)), view.contexts[long.key]
        _flag(
            features, "has long", "long " + case, f"short {case} {level}", f"short {case} {_level(contexts)}"
        )
        if contexts:
            features["long context"] = _squashed(contexts[0])
            features["long context most"] = _squashed(max(contexts))
        if long.in_title:
            features["long in title"] = 1.0
        if view.known(long.key):
            features["long known"] = 1.0
    if short is not None:
        case = "lower" if candidate.text.islower() else "upper"
        _flag(
            features, "has short", "has short " + shape, f"long {case} {_level(view.contexts[candidate.key])}"
        )
        if short.in_title:
            features["short in title"] = 1.0
        if view.known(short.key):
            _flag(features, "short known", f"long {case}, short known")
        if candidate.in_title:
            _flag(features, "long form in title", "long form in title " + shape)


def _nested(candidate: Candidate, shape: str, view: View, features: Features) -> None:
    """Whether it stands within a longer candidate, or holds a shorter one."""
    padded, count = f" {candidate.key} ", len(candidate.in_abstract)
    for key, other in view.candidates.items():
        if other is candidate:
            continue
        if padded in f" {key} ":
            _flag(features, "inside other", *["always inside"] * (count <= len(other.in_abstract)))
        elif " " in candidate.text and f" {key} " in padded:
            _flag(features, "holds other", *["holds commoner"] * (len(other.in_abstract) > count))
