"""Finds what might be a name in a title and an abstract. Whether it is the paper's own, `names` decides."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from itertools import compress, count, repeat
from operator import contains

from broadsheet.enrich.readings.acronyms import long_form_start
from broadsheet.enrich.readings.words import CAPITAL, FUNCTION_WORDS, NAMED, NUMBER, PLAIN, Words, word_set

MOST_CANDIDATES = 100  # of one paper; an abstract has about ten
MOST_MENTIONS = 30  # of one candidate
LONGEST = 100  # characters of a name
MOST_WORDS = 6  # of a name found by its looks
MOST_LINKED = 9  # words of "Beyond the Imitation Game"

OWN_VERBS = word_set(
    "propose proposes proposed introduce introduces introduced introducing present presents presented"
    " presenting develop develops developed developing release releases released releasing build built"
    " construct constructed create created design designed describe describes establish established"
    " curate curated collect collected devise devised contribute unveil offer offers provide provides"
    " provided coin define employ"
)
_NAMING = word_set("called named dubbed termed titled coined denoted dub call term name namely nicknamed")
_BEFORE_AS = word_set("named coined denoted termed to dubbed denote known")  # "referred to as X"
_CUES = OWN_VERBS | _NAMING | {"as"}
_ARTICLES = ("the", "a", "an")
_OPENING = ("'", '"', "`", "“", "‘", "«", "*")
_CLOSING = ("'", '"', "”", "’", "»", "*")
_VERSION = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
_LARGE = re.compile(f"[{CAPITAL}{NAMED}]+")
_CONNECTORS = frozenset(
    ("of", "and", "for", "with", "in", "the", "to", "via", "by", "from", "on", "a", "as", "or")
)
_REPORTS = (["technical", "report"], ["system", "card"], ["model", "card"])  # after the name in a title
_TITLE_ENDS = (":", "?", "!", " - ", " – ", " — ", "--")


@dataclass(slots=True)
class Candidate:
    text: str
    key: str
    in_title: list[tuple[int, int]] = field(default_factory=list)  # words[start:end] of the title
    in_abstract: list[tuple[int, int]] = field(default_factory=list)
    found_by: set[str] = field(default_factory=set)
    long_form: str = ""  # key of what it stands for
    short_form: str = ""
    known: int = 0  # papers that mention it as the work of others


Candidates = dict[str, Candidate]
_Finding = tuple[int, int, str]  # words[start:end], and how they were found


def key_of(name: str) -> str:
    """Names with one key are the same name.

    >>> key_of("Long-CLIP") == key_of("long clip")
    True
    """
    return name.lower().replace("-", " ")


def candidates_of(title: Words, abstract: Words, common: Container[str] = ()) -> Candidates:
    """All that might be a name, by key. A single word whose key is common is none unless the title has it."""
    found: Candidates = {}
    written = " ".join(abstract.lower).replace("-", " ")
    for start, end, how in _in_title(title):
        if how != "title part" or key_of(" ".join(title.lower[start:end])) in written:
            _add(found, title, (start, end), how, in_title=True)
    for start, end, how in _by_looks(abstract, common):
        _add(found, abstract, (start, end), how)
    for start, end, how in _by_cue(abstract):
        if how != "own phrase" or key_of(" ".join(abstract.lower[start:end])) in found:
            _add(found, abstract, (start, end), how)
    _add_expansion(found, title)
    _add_long_forms(found, abstract, in_title=False)
    _add_long_forms(found, title, in_title=True)
    _add_plain_mentions(found, abstract)
    _join_plurals(found)
    return found


def _add(
    found: Candidates, words: Words, place: tuple[int, int], how: str, *, in_title: bool = False
) -> Candidate | None:
    start, end = place
    text = " ".join(words.words[start:end]) if end > start + 1 else words.words[start]
    key = key_of(text)
    candidate = found.get(key)
    if candidate is None:
        if len(found) >= MOST_CANDIDATES or len(text) > LONGEST:
            return None
        candidate = found[key] = Candidate(text, key)
    places = candidate.in_title if in_title else candidate.in_abstract
    if len(places) < MOST_MENTIONS and place not in places:
        places.append(place)
    candidate.found_by.add(how)
    return candidate


def _in_title(title: Words) -> Iterator[_Finding]:
    """The head before a colon, the whole of a short title, what stands between its small words, LoRA."""
    size, gaps = len(title.words), title.gaps
    ends = [place for place in title.marks if place and any(mark in gaps[place] for mark in _TITLE_ENDS)]
    start = 1 if size > 1 and title.lower[0] in ("the", "a", "an", "introducing") else 0
    if size > 2 and title.lower[-2:] in _REPORTS and not ends:
        ends = [size - 2]
        yield start, size - 2, "report"
    if ends and start < ends[0] <= start + MOST_WORDS:
        bracket = next((place for place in range(start + 1, ends[0]) if "(" in title.gaps[place]), ends[0])
        yield from ((begin, end, "head") for begin, end in _joined_parts(title, start, bracket))
    elif not ends and start < size <= start + 5:
        yield start, size, "whole title"
    place = start
    for at in range(start, min(size, 60) + 1):
        if at < size and at not in ends and title.lower[at] not in _CONNECTORS and title.gaps[at] == " ":
            continue
        if place < at <= place + MOST_WORDS - 1:
            yield place, at, "title part"
        place = at + 1 if at < size and title.lower[at] in _CONNECTORS else at
    for place, shape in enumerate(title.shapes):
        if shape == NAMED:
            yield place, place + 1, "title word"


def _joined_parts(title: Words, start: int, end: int) -> list[tuple[int, int]]:
    """Two names of one head: "FernNet and SporeSet: …"; any other head is one part."""
    joint = next((place for place in range(start + 1, end - 1) if title.lower[place] == "and"), 0)
    if joint and NAMED in title.shapes[start:joint] and NAMED in title.shapes[joint:end]:
        return [(start, joint), (joint + 1, end)]
    return [(start, end)]


def _add_expansion(found: Candidates, title: Words) -> None:
    """ "ESRL: Efficient Sampling-based Reinforcement Learning for …" tells what its head stands for."""
    if len(title.words) < 3 or ":" not in title.gaps[1] or title.shapes[0] != NAMED:
        return
    start = 2 if title.lower[1] in _ARTICLES else 1
    if title.lower[start][:1] != title.lower[0][:1]:
        return
    for end in range(start + 2, min(start + MOST_LINKED, len(title.words)) + 1):
        if title.gaps[end - 1] != " ":
            return
        if long_form_start(title, title.words[0], end) == start:
            _add_pair(found, title, (0, 1), (start, end), in_title=True)
            return


def _by_looks(text: Words, common: Container[str]) -> Iterator[_Finding]:
    """Runs of Capital or NaMed words, also without a word that opens a sentence, and NaMed words alone."""
    gaps = text.gaps
    for run in _LARGE.finditer(text.shapes):
        start, last = run.span()
        while start < last:
            end = start + 1
            while end < last and gaps[end] == " ":
                end += 1
            yield from _of_run(text, start, end, common)
            start = end


def _of_run(text: Words, start: int, end: int, common: Container[str]) -> Iterator[_Finding]:
    if _has_version(text, end):
        yield start, end + 1, "with version"
        if end == start + 1:
            return
    if end == start + 1:
        if not _is_common(text, start, common):
            yield start, end, "run"
        return
    if end - start <= MOST_WORDS:
        yield start, end, "run"
    is_rest = text.begins[start] and end - start <= MOST_WORDS + 1
    if is_rest and (end > start + 2 or not _is_common(text, start + 1, common)):
        yield start + 1, end, "run"
    for place in range(start, min(end, start + 2 * MOST_WORDS)):
        if text.shapes[place] == NAMED and not _is_common(text, place, common):
            yield place, place + 1, "in run"


def _is_common(text: Words, place: int, common: Container[str]) -> bool:
    """Whether it is a word that opens a sentence or one that everybody's papers name."""
    if text.shapes[place] == CAPITAL and text.begins[place]:
        return True
    return text.lower[place].replace("-", " ") in common


