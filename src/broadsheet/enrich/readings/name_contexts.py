"""Says what stands around a mention of a name: the words that tell one's own work from that of others."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from broadsheet.enrich.readings.name_candidates import OWN_VERBS, names_next
from broadsheet.enrich.readings.words import NAMED, Words, word_set

FAR = 12  # words of its sentence that are read before a mention
_SUBJECTS = word_set("we paper work study article to and then also further report authors here thus")
_MARKS = {"": "_", "(": "(", ")": ")", ",": ",", ":": ":", ";": ";", "-": "-", "–": "-", "—": "-", "/": "/"}
BEFORE = "b "  # begins the cue that is a word before the mention


def context_of(start: int, end: int, text: Words) -> list[str]:
    """Features of the mention words[start:end], none of which looks at the name itself."""
    cues, first = _near(start, end, text)
    return cues + [BEFORE + word for word in text.lower[first:start]]


@dataclass(frozen=True, slots=True)
class Contexts:
    """Weights of these features; those of the words before are kept apart, to be found without joining."""

    constant: float
    near: Mapping[str, float]
    before: Mapping[str, float]

    def weigh(self, start: int, end: int, text: Words) -> float:
        """How much the mention reads like one's own work: log odds."""
        cues, first = _near(start, end, text)
        near, before = self.near.get, self.before.get
        odds = self.constant + sum([near(cue, 0.0) for cue in cues])
        return odds + sum([before(word, 0.0) for word in text.lower[first:start]])


def contexts_by(weights: Mapping[str, float]) -> Contexts:
    size = len(BEFORE)
    before = {cue[size:]: weight for cue, weight in weights.items() if cue.startswith(BEFORE)}
    return Contexts(weights[""], weights, before)


def _near(start: int, end: int, text: Words) -> tuple[list[str], int]:
    """The cues next to a mention, and where the words before it begin that count."""
    lower, gaps, begins = text.lower, text.gaps, text.begins
    is_last = end == len(lower) or begins[end]
    right = "." if is_last else "_" if gaps[end] == " " else _mark(gaps[end], 0)
    cues = ["r" + right]
    if not is_last:
        follows = f"{right} {lower[end]}"
        cues.append("r" + follows)
        if end + 1 < len(lower):
            cues.append(f"r{follows} {lower[end + 1]}")
    if begins[start]:
        cues.append("l.")
        if not is_last:
            cues.append("s" + follows)
        return cues, start
    left = "_" if gaps[start] == " " else _mark(gaps[start], -1)
    cues += ("l" + left, f"l{left} {lower[start - 1]}")
    if not begins[start - 1]:
        cues.append(f"l {lower[start - 2]} {lower[start - 1]}")
    first = text.starts[bisect_left(text.starts, start) - 1]
    if first >= start - FAR:
        cues.append("first " + lower[first])
    first = max(first, start - FAR)
    _add_verbs(cues, first, start, text)
    return cues, first


def _mark(gap: str, place: int) -> str:
    """The sign in a gap that is next to the mention; quotes and the like are all one."""
    return _MARKS.get(gap.strip()[place:][:1], '"')


def _add_verbs(cues: list[str], first: int, start: int, text: Words) -> None:
    """How a verb of one's own, and one that names, stand to the mention."""
    lower = text.lower
    if not OWN_VERBS.isdisjoint(lower[first:start]):
        place = next(place for place in range(start - 1, first - 1, -1) if lower[place] in OWN_VERBS)
        ours = "we" if place and lower[place - 1] in _SUBJECTS else "one"
        names = text.shapes.count(NAMED, place + 1, start)
        cues.append(f"{ours} own {min(start - place, 6) // 2} after {min(names, 2)}")
    for place in range(max(first, start - 2), start):
        if names_next(text, place):
            cues.append(f"named {start - place}")
