"""Says what stands around a mention of a name: the words that tell one's own work from that of others."""

from broadsheet.enrich.readings.name_candidates import OWN_VERBS, names_next
from broadsheet.enrich.readings.words import NAMED, Words, word_set

FAR = 12  # words of its sentence that are read before a mention
_SUBJECTS = word_set("we paper work study article to and then also further report authors here thus")
_MARKS = {"": "_", "(": "(", ")": ")", ",": ",", ":": ":", ";": ";", "-": "-", "–": "-", "—": "-", "/": "/"}


def context_of(start: int, end: int, text: Words) -> list[str]:
    """Features of the mention words[start:end], none of which looks at the name itself."""
    lower, gaps = text.lower, text.gaps
    is_last = end == len(lower) or text.begins[end]
    right = "." if is_last else _mark(gaps[end], 0)
    cues = ["r" + right]
    if not is_last:
        cues.append(f"r{right} {lower[end]}")
        if end + 1 < len(lower):
            cues.append(f"r{right} {lower[end]} {lower[end + 1]}")
    if text.begins[start]:
        cues.append("l.")
        if not is_last:
            cues.append(f"s{right} {lower[end]}")
        return cues
    left = _mark(gaps[start], -1)
    cues += ("l" + left, f"l{left} {lower[start - 1]}")
    if not text.begins[start - 1]:
        cues.append(f"l {lower[start - 2]} {lower[start - 1]}")
    return cues + _before(start, text)


def _mark(gap: str, place: int) -> str:
    """The sign in a gap that is next to the mention; quotes and the like are all one."""
    return "_" if gap == " " else _MARKS.get(gap.strip()[place:][:1], '"')


def _before(start: int, text: Words) -> list[str]:
    """The words of the sentence before the mention, and how a verb of one's own stands to it."""
    names, has_verb, lower, cues = 0, False, text.lower, []
    for place in range(start - 1, max(-1, start - 1 - FAR), -1):
        word = lower[place]
        if not has_verb and word in OWN_VERBS:
            has_verb = True
            ours = "we" if place and lower[place - 1] in _SUBJECTS else "one"
            cues.append(f"{ours} own {min(start - place, 6) // 2} after {min(names, 2)}")
        if start - place <= 2 and names_next(text, place):
            cues.append(f"named {start - place}")
        cues.append("b " + word)
        names += text.shapes[place] == NAMED
        if text.begins[place]:
            cues.append("first " + word)
            break
    return cues