def _has_version(text: Words, place: int) -> bool:
    is_number = place < len(text.words) and text.shapes[place] == NUMBER and text.gaps[place] == " "
    is_number = is_number and not text.gaps[place + 1].startswith(")")  # "shows that FernNet 1) is small"
    return is_number and _VERSION.fullmatch(text.words[place]) is not None


def _by_cue(text: Words) -> Iterator[_Finding]:
    """Lower-case phrases that are named ("called …", "we propose …,") and whatever stands in quotes."""
    for place in text.marks:
        if text.gaps[place][-1:] in _OPENING:
            end = _closed(text, place)
            if end:
                yield place, end, "quoted"
    for place in compress(count(), map(_CUES.__contains__, text.lower)):
        is_named = names_next(text, place)
        if not is_named and text.lower[place] == "as":
            continue
        start = place + 1
        if is_named and start < len(text.words) and text.lower[start] in _ARTICLES:
            start += 1
        end = _phrase_end(text, start)
        if start + (not is_named) < end <= start + 4:
            yield start, end, "named phrase" if is_named else "own phrase"
        yield from _linked(text, start)


def names_next(text: Words, place: int) -> bool:
    """Whether the word says that a name follows: "called", "refer to as", but not "named entities"."""
    word = text.lower[place]
    if word == "as":
        return place > 0 and text.lower[place - 1] in _BEFORE_AS
    return word in _NAMING and text.lower[place + 1 : place + 2] not in (["entity"], ["entities"])


def _closed(text: Words, start: int) -> int:
    for end in range(start + 1, min(start + MOST_WORDS, len(text.words)) + 1):
        gap = text.gaps[end]
        if gap != " ":
            return end if gap and gap[0] in _CLOSING else 0
    return 0


def _phrase_end(text: Words, start: int) -> int:
    end = start
    while end < len(text.words) and end < start + MOST_WORDS:
        if text.gaps[end] != " " or text.lower[end] in FUNCTION_WORDS:
            break
        end += 1
    return end


def _linked(text: Words, start: int) -> Iterator[_Finding]:
    """Capital words with small ones between them, right after a cue: "we present Beyond the Horizon"."""
    if start < len(text.words) and text.lower[start] in _ARTICLES:
        start += 1
    last, small, has_link = start, 0, False
    for place in range(start, min(start + MOST_LINKED, len(text.words))):
        if place > start and text.gaps[place] != " ":
            break
        if text.shapes[place] in (CAPITAL, NAMED):
            has_link = has_link or small > 0
            last, small = place + 1, 0
        elif text.lower[place] in _CONNECTORS and small < 2 and place > start:
            small += 1
        else:
            break
    if has_link:
        yield start, last, "linked"


def _add_long_forms(found: Candidates, text: Words, *, in_title: bool) -> None:
    """ "Ring Self-Attention (RSA)", "Meta Reinforcement Fine-Tuning, or MRT"."""
    pairs = [(place, place) for place in text.marks if place and text.gaps[place].endswith("(")]
    if "or" in text.lower:
        pairs += [(place + 1, place) for place, word in enumerate(text.lower[:-1]) if word == "or" and place]
    for short, end in pairs:
        if not _is_acronym_place(text, short, end) or text.shapes[short] in (PLAIN, NUMBER):
            continue
        start = long_form_start(text, text.words[short], end)
        if start < end:
            _add_pair(found, text, (short, short + 1), (start, end), in_title=in_title)


def _is_acronym_place(text: Words, short: int, end: int) -> bool:
    if short == end:
        return text.gaps[short + 1].startswith(")")
    return text.gaps[end] == ", " and text.gaps[short] == " "


def _add_pair(
    found: Candidates, text: Words, short: tuple[int, int], long: tuple[int, int], *, in_title: bool
) -> None:
    acronym = _add(found, text, short, "short form", in_title=in_title)
    phrase = _add(found, text, long, "long form", in_title=in_title)
    if acronym and phrase and acronym is not phrase:
        acronym.long_form, phrase.short_form = phrase.key, acronym.key


def _add_plain_mentions(found: Candidates, abstract: Words) -> None:
    """Mentions that are written small or begin a sentence, of what the title or a cue has named."""
    by_first: dict[str, list[tuple[list[str], Candidate]]] = {}
    for candidate in found.values():
        parts = candidate.key.split(" ")
        by_first.setdefault(parts[0], []).append((parts, candidate))
    lower = abstract.lower
    for place in compress(count(), map(by_first.__contains__, lower)):
        for parts, candidate in by_first[lower[place]]:
            _add_plain(candidate, place, place + 1 if len(parts) == 1 else _matches(abstract, place, parts))
    for place in compress(count(), map(contains, lower, repeat("-"))):
        for parts, candidate in by_first.get(lower[place].partition("-")[0], ()):
            _add_plain(candidate, place, _matches(abstract, place, parts))
    for candidate in found.values():
        candidate.in_abstract.sort()


def _add_plain(candidate: Candidate, place: int, end: int) -> None:
    places = candidate.in_abstract
    if end and (place, end) not in places and len(places) < MOST_MENTIONS:
        places.append((place, end))


def _matches(text: Words, place: int, parts: list[str]) -> int:
    if len(parts) > 1 and "-" not in text.lower[place] and text.gaps[place + 1] != " ":
        return 0
    read: list[str] = []
    for end in range(place, min(place + len(parts), len(text.words))):
        if read and text.gaps[end] != " ":
            return 0
        read += text.lower[end].split("-")
        if len(read) >= len(parts):
            return end + 1 if read == parts else 0
    return 0


def _join_plurals(found: Candidates) -> None:
    """One candidate of "MLT" and "MLTs", called as the singular."""
    for key in [key for key in found if found[key].text.endswith("s") and key[:-1] in found]:
        plural, single = found[key], found.get(key[:-1])
        if single is None:  # itself the plural of a third, and gone
            continue
        single.in_title += plural.in_title
        single.in_abstract = sorted({*single.in_abstract, *plural.in_abstract})
        single.found_by |= plural.found_by
        if plural.long_form and not single.long_form:
            single.long_form = plural.long_form
            if plural.long_form in found:
                found[plural.long_form].short_form = single.key
        if key not in (single.long_form, single.short_form):
            del found[key]
